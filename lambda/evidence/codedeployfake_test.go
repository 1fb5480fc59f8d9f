package evidence

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// fakeService is a fake of an AWS JSON service: it answers by operation, and remembers
// what was asked.
type fakeService struct {
	answers map[string]func(in map[string]any) string
	mu      sync.Mutex
	asked   map[string][]string // targets and bodies, by operation
}

func (s *fakeService) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	target := r.Header.Get("X-Amz-Target")
	_, operation, _ := strings.Cut(target, ".")
	s.mu.Lock()
	if s.asked == nil {
		s.asked = map[string][]string{}
	}
	s.asked[operation] = append(s.asked[operation], target+" "+string(body))
	s.mu.Unlock()
	var in map[string]any
	_ = json.Unmarshal(body, &in)
	answer := `{"__type":"ThrottlingException"}`
	if f := s.answers[operation]; f != nil {
		answer = f(in)
	}
	if strings.Contains(answer, "__type") {
		w.WriteHeader(http.StatusBadRequest)
	}
	_, _ = io.WriteString(w, answer)
}

// RoundTrip makes it a transport of the SDK.
func (s *fakeService) RoundTrip(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	res := w.Result()
	res.Request = r
	return res, nil
}

// askBoth asks our client and the SDK's the same, and compares every request.
func askBoth(t *testing.T, answers map[string]func(map[string]any) string, ours func(*Lookups), sdk func(aws.Config) error) {
	t.Helper()
	us, them := &fakeService{answers: answers}, &fakeService{answers: answers}
	l, _ := lookups(t, us.ServeHTTP)
	ours(l)
	err := sdk(aws.Config{
		Region:     "eu-west-1",
		HTTPClient: &http.Client{Transport: them},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(us.asked) == 0 || len(us.asked) != len(them.asked) {
		t.Errorf("asked %v, the SDK %v", us.asked, them.asked)
	}
	for operation, want := range them.asked {
		got := us.asked[operation]
		if len(got) != 1 || !reflect.DeepEqual(parts(got[0]), parts(want[0])) {
			t.Errorf("%s: asked %v, the SDK %v", operation, got, want)
		}
	}
}

// parts are a request's target and its body, whatever the order of its members.
func parts(asked string) [2]any {
	target, body, _ := strings.Cut(asked, " ")
	var in any
	decoder := json.NewDecoder(bytes.NewBufferString(body))
	_ = decoder.Decode(&in)
	return [2]any{target, in}
}

// always gives the same answer.
func always(answer string) func(map[string]any) string {
	return func(map[string]any) string { return answer }
}

// made is when the deployment that is asked about was made.
var made = time.Date(2026, 6, 30, 20, 0, 0, 0, time.UTC)

// record is CodeDeploy's record of a deployment made some minutes before that one.
func record(id, status, creator string, minutes int) string {
	at := made.Add(-time.Duration(minutes) * time.Minute).Unix()
	return fmt.Sprintf(`{"deploymentId":%q,"status":%q,"creator":%q,"createTime":%d,"completeTime":%d}`, id, status, creator, at, at+60)
}

// records answers BatchGetDeployments, in the wrong order.
func records(all map[string]string) func(map[string]any) string {
	return func(in map[string]any) string {
		var found []string
		ids, _ := in["deploymentIds"].([]any)
		for _, id := range ids {
			if r, ok := all[fmt.Sprint(id)]; ok {
				found = append([]string{r}, found...)
			}
		}
		return `{"deploymentsInfo":[` + strings.Join(found, ",") + `]}`
	}
}

// list answers ListDeployments.
func list(ids []string, next string) func(map[string]any) string {
	text, _ := json.Marshal(map[string]any{"deployments": ids, "nextToken": next})
	return always(string(text))
}

func idsOf(all []codedeploy.DeploymentInfo) string {
	var ids []string
	for _, d := range all {
		ids = append(ids, d.ID)
	}
	return strings.Join(ids, " ")
}
