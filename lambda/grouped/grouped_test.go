package grouped

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

var began = time.Date(2026, 11, 20, 14, 3, 11, 0, time.UTC)

// flood are n events made of a recorded one: each has an id, a time and what change makes of it.
func flood(t *testing.T, file string, n int, change func(i int, text string) string) []Member {
	t.Helper()
	raw, err := os.ReadFile("../event/" + file)
	if err != nil {
		t.Fatal(err)
	}
	var members []Member
	for i := range n {
		var f map[string]json.RawMessage
		if err := json.Unmarshal([]byte(change(i, string(raw))), &f); err != nil {
			t.Fatal(err)
		}
		at := began.Add(time.Duration(i) * 7 * time.Second)
		f["id"], _ = json.Marshal(fmt.Sprint("event-", i))
		f["time"], _ = json.Marshal(at)
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		e := decode.Decode(text, wire.Watch{Service: "shop"})
		members = append(members, Member{Event: e, Notice: e.Notice(at.Add(time.Minute))})
	}
	members[n-1].LookedUp = true
	return members
}

// numbered replaces a text by itself with a number.
func numbered(old string) func(int, string) string {
	return func(i int, text string) string { return strings.ReplaceAll(text, old, fmt.Sprint(old, "-", i)) }
}

// floods are floods of every kind, and the titles of their notices.
var floods = []struct {
	name, file string
	n          int
	change     func(int, string) string
	title      string
}{
	{"terminations", "autoscaling/testdata/asg-terminate-elb-health-check.json", 40, func(i int, text string) string {
		text = strings.ReplaceAll(text, "i-016dea8095930f564", fmt.Sprintf("i-%017x", i))
		text = strings.ReplaceAll(text, "us-east-1f", []string{"us-east-1f", "us-east-1b"}[i%4/3])
		text = strings.ReplaceAll(text, "2022-12-23T19:00:11.120Z", began.Add(time.Duration(i)*7*time.Second).Format(time.RFC3339))
		if i%8 == 0 {
			text = strings.ReplaceAll(text, "an ELB system health check failure", "something new")
		}
		return text
	}, "40 instances terminated in staging within 4 minutes 33 seconds: 35 ELB health check and 5 unknown cause"},
	{"launches", "autoscaling/testdata/asg-launch-unsuccessful-doc.json", 5, func(_ int, text string) string { return text }, "5 instances not launched in my-auto-scaling-group: 5 message-text"},
	{"tasks", "ecs/testdata/ecs-task-stopped-oom-synth.json", 12, numbered("no such text"), "12 tasks of"},
	{"services", "ecs/testdata/ecs-service-action-service-task-placement-failure.json", 4, numbered("no such text"), "4 events of service"},
	{"alarms", "cloudwatch/testdata/cloudwatch-alarm-single-metric.json", 6, func(i int, text string) string {
		name := []string{"web-cpu", "web-cart-5xx", "web-cart-latency"}[i%3]
		return strings.ReplaceAll(text, "ServerCpuTooHigh", name)
	}, "6 changes of alarm web-…: 6 ALARM"},
	{"health", "health/testdata/health-public-ec2-issue.json", 3, numbered("no such text"), "3 AWS Health events of EC2"},
	{"deployment instances", "codedeploy/testdata/codedeploy-instance-success-doc.json", 5, numbered("i-0000000aaaaaaaaaa"), "5 events of instances in deployments of"},
	{"spot", "ec2/testdata/ec2-spot-interruption-doc.json", 3, numbered("i-1234567890abcdef0"), "3 warnings that EC2 takes back instances within 14 seconds: 3 "},
	{"states", "ec2/testdata/ec2-state-terminated.json", 3, numbered("no such text"), "3 changes of instances within 14 seconds: 3 terminated"},
}

// TestFloods compares whole notices, and checks that their counts add up.
func TestFloods(t *testing.T) {
	for _, tt := range floods {
		t.Run(tt.name, func(t *testing.T) {
			members := flood(t, tt.file, tt.n, tt.change)
			now := began.Add(time.Hour)
			n := Notice(members, now)
			eventtest.Check(t, n)
			if !strings.HasPrefix(n.Title, tt.title) {
				t.Errorf("the title is %q, want %q", n.Title, tt.title)
			}
			if n.Count != tt.n {
				t.Errorf("it is of %d events, want %d", n.Count, tt.n)
			}
			golden.JSON(t, "testdata/"+strings.ReplaceAll(tt.name, " ", "-")+".notice.json", n)
			for _, c := range count(inOrder(members)) {
				sum := 0
				for _, v := range c.values {
					sum += v.n
				}
				if sum > tt.n {
					t.Errorf("%s adds up to %d", c.label, sum)
				}
			}
			slices.Reverse(members)
			if other := Notice(members, now); other.ID != n.ID || other.Title != n.Title || other.Summary != n.Summary {
				t.Errorf("in another order it is %s, %q", other.ID, other.Title)
			}
		})
	}
}

// TestStatus checks what a notice of many opens and resolves: what is wrong with one thing is still
// wrong, whatever became of the others, and what is over for one thing is not over for its group.
func TestStatus(t *testing.T) {
	type of struct {
		key, group string
		status     notice.Status
	}
	for name, tt := range map[string]struct {
		members []of
		want    of
	}{
		"all open":              {[]of{{"a", "g", notice.Open}, {"b", "g", notice.Open}}, of{"g", "", notice.Open}},
		"one is over":           {[]of{{"a", "g", notice.Open}, {"b", "g", notice.Open}, {"b", "g", notice.Resolved}}, of{"g", "", notice.Open}},
		"it is over":            {[]of{{"g", "", notice.Open}, {"g", "", notice.Resolved}}, of{"g", "", notice.Resolved}},
		"it began again":        {[]of{{"g", "", notice.Resolved}, {"g", "", notice.Open}}, of{"g", "", notice.Open}},
		"over for things of it": {[]of{{"a", "g", notice.Resolved}, {"b", "g", notice.Resolved}}, of{"b", "g", notice.Resolved}},
		"nothing is wrong":      {[]of{{"a", "g", notice.Marker}, {"b", "g", notice.Marker}}, of{"g", "", notice.Marker}},
	} {
		var members []Member
		for i, m := range tt.members {
			e, _, _ := event.Read(json.RawMessage(fmt.Sprintf(`{"id":"%d","time":"2026-11-20T14:03:1%dZ"}`, i, i)), wire.Watch{})
			e.Subject = &decode.Unknown{Reason: "of the test"}
			members = append(members, Member{Event: e, Notice: &notice.Notice{Key: m.key, GroupKey: m.group, Status: m.status, Severity: notice.Warning}})
		}
		n := Notice(members, began)
		if got := (of{n.Key, n.GroupKey, n.Status}); got != tt.want {
			t.Errorf("%s: %v, want %v", name, got, tt.want)
		}
	}
}

// TestMostTelling checks that what is known of all comes from the worst event that was looked up,
// and the severity from the worst of all.
func TestMostTelling(t *testing.T) {
	members := flood(t, floods[0].file, 4, floods[0].change)
	for i, severity := range []notice.Severity{notice.Critical, notice.Error, notice.Warning, notice.Warning} {
		members[i].Notice.Severity, members[i].LookedUp = severity, i > 0
		members[i].Notice.Add(notice.LastWords, fmt.Sprint("words of ", i), "")
	}
	n := Notice(members, began)
	if words := eventtest.Fact(n, notice.LastWords); n.Severity != notice.Critical || words != "words of 1" {
		t.Errorf("it is %s, with %q", n.Severity, words)
	}
	if looked := eventtest.Fact(n, "Looked up"); !strings.HasPrefix(looked, "for 3 of 4: ") {
		t.Errorf("looked up %s", looked)
	}
}
