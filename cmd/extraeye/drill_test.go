package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/drill"
)

// drilled serves an account with a stack of one rule, and returns what is put on the bus.
func drilled(t *testing.T, sources, result string) *[]string {
	t.Helper()
	var put []string
	answers := map[string]string{
		"GetCallerIdentity":  `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
		"ListStackResources": `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries><member><LogicalResourceId>R</LogicalResourceId><PhysicalResourceId>rule</PhysicalResourceId><ResourceType>AWS::Events::Rule</ResourceType></member></StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
		"DescribeRule":       `{"Name":"rule","Arn":"arn:aws:events:eu-west-1:123456789012:rule/rule","State":"ENABLED","EventPattern":"{\"source\":[` + strings.ReplaceAll(sources, `"`, `\"`) + `],\"detail-type\":[\"EC2 Instance-launch Lifecycle Action\"],\"detail\":{\"AutoScalingGroupName\":[\"web\"]}}"}`,
		"ListTargetsByRule":  `{"Targets":[{"Id":"T","Arn":"arn:x","InputTransformer":{"InputTemplate":"{\"watch\":{\"service\":\"shop\",\"lifecycle\":{\"afterSeconds\":300}},\"sinks\":[{\"slack\":{\"channel\":\"#ops\"}}],\"event\":<aws.events.event.json>}"}}]}`,
		"PutEvents":          result,
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if operation == "" {
			operation, _, _ = strings.Cut(strings.TrimPrefix(string(body), "Action="), "&")
		}
		if operation == "PutEvents" {
			put = append(put, string(body))
		}
		_, _ = io.WriteString(w, answers[operation])
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1",
		"AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
	return &put
}

func TestDrill(t *testing.T) {
	const (
		takes    = `"aws.autoscaling","extraeye.drill"`
		accepted = `{"FailedEntryCount":0,"Entries":[{"EventId":"e-1"}]}`
		refused  = `{"FailedEntryCount":1,"Entries":[{"ErrorCode":"NotAuthorized\u001b[2J","ErrorMessage":"no"}]}`
	)
	for _, tt := range []struct {
		name, sources, result string
		args                  []string
		code, put             int
		stdout, stderr        string
	}{
		{"accepted", takes, accepted, nil, exitOK, 1, " as event e-1, to slack, in 5m0s\n", ""},
		{"refused", takes, refused, nil, exitFailed, 1, `lifecycle: not sent: NotAuthorized\u001b[2J: no` + "\n", ""},
		{"as JSON", takes, accepted, []string{"-json"}, exitOK, 1, `"watch":"lifecycle"`, ""},
		{"of no fleet", takes, accepted, []string{"-team", "search"}, exitUsage, 0, "", "stack service: there is no watch of a Fleet that is asked for"},
		{"two teams", takes, accepted, []string{"-team", "search", "-about", "cart"}, exitUsage, 0, "", "-team and -about exclude each other"},
		{"not asked for", takes, accepted, []string{"-sink", "email"}, exitUsage, 0, "", "stack service: there is no watch and sink that is asked for"},
		{"not taken", `"aws.autoscaling"`, accepted, nil, exitUsage, 0, "", "stack service: no rule takes drills"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			put := drilled(t, tt.sources, tt.result)
			code, stdout, stderr := extraeye(t, append([]string{"drill", "-stack", "service"}, tt.args...)...)
			if code != tt.code || len(*put) != tt.put || !strings.Contains(stdout, tt.stdout) || !strings.Contains(stderr, tt.stderr) {
				t.Errorf("exit %d, want %d; %d requests\n%s\n%s", code, tt.code, len(*put), stdout, stderr)
			}
			if tt.name == "as JSON" {
				var e drill.Event
				if err := json.Unmarshal([]byte(stdout), &e); err != nil || e.ID != "e-1" || e.AfterSeconds != 300 {
					t.Errorf("%v: %+v", err, e)
				}
			}
			for _, body := range *put {
				if !strings.Contains(body, `"Source":"extraeye.drill"`) || !strings.Contains(body, `\"extraeyeDrill\":{\"source\":\"aws.autoscaling\",\"service\":\"shop\",\"watches\":[\"lifecycle\"]}`) {
					t.Errorf("put %s", body)
				}
			}
		})
	}
}
