package evidence

import (
	"context"
	"encoding/base64"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/ec2"
)

// described is DescribeInstances' answer for one instance, in the shape of EC2's documentation.
func described(id, tags string) string {
	return `<?xml version="1.0" encoding="UTF-8"?>
<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>8f7724cf-496f-496e-8fe3-example</requestId>
  <reservationSet><item>
    <reservationId>r-1234567890abcdef0</reservationId><ownerId>123456789012</ownerId><groupSet/>
    <instancesSet><item><instanceId>` + id + `</instanceId><imageId>ami-bff32ccc</imageId>
      <instanceState><code>48</code><name>terminated</name></instanceState>
      <reason>User initiated (2022-12-23 19:00:11 GMT)</reason><instanceType>t3.large</instanceType>
      <launchTime>2022-12-21T18:00:11.000Z</launchTime>
      <placement><availabilityZone>ap-south-1a</availabilityZone><groupName/><tenancy>default</tenancy></placement>
      <stateReason><code>Client.UserInitiatedShutdown</code><message>Client.UserInitiatedShutdown: User initiated shutdown</message></stateReason>
      <tagSet>` + tags + `</tagSet></item></instancesSet>
  </item></reservationSet>
</DescribeInstancesResponse>`
}

func tag(key, value string) string {
	return "<item><key>" + key + "</key><value>" + value + "</value></item>"
}

func TestInstanceName(t *testing.T) {
	tests := []struct {
		testName, id  string
		answer        http.HandlerFunc
		name, problem string
		logged        string
	}{
		{testName: "found", answer: answer(200, described(instance, tag("name", "no")+tag("Name", " web &amp; &lt;b&gt; "))), name: "web & <b>"},
		{testName: "no Name tag", answer: answer(200, described(instance, tag("Team", "x")))},
		{testName: "empty Name tag", answer: answer(200, described(instance, tag("Name", "")))},
		{testName: "empty answer", answer: answer(200, `<DescribeInstancesResponse><reservationSet/></DescribeInstancesResponse>`), problem: "the instance is no longer known to EC2"},
		{testName: "another instance", answer: answer(200, described("i-1", tag("Name", "x"))), problem: "the instance is no longer known to EC2"},
		{testName: "gone", answer: answer(400, refusal("InvalidInstanceID.NotFound")), problem: "the instance is no longer known to EC2", logged: "InvalidInstanceID.NotFound"},
		{testName: "malformed id", answer: answer(400, refusal("InvalidInstanceID.Malformed")), problem: "EC2 refused the question", logged: "InvalidInstanceID.Malformed"},
		{testName: "denied", answer: answer(403, refusal("UnauthorizedOperation")), problem: "ec2:DescribeInstances was denied; the notifier's role has no permission for it", logged: "UnauthorizedOperation"},
		{testName: "throttled", answer: answer(503, refusal("RequestLimitExceeded")), problem: "EC2 was too busy to answer", logged: "RequestLimitExceeded"},
		{testName: "cut off", answer: answer(200, described(instance, "")[:300]), problem: "EC2's answer could not be read", logged: "unreadable"},
		{testName: "HTML", answer: answer(502, "<html><br></html>"), problem: "EC2 had trouble of its own (HTTP 502)", logged: "502"},
		{testName: "no answer", answer: func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, problem: "EC2 could not be reached", logged: "unreached"},
		{testName: "no id", id: "none", answer: func(http.ResponseWriter, *http.Request) { t.Error("asked about no instance") }, problem: "the event names no instance"},
	}
	for _, tt := range tests {
		bubble(t, tt.testName, func(t *testing.T) {
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				if got := r.FormValue("Action") + r.FormValue("Version") + r.FormValue("InstanceId.1"); got != "DescribeInstances2016-11-15"+instance {
					t.Errorf("asked for %v", r.Form)
				}
				if !strings.Contains(r.Header.Get("Authorization"), "/ap-south-1/ec2/") {
					t.Errorf("signed %q, want the event's region", r.Header.Get("Authorization"))
				}
				tt.answer(w, r)
			})
			id := instance
			if tt.id == "none" {
				id = ""
			}
			if got := l.instance(context.Background(), "ap-south-1", id); got.Value.Name != tt.name || got.Problem != tt.problem || got.Known != (tt.problem == "") {
				t.Errorf("got %+v; want %q, %q", got, tt.name, tt.problem)
			}
			checkLog(t, log.String(), tt.logged)
		})
	}
}

func TestInstanceRecord(t *testing.T) {
	found := ec2.Instance{
		ID: instance, Name: "web", Group: "a group", Type: "t3.large", Image: "ami-bff32ccc", Zone: "ap-south-1a", State: "terminated",
		Launched: time.Date(2022, 12, 21, 18, 0, 11, 0, time.UTC), StateReason: "Client.UserInitiatedShutdown: User initiated shutdown",
		StateSince: time.Date(2022, 12, 23, 19, 0, 11, 0, time.UTC),
	}
	whole := described(instance, tag("Name", "web")+tag("aws:autoscaling:groupName", "a group"))
	tests := []struct {
		name   string
		answer string
		want   func(m *ec2.Instance)
	}{
		{"whole", whole, func(*ec2.Instance) {}},
		{"no code in the message", strings.Replace(whole, "<message>Client.UserInitiatedShutdown: ", "<message>", 1), func(*ec2.Instance) {}},
		{"no state reason", strings.Replace(whole, "stateReason>", "otherReason>", 2), func(m *ec2.Instance) { m.StateReason = "User initiated (2022-12-23 19:00:11 GMT)" }},
		{"a code only", strings.NewReplacer("<message>", "<other>", "</message>", "</other>").Replace(whole), func(m *ec2.Instance) { m.StateReason = "Client.UserInitiatedShutdown" }},
		{"no time", strings.Replace(whole, "2022-12-21T18:00:11.000Z", "yesterday", 1), func(m *ec2.Instance) { m.Launched = time.Time{} }},
		{"other types", strings.NewReplacer("ap-south-1a", "<b/>", "t3.large", "<a><b>x</b></a>", "ami-bff32ccc", "").Replace(whole), func(m *ec2.Instance) { m.Zone, m.Type, m.Image = "", "", "" }},
		{"an id only", "<r><reservationSet><item><instancesSet><item><instanceId>" + instance + "</instanceId></item></instancesSet></item></reservationSet></r>", func(m *ec2.Instance) { *m = ec2.Instance{ID: instance} }},
		{"a reason without a time", strings.Replace(whole, " (2022-12-23 19:00:11 GMT)", "", 1), func(m *ec2.Instance) { m.StateSince = time.Time{} }},
		{"a reason of another form", strings.Replace(whole, "User initiated (2022-12-23 19:00:11 GMT)", "Server.SpotInstanceTermination (soon)", 1), func(m *ec2.Instance) { m.StateSince = time.Time{} }},
	}
	for _, tt := range tests {
		want := found
		tt.want(&want)
		l, _ := lookups(t, answer(200, tt.answer))
		if got := l.instance(context.Background(), "ap-south-1", instance); !got.Known || got.Value != want {
			t.Errorf("%s: got %+v, want %+v", tt.name, got, want)
		}
	}
}

// left is GetConsoleOutput's answer, in the shape of EC2's documentation: base64 in
// lines.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
func left(console string) string {
	lines := slices.Collect(slices.Chunk([]byte(base64.StdEncoding.EncodeToString([]byte(console))), 76))
	var output strings.Builder
	for _, line := range lines {
		output.WriteString(string(line) + "\n")
	}
	return `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
  <instanceId>` + instance + `</instanceId>
  <timestamp>2022-12-23T19:04:00.000Z</timestamp>
  <output>` + output.String() + `</output>
</GetConsoleOutputResponse>`
}

func TestConsole(t *testing.T) {
	posted := time.Date(2022, 12, 23, 19, 4, 0, 0, time.UTC)
	type test struct {
		name    string
		answer  http.HandlerFunc
		want    autoscaling.Console
		problem string
		logged  string
	}
	tests := []test{
		{name: "empty", answer: answer(200, left("")), problem: "the instance left no console output"},
		{name: "no output", answer: answer(200, "<GetConsoleOutputResponse/>"), problem: "the instance left no console output"},
		{name: "no base64", answer: answer(200, "<r><output>SECRET, not base64</output></r>"), problem: "EC2's answer could not be read", logged: "unreadable"},
		{name: "cut off", answer: answer(200, left("x")[:200]), problem: "EC2's answer could not be read", logged: "unreadable"},
		{name: "another instance's", answer: answer(200, strings.Replace(left("SECRET"), instance, "i-1", 1)), problem: "EC2's answer could not be read", logged: "unreadable"},
		{name: "gone", answer: answer(400, refusal("InvalidInstanceID.NotFound")), problem: "the instance is no longer known to EC2", logged: "InvalidInstanceID.NotFound"},
		{name: "not supported", answer: answer(400, refusal("UnsupportedOperation")), problem: "EC2 refused the question", logged: "UnsupportedOperation"},
		{name: "denied", answer: answer(403, refusal("UnauthorizedOperation")), problem: "ec2:GetConsoleOutput was denied; the notifier's role has no permission for it", logged: "UnauthorizedOperation"},
	}
	files, err := filepath.Glob("../console/testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no consoles: %v", err)
	}
	for _, file := range files {
		output, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		tests = append(tests, test{
			name: filepath.Base(file), answer: answer(200, left(string(output))),
			want: crashIn(console.Read(console.Output{Text: string(output), Posted: posted, Ended: posted.Add(-time.Minute)})),
		})
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				if err := r.ParseForm(); err != nil || r.Form.Encode() != "Action=GetConsoleOutput&InstanceId="+instance+"&Version=2016-11-15" {
					t.Errorf("asked for %v, %v", r.Form, err)
				}
				tt.answer(w, r)
			})
			got := l.console(context.Background(), "ap-south-1", instance, posted.Add(-time.Minute))
			if !reflect.DeepEqual(got.Value, tt.want) || got.Problem != tt.problem || got.Known != (tt.problem == "") {
				t.Errorf("got %+v; want %+v, %q", got, tt.want, tt.problem)
			}
			checkLog(t, log.String(), tt.logged)
		})
	}
	l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about no instance") })
	if got := l.console(context.Background(), "ap-south-1", "", posted); got.Problem != "the event names no instance" {
		t.Errorf("problem is %q", got.Problem)
	}
}

// TestConsoleThatEndsEarly shows that a console is said to be whole only if EC2 got it after the
// instance was given up.
func TestConsoleThatEndsEarly(t *testing.T) {
	posted := time.Date(2022, 12, 23, 19, 4, 0, 0, time.UTC)
	for ended, want := range map[time.Time]bool{posted.Add(-time.Minute): true, posted.Add(time.Minute): false} {
		l, _ := lookups(t, answer(200, left("[    0.000000] Linux version 5.10.0\n[    5.1] cloud-init[812]: Cloud-init v. 24.1 finished\nip-10-0-0-1 login: ")))
		if got := l.console(context.Background(), "ap-south-1", instance, ended); got.Value.Whole != want || !got.Known {
			t.Errorf("given up %v after the output: %+v", ended.Sub(posted), got)
		}
	}
}

func TestInstancesInAReservation(t *testing.T) {
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		const want = "Action=DescribeInstances&Filter.1.Name=capacity-reservation-id&Filter.1.Value.1=cr-1" +
			"&Filter.2.Name=instance-state-name&Filter.2.Value.1=pending&Filter.2.Value.2=running&Version=2016-11-15"
		if err := r.ParseForm(); err != nil || r.Form.Encode() != want {
			t.Errorf("asked for %v, %v", r.Form.Encode(), err)
		}
		answer(200, described(instance, tag("Name", "gpu")))(w, r)
	})
	if got := l.instancesIn(context.Background(), "ap-south-1", "cr-1"); !got.Known || len(got.Value) != 1 || got.Value[0].Name != "gpu" {
		t.Errorf("found %+v", got)
	}
	l, _ = lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about no reservation") })
	if got := l.instancesIn(context.Background(), "ap-south-1", ""); got.Problem != "the event names no Capacity Reservation" {
		t.Errorf("problem is %q", got.Problem)
	}
}
