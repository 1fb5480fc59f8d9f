package evidence

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/pipes"
)

// lookups asks a fake AWS in memory, and writes its log into the buffer. In a bubble of
// testing/synctest, it waits for nothing.
func lookups(t testing.TB, answer http.HandlerFunc) (*Lookups, *bytes.Buffer) {
	t.Helper()
	client := awsapi.NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), answer))
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	log := &bytes.Buffer{}
	return &Lookups{API: awsapi.New(client, "eu-west-1"), Log: slog.New(slog.NewTextHandler(log, nil))}, log
}

// bubble runs a test in which time passes only while everything waits.
func bubble(t *testing.T, name string, f func(*testing.T)) {
	t.Helper()
	t.Run(name, func(t *testing.T) { synctest.Test(t, f) })
}

func answer(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func refusal(code string) string {
	return "<Response><Errors><Error><Code>" + code + "</Code><Message>with a SECRET in it</Message></Error></Errors></Response>"
}

const instance = "i-0123456789abcdef0"

// checkLog wants one line with the code and none of the service's text, or nothing.
func checkLog(t *testing.T, log, code string) {
	t.Helper()
	lines := strings.Count(log, "\n")
	if code == "" && lines != 0 || code != "" && (lines != 1 || !strings.Contains(log, code)) || strings.Contains(log, "SECRET") {
		t.Errorf("logged %q, want one line with %q", log, code)
	}
}

func TestDeploymentProblems(t *testing.T) {
	refusal := func(code string) string { return fmt.Sprintf(`{"__type":%q,"message":"with a SECRET in it"}`, code) }
	tests := []struct {
		name    string
		answer  http.HandlerFunc
		problem string
		logged  string
	}{
		{"gone", answer(400, refusal("DeploymentDoesNotExistException")), "the deployment is no longer known to CodeDeploy", "DeploymentDoesNotExistException"},
		{"denied", answer(400, refusal("AccessDeniedException")), "codedeploy:GetDeployment was denied; the notifier's role has no permission for it", "AccessDeniedException"},
		{"throttled", answer(400, refusal("ThrottlingException")), "CodeDeploy was too busy to answer", "ThrottlingException"},
		{"empty answer", answer(200, ""), "CodeDeploy's answer could not be read", "unreadable"},
		{"empty object", answer(200, "{}"), "CodeDeploy's answer could not be read", "unreadable"},
		{"null", answer(200, `{"deploymentInfo":null}`), "CodeDeploy's answer could not be read", "unreadable"},
		{"array", answer(200, `[1]`), "CodeDeploy's answer could not be read", "unreadable"},
		{"cut off", answer(200, `{"deploymentInfo":{"creator":"us`), "CodeDeploy's answer could not be read", "unreadable"},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			l, log := lookups(t, tt.answer)
			if got := l.deployment(context.Background(), "eu-west-1", "d-1"); got.Known || got.Problem != tt.problem {
				t.Errorf("got %+v; want %q", got, tt.problem)
			}
			checkLog(t, log.String(), tt.logged)
		})
	}
	l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about no deployment") })
	if got := l.deployment(context.Background(), "eu-west-1", ""); got.Problem != "the event names no deployment" {
		t.Errorf("problem is %q", got.Problem)
	}
}

// TestGatherLeavesTheSinkItsTime shows that a silent service costs half of the
// time that is left.
func TestGatherLeavesTheSinkItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		stop := make(chan struct{})
		s := &autoscaling.Termination{InstanceID: instance}
		start := time.Now()
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) { <-stop })
		defer close(stop)
		l.Gather(ctx, &event.Event{Subject: s})
		if took := time.Since(start); s.Instance.Problem != "EC2 did not answer in time" || took != 500*time.Millisecond {
			t.Errorf("problem is %q after %v", s.Instance.Problem, took)
		}
	})
}
