package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

func TestParseSpan(t *testing.T) {
	now := time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ since, from, to, want string }{
		{"6h", "", "", "2026-11-22T09:00:00Z 2026-11-22T15:00:00Z"},
		{"90m", "", "", "2026-11-22T13:30:00Z 2026-11-22T15:00:00Z"},
		{"2d", "", "", "2026-11-20T15:00:00Z 2026-11-22T15:00:00Z"},
		{"6w", "", "", "2026-10-11T15:00:00Z 2026-11-22T15:00:00Z"},
		{"1.5d", "", "", "2026-11-21T03:00:00Z 2026-11-22T15:00:00Z"},
		{"2h", "", "2026-11-22T12:00Z", "2026-11-22T10:00:00Z 2026-11-22T12:00:00Z"},
		{"6h", "2026-11-22T10:00+01:00", "", "2026-11-22T09:00:00Z 2026-11-22T15:00:00Z"},
		{"6h", "2026-11-22 09:00 UTC", "2026-11-22T10:00:30Z", "2026-11-22T09:00:00Z 2026-11-22T10:00:30Z"},
		{"0h", "", "", "error"},
		{"-6h", "", "", "error"},
		{"6", "", "", "error"},
		{"999999w", "", "", "error"},
		{"NaNd", "", "", "error"},
		{"6h", "2026-11-22T10:00", "", "error"},
		{"6h", "2026-11-22", "", "error"},
		{"6h", "2026-11-23T10:00Z", "", "error"}, // would begin after its end
	} {
		got := "error"
		if s, err := parseSpan(tt.since, tt.from, tt.to, now); err == nil {
			got = s.from.Format(time.RFC3339) + " " + s.to.Format(time.RFC3339)
		}
		if got != tt.want {
			t.Errorf("-since %s -from %s -to %s: %s, want %s", tt.since, tt.from, tt.to, got, tt.want)
		}
	}
}

// recordedTimeline is a timeline of the rows that the collector's test compares with.
func recordedTimeline(t *testing.T) *timeline.Timeline {
	t.Helper()
	raw, err := os.ReadFile("../../lambda/timeline/collect/testdata/rows.json")
	if err != nil {
		t.Fatal(err)
	}
	l := &timeline.Timeline{
		Service: "some-service", Account: "123456789012", Region: "eu-west-1",
		From:  time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC),
		To:    time.Date(2026, 11, 22, 15, 0, 0, 0, time.UTC),
		Asked: []string{"Auto Scaling (1 group)", "CodeDeploy (1 application)"}, NotAsked: []string{"CloudTrail (-who)"},
		Failed: []string{"stopped tasks of main/api: ecs:ListTasks was denied"},
	}
	if err := json.Unmarshal(raw, &l.Rows); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestTimelineText compares what is printed with files: on a wide terminal with colors in another
// zone, on a narrow one, and with many rows that are alike.
func TestTimelineText(t *testing.T) {
	cet := time.FixedZone("CET", 3600)
	crowd := recordedTimeline(t)
	death := crowd.Rows[slices.IndexFunc(crowd.Rows, func(r timeline.Row) bool { return r.IsDeath() })]
	for i := range 40 {
		row := death
		row.Start = row.Start.Add(time.Duration(i) * time.Second)
		row.End, row.Title = row.Start, fmt.Sprintf("ELB health check killed i-%017x in web-production", i)
		crowd.Rows = append(crowd.Rows, row)
	}
	next := death
	next.Start = next.Start.Add(24 * time.Hour)
	next.End = time.Time{}
	crowd.Rows = append(crowd.Rows, next)
	timeline.Sort(crowd.Rows)
	for name, tt := range map[string]struct {
		timelineText
		l *timeline.Timeline
	}{
		"wide.ansi":  {timelineText{columns: 120, color: true, zone: cet}, recordedTimeline(t)},
		"narrow.txt": {timelineText{columns: 50, zone: cet}, recordedTimeline(t)},
		"crowd.txt":  {timelineText{columns: 100, zone: time.UTC}, crowd},
		"empty.txt":  {timelineText{columns: 80, zone: time.UTC}, &timeline.Timeline{From: next.Start, To: next.Start.Add(48 * time.Hour), Account: "1", Region: "eu-west-1"}},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			tt.out = &out
			tt.print(tt.l)
			golden.File(t, "testdata/timeline/"+name, out.String())
			for line := range strings.Lines(out.String()) {
				if n := len([]rune(strings.TrimSpace(withoutColor(line)))); n > tt.columns {
					t.Errorf("a line of %d characters: %s", n, line)
				}
			}
		})
	}
}

func withoutColor(s string) string {
	for {
		before, rest, ok := strings.Cut(s, "\x1b[")
		if !ok {
			return s
		}
		_, after, _ := strings.Cut(rest, "m")
		s = before + after
	}
}

// TestTimelineIsHarmless shows that nothing in AWS's texts gets to the terminal but what can be
// seen.
func TestTimelineIsHarmless(t *testing.T) {
	const hostile = "a\x1b[2J\u202eb\u200b\x07\r\nc"
	l := recordedTimeline(t)
	l.Service, l.Account, l.Alias, l.Region = hostile, hostile, hostile, hostile
	l.Asked, l.NotAsked, l.Failed = []string{hostile}, []string{hostile}, []string{hostile}
	for i := range l.Rows {
		l.Rows[i].Title = hostile
		l.Rows[i].Facts = []notice.Fact{{Label: notice.After, Value: hostile}, {Label: "Made by", Value: hostile}}
		if r := l.Rows[i].Release; r != nil {
			r.Application, r.Version, r.Group = hostile, hostile, hostile
		}
	}
	var out bytes.Buffer
	timelineText{out: &out, columns: 100, zone: time.FixedZone(hostile, 3600)}.print(l)
	for _, r := range out.String() {
		if r != '\n' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
			t.Fatalf("%U gets to the terminal:\n%q", r, out.String())
		}
	}
}

// account serves an account that has one stack with one Eye, and one Auto Scaling group.
func account(t *testing.T) {
	t.Helper()
	const delivery = `{\"watch\":{\"service\":\"some-service\",\"terminations\":{}},\"sinks\":[{\"topic\":{\"arn\":\"x\"}}],\"event\":<aws.events.event.json>}`
	answers := map[string]string{
		"GetCallerIdentity": `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`,
		"ListStackResources": `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>
<member><LogicalResourceId>Rule</LogicalResourceId><PhysicalResourceId>service-Rule-1</PhysicalResourceId><ResourceType>AWS::Events::Rule</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>
</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
		"DescribeRule":              `{"Name":"service-Rule-1","Arn":"arn:x","State":"ENABLED","EventPattern":"{\"source\":[\"aws.autoscaling\"],\"detail\":{\"AutoScalingGroupName\":[\"web-production\"]}}"}`,
		"ListTargetsByRule":         `{"Targets":[{"Id":"T","Arn":"arn:x","InputTransformer":{"InputTemplate":"` + delivery + `"}}]}`,
		"DescribeInstanceRefreshes": `<DescribeInstanceRefreshesResponse><DescribeInstanceRefreshesResult><InstanceRefreshes/></DescribeInstanceRefreshesResult></DescribeInstanceRefreshesResponse>`,
		"DescribeAutoScalingGroups": `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member><AutoScalingGroupName>web-production</AutoScalingGroupName></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`,
		"GetMetricData":             `<GetMetricDataResponse><GetMetricDataResult><MetricDataResults/></GetMetricDataResult></GetMetricDataResponse>`,
		"GetDeployment":             `{"deploymentInfo":{"deploymentId":"d-1","createTime":1795343700,"completeTime":1795344000}}`,
	}
	for operation, file := range map[string]string{
		"DescribeScalingActivities":        "autoscaling.DescribeScalingActivities.xml",
		"DescribeScalingActivities page-2": "autoscaling.DescribeScalingActivities.page-2.xml",
	} {
		raw, err := os.ReadFile(filepath.Join("../../lambda/timeline/collect/testdata/answers", file))
		if err != nil {
			t.Fatal(err)
		}
		answers[operation] = string(raw)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		if r.FormValue("StackName") == "undeployed" {
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id undeployed does not exist</Message></Error></ErrorResponse>`)
			return
		}
		if operation == "" {
			operation = strings.TrimSpace(r.FormValue("Action") + " " + r.FormValue("NextToken"))
		}
		answer, ok := answers[operation]
		if !ok {
			w.WriteHeader(http.StatusForbidden)
			answer = `{"__type":"AccessDeniedException"}`
		}
		_, _ = io.WriteString(w, answer)
	}))
	t.Cleanup(server.Close)
	for name, value := range map[string]string{
		"AWS_ENDPOINT_URL": server.URL, "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "s", "AWS_REGION": "eu-west-1",
		"AWS_PROFILE": "", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent", "AWS_SESSION_TOKEN": "",
	} {
		t.Setenv(name, value)
	}
}

// TestTimelineCommand runs the whole command.
func TestTimelineCommand(t *testing.T) {
	account(t)
	html := filepath.Join(t.TempDir(), "timeline.html")
	window := []string{"-from", "2026-11-22T09:00Z", "-to", "2026-11-22T15:00Z"}
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr []string
	}{
		{"of a stack", append([]string{"-stack", "service", "-html", html}, window...), exitOK,
			[]string{"some-service · 123456789012 eu-west-1 · 2026-11-22 09:00 to 15:00 UTC", "✖ ELB health check killed i-0a0a0a0a0a0a0a0a3 in web-production", "How often: 3rd in 33 minutes", "not asked: CloudTrail (-who)"},
			[]string{"Account 123456789012, eu-west-1", "Read Auto Scaling (1 group)", "Written: " + html}},
		{"of an assembly", append([]string{"-assembly", "internal/rehearse/testdata/app", "-service", "some-service"}, window...), exitOK, []string{"some-service · "}, nil},
		{"of an assembly that is not deployed", append([]string{"-assembly", "testdata/undeployed"}, window...), exitOK,
			[]string{"planned · 123456789012", "i-0a0a0a0a0a0a0a0a3"}, []string{"note: stack undeployed is not deployed in this account and Region: what belongs"}},
		{"as JSON", append([]string{"-auto-scaling-group", "web-production", "-json"}, window...), exitOK, []string{`"kind":"termination"`, `"lane":"instances"`}, nil},
		{"around a death", []string{"-stack", "service", "-around", "i-0a0a0a0a0a0a0a0a2"}, exitOK,
			[]string{"2026-11-22 09:37 to 10:22 UTC", "09:58", "10:07", "10:08"}, nil},
		{"around a deployment", []string{"-stack", "service", "-around", "d-1"}, exitOK, []string{"2026-11-22 10:05 to 10:55 UTC"}, nil},
		{"around a time", []string{"-stack", "service", "-around", "2026-11-22T10:00+00:00"}, exitOK, []string{"2026-11-22 09:30 to 10:15 UTC"}, nil},
		{"around nothing", []string{"-stack", "service", "-around", "i-1"}, exitUsage, nil, []string{"extraeye: -around i-1: no group of the service had it in the last six weeks"}},
		{"partly", append([]string{"-stack", "service", "-alarm", "x"}, window...), exitFailed, []string{"could not be read: history of alarm x: cloudwatch:DescribeAlarmHistory was denied"}, nil},
		{"partly, as JSON", append([]string{"-alarm", "x", "-json"}, window...), exitFailed, nil, []string{"could not be read: history of alarm x"}},
		{"of another service", []string{"-stack", "service", "-service", "other"}, exitUsage, nil, []string{`extraeye: service: there is no service "other"; there is some-service`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := extraeye(t, slices.Concat([]string{"timeline"}, tt.args)...)
			if code != tt.code {
				t.Errorf("exit %d, want %d", code, tt.code)
			}
			for _, want := range tt.stdout {
				if !strings.Contains(stdout, want) {
					t.Errorf("stdout lacks %q", want)
				}
			}
			for _, want := range tt.stderr {
				if !strings.Contains(stderr, want) {
					t.Errorf("stderr lacks %q", want)
				}
			}
			if slices.Contains(tt.args, "-json") {
				for line := range strings.Lines(stdout) {
					var row timeline.Row
					if err := json.Unmarshal([]byte(line), &row); err != nil || row.Title == "" {
						t.Errorf("a line is not a row: %v: %s", err, line)
					}
				}
			}
			if t.Failed() {
				t.Logf("stdout:\n%s\nstderr:\n%s", stdout, stderr)
			}
		})
	}
	if written, err := os.ReadFile(html); err != nil || !bytes.Contains(written, []byte("i-0a0a0a0a0a0a0a0a3")) {
		t.Errorf("the page: %v", err)
	}
}

func TestTimelineWithoutCredentials(t *testing.T) {
	account(t)
	t.Setenv("AWS_ACCESS_KEY_ID", "")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	code, _, stderr := extraeye(t, "timeline", "-stack", "service")
	if code != exitUsage || !strings.Contains(stderr, "extraeye: no AWS credentials: ") || !strings.Contains(stderr, `run "aws sso login" or set AWS_PROFILE`) {
		t.Errorf("exit %d: %s", code, stderr)
	}
}
