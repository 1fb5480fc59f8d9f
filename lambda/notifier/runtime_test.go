package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// flags are how the notifier is built: without net/rpc, and for size.
var flags = []string{"-trimpath", "-tags", "lambda.norpc,nethttpomithttp2", "-ldflags", "-s -w -buildid="}

// built is where the notifier is as it is bundled, built once for all tests.
var built = sync.OnceValues(func() (path string, err error) {
	if buildDir, err = os.MkdirTemp("", "notifier"); err != nil {
		return "", err
	}
	path = filepath.Join(buildDir, "bootstrap")
	if out, err := goCommand(nil, append(append([]string{"build"}, flags...), "-o", path, ".")...); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return path, nil
})

// buildDir is the directory that built has made; empty if no test needed it.
var buildDir string

func TestMain(m *testing.M) {
	code := m.Run()
	if buildDir != "" {
		_ = os.RemoveAll(buildDir)
	}
	os.Exit(code)
}

// notifier returns the path of the notifier, which it compiles if no test has yet;
// with -short it skips the test instead.
func notifier(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("it compiles the notifier")
	}
	path, err := built()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func goCommand(env []string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", args...)
	cmd.Env = append(append(os.Environ(), "CGO_ENABLED=0"), env...)
	return cmd.CombinedOutput()
}

// answer is what the notifier reported to the runtime API for one invocation.
type answer struct {
	notice.Receipt

	ErrorType    string `json:"errorType"`
	ErrorMessage string `json:"errorMessage"`

	size int // of the answer, in bytes
	peak int // of the process's memory, in kB; 0: not known
	took time.Duration
	log  string
}

// outcome is what became of the first sink, or of the delivery.
func (a answer) outcome() string {
	switch {
	case a.ErrorType != "":
		return a.ErrorType
	case len(a.Orders) == 0:
		return ""
	case a.Orders[0].Skipped != "":
		return "skipped"
	default:
		return string(a.Orders[0].Sinks[0].Outcome)
	}
}

// invoke runs the real binary under a Lambda runtime API, gives it one payload,
// and lets it call aws in place of all AWS services. Its environment is that of a
// function, with env in addition.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func invoke(t *testing.T, payload string, timeout time.Duration, aws http.Handler, env ...string) answer {
	t.Helper()
	binary := notifier(t)
	// The test binary, by which go test caches results, does not link main; looking
	// at the file makes the result depend on it.
	if _, err := os.Stat("main.go"); err != nil {
		t.Fatal(err)
	}
	services := httptest.NewServer(aws)
	defer services.Close()

	const next, invocation = "/2018-06-01/runtime/invocation/next", "/2018-06-01/runtime/invocation/request-1/"
	answers := make(chan []byte, 1)
	var given sync.Once
	var start time.Time
	stop := make(chan struct{})
	runtime := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case next:
			first := false
			given.Do(func() { first = true })
			if !first {
				<-stop // there is no second invocation
				return
			}
			start = time.Now()
			w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request-1")
			w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(start.Add(timeout).UnixMilli()))
			w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:eu-west-1:123456789012:function:notifier")
			_, _ = io.WriteString(w, payload)
		case invocation + "response", invocation + "error":
			body, _ := io.ReadAll(r.Body)
			w.WriteHeader(http.StatusAccepted)
			answers <- body
		default:
			t.Errorf("the notifier called %s %s", r.Method, r.URL)
		}
	}))
	defer runtime.Close()
	defer close(stop)

	cmd := exec.Command(binary)
	cmd.Env = slices.Concat(env, []string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(runtime.URL, "http://"), "AWS_ENDPOINT_URL=" + services.URL, "AWS_REGION=eu-west-1",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=128", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=verysecret", "AWS_SESSION_TOKEN=token",
	})
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var a answer
	select {
	case body := <-answers:
		a.took, a.size = time.Since(start), len(body)
		if err := json.Unmarshal(body, &a); err != nil {
			t.Errorf("%v in %s", err, body)
		}
	case <-time.After(timeout + 5*time.Second):
		t.Error("no answer")
	}
	a.peak = peakOf(cmd.Process.Pid)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	a.log = log.String()
	return a
}

// peakOf is the most memory that a process has had, in kB; 0 where it is not Linux that runs it.
//
// https://man7.org/linux/man-pages/man5/proc_pid_status.5.html
func peakOf(pid int) (kB int) {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	_, _ = fmt.Sscan(after, &kB)
	return kB
}

// services answers for AWS; a service without an answer is one that must not be
// called. Auto Scaling and IAM always may be, and refuse to answer.
type services struct {
	t                                 *testing.T
	ses, sns, ec2, codedeploy, states http.HandlerFunc
}

func (s services) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, answer := "an unknown service", http.HandlerFunc(nil)
	switch authorization := r.Header.Get("Authorization"); {
	case strings.Contains(authorization, "/ses/"):
		name, answer = "ses", s.ses
	case strings.Contains(authorization, "/sns/"):
		name, answer = "sns", s.sns
	case strings.Contains(authorization, "/ec2/"):
		name, answer = "ec2", s.ec2
	case strings.Contains(authorization, "/codedeploy/"):
		name, answer = "codedeploy", s.codedeploy
	case strings.Contains(authorization, "/states/"):
		name, answer = "states", s.states
	case strings.Contains(authorization, "/autoscaling/"), strings.Contains(authorization, "/iam/"):
		answer = reply(http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")
	}
	if answer == nil {
		s.t.Errorf("%s was called: %s %s", name, r.Method, r.URL)
		return
	}
	answer(w, r)
}

func reply(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}
