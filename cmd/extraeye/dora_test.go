package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/dora"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// releasing serves an account with a stack that watches the deployments of two services, each of
// which had some. The shapes of the answers are those of CodeDeploy's documentation.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_BatchGetDeployments.html
func releasing(t *testing.T) {
	t.Helper()
	ago := func(minutes int) string {
		return fmt.Sprint(time.Now().Add(-time.Duration(minutes) * time.Minute).Unix())
	}
	deployment := func(id, application, status, creator string, start, end int) string {
		return `{"deploymentId":"` + id + `","applicationName":"` + application + `","deploymentGroupName":"production","status":"` + status +
			`","creator":"` + creator + `","createTime":` + ago(start) + `,"completeTime":` + ago(end) + `}`
	}
	all := map[string]string{
		"d-1": deployment("d-1", "cart", "Succeeded", "user", 900, 890),
		"d-2": deployment("d-2", "cart", "Failed", "user", 500, 490),
		"d-3": deployment("d-3", "cart", "Succeeded", "codeDeployRollback", 490, 475),
		"d-4": deployment("d-4", "cart", "Succeeded", "autoscaling", 400, 399),
		"d-5": deployment("d-5", "shop", "Succeeded", "user", 300, 290),
	}
	rule := func(n string) string {
		return `<member><LogicalResourceId>Rule` + n + `</LogicalResourceId><PhysicalResourceId>` + n + `</PhysicalResourceId><ResourceType>AWS::Events::Rule</ResourceType></member>`
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		var in struct {
			Name, Rule  string
			Application string   `json:"applicationName"`
			IDs         []string `json:"deploymentIds"`
		}
		_ = json.Unmarshal(body, &in)
		answer := `{"__type":"AccessDeniedException"}`
		switch {
		case bytes.Contains(body, []byte("GetCallerIdentity")):
			answer = `<GetCallerIdentityResponse><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
		case bytes.Contains(body, []byte("ListStackResources")):
			answer = `<ListStackResourcesResponse><ListStackResourcesResult><StackResourceSummaries>` + rule("cart") + rule("shop") + `</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`
		case operation == "DescribeRule":
			answer = `{"Name":"x","Arn":"arn:x","State":"ENABLED","EventPattern":"{\"source\":[\"aws.codedeploy\"],\"detail\":{\"application\":[\"` + in.Name + `\"],\"deploymentGroup\":[\"production\"]}}"}`
		case operation == "ListTargetsByRule":
			answer = `{"Targets":[{"Id":"T","Arn":"arn:x","InputTransformer":{"InputTemplate":"{\"watch\":{\"service\":\"` + in.Rule + `\",\"deployments\":{}},\"sinks\":[{\"topic\":{\"arn\":\"x\"}}],\"event\":<aws.events.event.json>}"}}]}`
		case operation == "ListDeployments" && in.Application == "cart":
			answer = `{"deployments":["d-1","d-2","d-3","d-4"]}`
		case operation == "ListDeployments":
			answer = `{"deployments":["d-5"]}`
		case operation == "BatchGetDeployments":
			var found []string
			for _, id := range in.IDs {
				found = append(found, all[id])
			}
			answer = `{"deploymentsInfo":[` + strings.Join(found, ",") + `]}`
		case operation == "ListDeploymentTargets":
			answer = `{"targetIds":[]}`
		default:
			w.WriteHeader(http.StatusForbidden)
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

// TestDoraCommand runs the whole command.
func TestDoraCommand(t *testing.T) {
	releasing(t)
	none := t.TempDir()
	for _, tt := range []struct {
		name           string
		args           []string
		code           int
		stdout, stderr []string
	}{
		{"of a stack", []string{"-stack", "service", "-since", "1w"}, exitOK,
			[]string{"Deployment frequency", "2.0 a week (2)", "33.3 % (1 of 3)", "15 minutes (of 1)", "25.0 % (1 of 4)", "unknown"}, []string{"Read the records of cart", "Read the records of shop"}},
		{"by service", []string{"-stack", "service", "-by", "service"}, exitOK, []string{"cart", "shop", "50.0 % (1 of 2)", "0.0 % (0 of 1)"}, nil},
		{"of one", []string{"-stack", "service", "-service", "shop"}, exitOK, []string{"0.0 % (0 of 1)"}, []string{"Read the records of shop"}},
		{"named", []string{"-codedeploy-application", "cart/production"}, exitOK, []string{"50.0 % (1 of 2)"}, nil},
		{"as JSON", []string{"-stack", "service", "-json", "-by", "service"}, exitOK, []string{`"changeFailRate":{"part":1,"whole":3,`, `"service":"cart"`}, nil},
		{"partly", []string{"-stack", "service", "-auto-scaling-group", "g"}, exitFailed, []string{"33.3 %"}, []string{"could not be read: cart: "}},
		{"by nothing", []string{"-stack", "service", "-by", "team"}, exitUsage, nil, []string{`-by "team": it must be "service"`}},
		{"of nothing", nil, exitUsage, nil, []string{"Name a -stack"}},
		{"since no time", []string{"-stack", "service", "-since", "6"}, exitUsage, nil, []string{`-since "6"`}},
		{"of no service", []string{"-stack", "service", "-service", "x"}, exitUsage, nil, []string{`there is no service "x"; there is cart, shop`}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			code, stdout, stderr := extraeye(t, slices.Concat([]string{"dora", "-repository", none}, tt.args)...)
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
			if slices.Contains(tt.args, "-json") && !json.Valid([]byte(stdout)) {
				t.Error("stdout is not JSON")
			}
			if t.Failed() {
				t.Logf("stdout:\n%s\nstderr:\n%s", stdout, stderr)
			}
		})
	}
}

// TestDoraText compares the table with a file.
func TestDoraText(t *testing.T) {
	a := dora.Count{Succeeded: 23, Failed: 1, RolledBack: 1, Rollbacks: 1, Troubled: 1, Reworked: 2, Recoveries: []time.Duration{14 * time.Minute, 20 * time.Minute}, Unrecovered: 1, UnknownCommits: 23}
	b := dora.Count{Succeeded: 2, LeadTimes: []time.Duration{26 * time.Hour}, UnknownCommits: 1}
	const six = 42 * 24 * time.Hour
	from := time.Date(2026, 10, 16, 12, 0, 0, 0, time.UTC)
	r := doraReport{From: from, To: from.Add(six), All: dora.Total([]dora.Count{a, b}).Figures("", six),
		Services: []dora.Figures{a.Figures("ca\x1brt", six), b.Figures("", six), dora.Count{}.Figures("quiet", six)}, NotAsked: []string{"cart: CloudWatch alarms before 2026-10-28: AWS keeps 30 days"}}
	var out bytes.Buffer
	writeDora(&out, 100, r)
	golden.File(t, "testdata/dora/table.txt", out.String())
}

// TestComparedText compares what the timeline says of releases with a file.
func TestComparedText(t *testing.T) {
	l := recordedTimeline(t)
	var release timeline.Row
	for _, row := range l.Rows {
		if row.Release != nil {
			release = row
		}
	}
	change := func(label, unit string, before, after float64) timeline.Change {
		return timeline.Change{Label: label, Unit: unit, Before: timeline.Stats{Points: 6, Mean: before}, After: timeline.Stats{Points: 6, Mean: after}}
	}
	back := *release.Release
	back.Rollback, back.Version = true, "1.4.1\x1b[2J"
	l.Compared = timeline.Comparisons{How: "How it was decided.", Releases: []timeline.Comparison{
		{Release: *release.Release, At: release.End, Verdict: timeline.Worse, Why: "5xx: changed 8.1 times its own scatter", Deaths: 3, Alarms: 1,
			Changes: []timeline.Change{change("5xx", "% of requests", 0.2, 3.14159), change("Response time", "ms", 221.4, 1468), {Label: "CPU", Unit: "%"}}},
		{Release: back, At: release.End, Verdict: timeline.Unclear, Why: "1.4.3 came 9 minutes later"},
		{Release: back, At: release.End, Verdict: timeline.Better, Changes: []timeline.Change{change("Unhealthy", "hosts", 1, 0)}},
		{Release: back, At: release.End, Verdict: timeline.Same},
	}}
	var out bytes.Buffer
	timelineText{out: &out, columns: 90, color: true, zone: time.UTC}.compared(l.Compared)
	golden.File(t, "testdata/timeline/compared.ansi", out.String())
}
