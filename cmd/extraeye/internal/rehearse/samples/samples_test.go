package samples

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

var at = Setting{Account: "111122223333", Region: "cn-north-1", Partition: "aws-cn", Now: time.Date(2026, 11, 22, 21, 0, 0, 0, time.UTC)}

type sampleEvent struct {
	ID, Account, Region string
	Time                time.Time
	Resources           []string
	Detail              map[string]any
}

func forPattern(t *testing.T, pattern string) (names []string, list []sampleEvent) {
	t.Helper()
	found, err := For(json.RawMessage(pattern), at)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found {
		var e sampleEvent
		if err := json.Unmarshal(s.Event, &e); err != nil {
			t.Fatalf("%s: %v\n%s", s.Name, err, s.Event)
		}
		names, list = append(names, s.Name), append(list, e)
	}
	return names, list
}

func TestFor(t *testing.T) {
	cases := []struct {
		name, pattern string
		want          []string
	}{
		{"terminations", `{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful"],"detail":{"AutoScalingGroupName":["a","b"]}}`,
			[]string{"termination-elb-health-check", "termination-ec2-status-check", "termination-application-check", "termination-own-shutdown", "termination-unknown-cause", "termination-scale-in"}},
		{"default states", `{"source":["aws.codedeploy"],"detail-type":["CodeDeploy Deployment State-change Notification"],"detail":{"state":["SUCCESS","FAILURE","STOP"],"application":["x"]}}`,
			[]string{"deployment-success", "deployment-failure", "deployment-rollback", "deployment-stop", "deployment-autoscaling", "deployment-recovery"}},
		{"one state", `{"source":["aws.codedeploy"],"detail":{"state":["START"]}}`, []string{"deployment-start", "deployment-instance-start"}},
		{"operators", `{"source":["aws.codedeploy"],"account":["999988887777"],"detail":{"state":["READY"],"application":[{"prefix":"web-"}],"deploymentGroup":[{"wildcard":"*-blue"}]}}`,
			[]string{"deployment-instance-ready", "deployment-ready"}},
		{"alternatives", `{"source":["aws.codedeploy"],"detail":{"state":["READY"],"$or":[{"application":["x"]},{"deploymentGroup":[{"suffix":"-y"}]}]}}`,
			[]string{"deployment-instance-ready", "deployment-ready"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got, _ := forPattern(t, c.pattern); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
	if _, err := For(json.RawMessage(`{"source":"aws.ecs"}`), at); err == nil {
		t.Error("no error for a pattern that is none")
	}
}

// Names that must be escaped in JSON, times, ids and ARNs all end up in their places.
func TestRendering(t *testing.T) {
	_, events := forPattern(t, `{"source":["aws.autoscaling"],"detail-type":["EC2 Instance Terminate Successful"],"detail":{"AutoScalingGroupName":["blue \"one\"","green"]}}`)
	ids := map[string]bool{}
	for i, e := range events {
		if e.Account != "111122223333" || e.Region != "cn-north-1" {
			t.Errorf("%d: account %s, region %s", i, e.Account, e.Region)
		}
		if age := at.Now.Sub(e.Time); age <= 0 || age > time.Hour {
			t.Errorf("%d: is %s old", i, age)
		}
		instance := e.Detail["EC2InstanceId"].(string)
		if ids[e.ID] || ids[instance] || len(instance) != 19 {
			t.Errorf("%d: event %s and instance %s are not ids of its own", i, e.ID, instance)
		}
		ids[e.ID], ids[instance] = true, true
		if !strings.HasSuffix(e.Detail["Description"].(string)+" ", instance+" ") && !strings.Contains(e.Detail["Description"].(string), instance+" - ") {
			t.Errorf("%d: %s is about another instance than %s", i, e.Detail["Description"], instance)
		}
		if want := "arn:aws-cn:ec2:cn-north-1:111122223333:instance/" + instance; e.Resources[1] != want {
			t.Errorf("%d: resource %s, want %s", i, e.Resources[1], want)
		}
		name := []string{`blue "one"`, "green"}[i%2]
		if got := e.Detail["AutoScalingGroupName"]; got != name || !strings.HasSuffix(e.Resources[0], "/"+name) {
			t.Errorf("%d: group %v of %s, want %s", i, got, e.Resources[0], name)
		}
		started, err := time.Parse(time.RFC3339, e.Detail["StartTime"].(string))
		if err != nil || e.Time.Sub(started) != 5*time.Minute+34*time.Second {
			t.Errorf("%d: started at %v, ended at %v", i, started, e.Time)
		}
		if cause := e.Detail["Cause"].(string); !strings.Contains(cause, "At "+started.Format(time.RFC3339)+" ") {
			t.Errorf("%d: the cause has another time than %v: %s", i, started, cause)
		}
	}
}

// The number in front of a file's name is its place, and what is said of an event by
// its name is said of one that is there.
func TestFilesOfEvents(t *testing.T) {
	files, err := events.ReadDir("events")
	if err != nil || len(files) != len(builtIn) {
		t.Fatalf("%d files, %d events: %v", len(files), len(builtIn), err)
	}
	form := regexp.MustCompile(`^(\d{3})-([a-z0-9-]+)\.json$`)
	numbers, names := map[string]string{}, map[string]bool{}
	for _, f := range files {
		match := form.FindStringSubmatch(f.Name())
		if match == nil {
			t.Errorf("events/%s: want a name such as 015-deployment-start.json", f.Name())
			continue
		}
		if other := numbers[match[1]]; other != "" || names[match[2]] {
			t.Errorf("events/%s has the number or the name of another file", f.Name())
		}
		numbers[match[1]], names[match[2]] = f.Name(), true
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(hints)), slices.Collect(maps.Keys(pauses))) {
		if !names[name] {
			t.Errorf("there is no event %s, which has hints or a pause", name)
		}
	}
	for name, h := range hints {
		if h.Creator != "" && !slices.Contains(wire.AllCreators(), h.Creator) {
			t.Errorf("%s: creator %s", name, h.Creator)
		}
	}
}

// The events fill an hour at most, however many there are.
func TestTimes(t *testing.T) {
	for _, n := range []int{len(builtIn), 500} {
		all := make([]builtInEvent, n)
		copy(all, builtIn)
		setTimes(all)
		for i, e := range all {
			if e.ago <= 0 || e.ago >= time.Hour || i > 0 && all[i-1].ago-e.ago < pauses[e.name]+time.Second {
				t.Errorf("event %d of %d: %s ago", i, n, e.ago)
			}
		}
	}
}

// An event is made up for a pattern of any kind, with something at each path.
func TestMake(t *testing.T) {
	path := func(text string) []wire.Step {
		steps, err := wire.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		return steps
	}
	cases := []struct{ pattern, want string }{
		{`{"source":["aws.codebuild"],"detail-type":["CodeBuild Build State Change"],"detail":{"build-status":["FAILED","STOPPED"]}}`, `"detail":{"build-status":"FAILED","project":{"name":"some name"}}`},
		{`{"source":[{"prefix":"my."}],"detail":{"a":{"b":[{"numeric":[">",5,"<=",6]}],"c":[{"exists":true}],"d":[{"exists":false}]}}}`, `"a":{"b":6,"c":"some c"}`},
		{`{"detail":{"n":[{"numeric":[">",5,"<",6]}],"t":[true],"z":[null],"w":[{"wildcard":"a*z\\*"}],"s":[{"suffix":".png"}]}}`, `"n":5.5,"project":{"name":"some name"},"s":"some.png","t":true,"w":"aproductionz*","z":null`},
		{`{"detail":{"a":[{"anything-but":["some a"]}],"b":[{"anything-but":{"prefix":"some"}},{"exists":false}],"ip":[{"cidr":"10.0.0.0/24"}]}}`, `"a":"something else","b":1,"ip":"10.0.0.0"`},
		{`{"source":["x"],"$or":[{"detail":{"a":[{"exists":false}],"project":[1]}},{"detail":{"a":[2]}}]}`, `"detail":{"project":1}`},
		{`{"resources":[{"prefix":"arn:aws:s3:::"}],"account":["999988887777"]}`, `"resources":["arn:aws:s3:::production"]`},
		{`{"detail":{"a":[{"equals-ignore-case":"Up"},"x"]}}`, `"a":"Up"`},
	}
	for _, c := range cases {
		made, ok := Make(json.RawMessage(c.pattern), [][]wire.Step{path("$.detail.project.name"), path("$.resources[0]"), path("$.source[0]")}, at)
		if !ok || !strings.Contains(string(made.Event), c.want) {
			t.Errorf("%s: %v, %s, want %s", c.pattern, ok, made.Event, c.want)
		}
	}
	for _, none := range []string{`{"source":[{"exists":false}]}`, `{"detail":[`, `{"detail":{"a":{"b":[1]}},"$or":[{"detail":{"a":[1]}},{"detail":{"a":[2]}}]}`} {
		if made, ok := Make(json.RawMessage(none), nil, at); ok {
			t.Errorf("%s: made up %s", none, made.Event)
		}
	}
}

// Times in the forms of every service move with the event.
func TestTimesMove(t *testing.T) {
	for pattern, want := range map[string][]string{
		`{"detail-type":["CloudWatch Alarm State Change"],"detail":{"state":{"value":["ALARM"]}}}`: {`"timestamp": "2026-11-22T20:1`, `.985+0000"`, `(22/11/26 20:1`, `\"queryDate\":\"2026-11-22T20:1`},
		`{"source":["aws.health"],"detail":{"statusCode":["closed"]}}`:                             {`"endTime": "Sun, 22 Nov 2026 2`, ` GMT"`},
		`{"source":["aws.ecs"],"detail":{"stopCode":["SpotInterruption"]}}`:                        {`"stoppedAt": "2026-11-22T20:`},
	} {
		found, err := For(json.RawMessage(pattern), at)
		if err != nil || len(found) != 1 {
			t.Fatal(pattern, found, err)
		}
		for _, w := range want {
			if !strings.Contains(string(found[0].Event), w) {
				t.Errorf("no %s in %s", w, found[0].Event)
			}
		}
		if strings.Contains(string(found[0].Event), "2026-06-30") {
			t.Errorf("an old time in %s", found[0].Event)
		}
	}
}

// An alarm has the tags that a rule asks for, by keys of the user's own.
func TestTags(t *testing.T) {
	names, list := forPattern(t, `{"detail-type":["CloudWatch Alarm State Change"],"detail":{"alarmName":["a"],"alarmTags":{"app.example.com/name":["shop"],"team":["checkout","search"],"env":[{"exists":true}]}}}`)
	if want := []string{"alarm-raised", "alarm-no-data", "alarm-ok"}; !slices.Equal(names, want) {
		t.Fatalf("got %v, want %v", names, want)
	}
	for i, e := range list {
		want := map[string]any{"app.example.com/name": "shop", "team": []string{"checkout", "search"}[i%2], "env": "some env"}
		if got := e.Detail["alarmTags"].(map[string]any); !maps.Equal(got, want) || e.Detail["alarmName"] != "a" {
			t.Errorf("%s has the tags %v, want %v", names[i], got, want)
		}
	}
}

// CloudWatch lists the newest value last in its data, and first in its prose.
func TestAlarmValues(t *testing.T) {
	_, list := forPattern(t, `{"detail-type":["CloudWatch Alarm State Change"],"detail":{"state":{"value":["ALARM"]}}}`)
	state := list[0].Detail["state"].(map[string]any)
	if data := state["reasonData"].(string); !strings.Contains(data, ",61.0]") || !strings.Contains(state["reason"].(string), "[61.0 ") {
		t.Errorf("%s\n%s", state["reason"], data)
	}
}
