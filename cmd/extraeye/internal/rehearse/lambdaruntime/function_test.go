package lambdaruntime

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// TestMain makes this binary a Lambda function when it is run as one.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		if strings.HasSuffix(os.Args[0], "broken") {
			fmt.Fprintln(os.Stderr, "no configuration")
			os.Exit(3)
		}
		lambda.Start(function)
	}
	os.Exit(m.Run())
}

func function(ctx context.Context, order string) (any, error) {
	fmt.Fprintln(os.Stderr, "log of", order)
	switch order {
	case "fail":
		return nil, errors.New("no such mailbox")
	case "panic":
		panic("index out of range")
	case "exit":
		os.Exit(7)
	case "sleep":
		time.Sleep(time.Minute)
	case "environment":
		return os.Environ(), nil
	case "context":
		lc, _ := lambdacontext.FromContext(ctx)
		deadline, _ := ctx.Deadline()
		return map[string]any{"arn": lc.InvokedFunctionArn, "id": lc.AwsRequestID, "left": time.Until(deadline).Seconds()}, nil
	}
	return "did " + order, nil
}

// newFunction makes this test binary a function. The name of its executable decides
// whether it starts.
func newFunction(t *testing.T, executable string) *Function {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), executable)
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	f := New(Config{
		Bootstrap: path, Name: "notifier", Region: "eu-central-1", Account: "123456789012", Partition: "aws",
		MemoryMB: 128, Timeout: 2 * time.Second, Endpoint: "http://127.0.0.1:1", Environment: []string{"OWN=1"},
	})
	t.Cleanup(f.Close)
	return f
}

func invoke(t *testing.T, f *Function, order string) Answer {
	t.Helper()
	payload, _ := json.Marshal(order)
	a, err := f.Invoke(t.Context(), payload)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestInvoke(t *testing.T) {
	f := newFunction(t, "bootstrap")
	timeout := f.config.Timeout
	failures := []struct {
		order, kind, message string
		timeout              time.Duration
	}{
		{"fail", "errorString", "no such mailbox", timeout},
		{"panic", "string", "index out of range", timeout},
		{"exit", "Runtime.ExitError", "exit status 7; it wrote: log of exit", timeout},
		{"sleep", "Sandbox.Timedout", "did not answer within 200ms", 200 * time.Millisecond},
	}
	for _, c := range failures {
		f.config.Timeout = c.timeout
		a := invoke(t, f, c.order)
		f.config.Timeout = timeout
		if a.Err == nil || a.Err.Type != c.kind || !strings.Contains(a.Err.Message, c.message) {
			t.Errorf("%s: got %v, want %s: %s", c.order, a.Err, c.kind, c.message)
		}
		if a := invoke(t, f, "well"); a.Err != nil || string(a.Response) != `"did well"` {
			t.Errorf("after %s: got %s, %v", c.order, a.Response, a.Err)
		}
	}
}

func TestFunctionSeesLambdasContext(t *testing.T) {
	f := newFunction(t, "bootstrap")
	var got struct {
		ARN, ID string
		Left    float64
	}
	if err := json.Unmarshal(invoke(t, f, "context").Response, &got); err != nil {
		t.Fatal(err)
	}
	if got.ARN != "arn:aws:lambda:eu-central-1:123456789012:function:notifier" || len(got.ID) != 36 {
		t.Errorf("got %+v", got)
	}
	if got.Left < 1 || got.Left > 2 {
		t.Errorf("%v seconds are left, want nearly 2", got.Left)
	}
}

func TestFunctionSeesNothingOfThisMachine(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIAMINE")
	t.Setenv("AWS_PROFILE", "mine")
	t.Setenv("HTTPS_PROXY", "http://proxy.example.com")
	response := string(invoke(t, newFunction(t, "bootstrap"), "environment").Response)
	for _, own := range []string{"AKIAMINE", "AWS_PROFILE", "HTTPS_PROXY", "HOME=", "PATH="} {
		if strings.Contains(response, own) {
			t.Errorf("the function sees %s in %s", own, response)
		}
	}
	for _, given := range []string{"AWS_ENDPOINT_URL=http://127.0.0.1:1", "OWN=1"} {
		if !strings.Contains(response, given) {
			t.Errorf("no %s in %s", given, response)
		}
	}
}

func TestInvokeReportsAFunctionThatDoesNotStart(t *testing.T) {
	f := newFunction(t, "broken")
	for range 2 {
		a := invoke(t, f, "well")
		if a.Err == nil || !strings.Contains(a.Err.Message, "exit status 3; it wrote: no configuration") {
			t.Errorf("got %v", a.Err)
		}
	}
	missing := New(Config{Bootstrap: filepath.Join(t.TempDir(), "bootstrap")})
	if _, err := missing.Invoke(t.Context(), []byte("{}")); err == nil {
		t.Error("no error for an executable that is not there")
	}
}

func TestInvokeEndsWithItsContext(t *testing.T) {
	f := newFunction(t, "bootstrap")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	a, err := f.Invoke(ctx, []byte(`"sleep"`))
	if err != nil || a.Err == nil || !strings.Contains(a.Err.Message, "context deadline exceeded") {
		t.Errorf("got %+v, %v", a, err)
	}
}
