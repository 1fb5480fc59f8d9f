package evidence

import (
	"encoding/base64"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/plainxml"
)

// Answers as large as they get in production: a console of 64 KB, and a page of activities.
var (
	fullConsole = left(strings.Repeat("[    1.234567] systemd[1]: Started what a booting system starts.\n", 900) +
		"[ 5678.901234] Out of memory: Killed process 1234 (java) total-vm:1024kB\n")
	fullActivities = func() string {
		var members strings.Builder
		for i := range 100 {
			started := made.Add(-time.Duration(i) * 10 * time.Minute).Format(time.RFC3339)
			fmt.Fprintf(&members, `<member><Progress>100</Progress><ActivityId>a-%d</ActivityId><AutoScalingGroupName>some-service</AutoScalingGroupName><StartTime>%s</StartTime><EndTime>%s</EndTime>`+
				`<StatusCode>Successful</StatusCode><Description>Terminating EC2 instance: i-%017x</Description><Details>{&quot;Subnet ID&quot;:&quot;subnet-0123456789abcdef0&quot;,&quot;Availability Zone&quot;:&quot;us-east-1b&quot;}</Details>`+
				`<Cause>At %s an instance was taken out of service in response to an ELB system health check failure.</Cause></member>`, i, started, started, i, started)
		}
		return scaling("DescribeScalingActivities", "<Activities>"+members.String()+"</Activities>")
	}()
	fullInstance = strings.Replace(described(instance, tag("Name", "web-3")+tag(groupTag, "some-service")), "<placement>",
		strings.Repeat("<rest><of>what EC2 says</of></rest>\n      ", 150)+"<placement>", 1)
)

// TestAnswersArePlain shows that none of the answers is left to encoding/xml, which allocates
// much more.
func TestAnswersArePlain(t *testing.T) {
	for name, tt := range map[string]struct {
		answer string
		into   func() any
		most   float64
	}{
		"console":    {fullConsole, func() any { return new(consoleOutput) }, 30},
		"activities": {fullActivities, func() any { return new(activitiesAnswer) }, 100},
		"instance":   {fullInstance, func() any { return new(instances) }, 100},
	} {
		got := testing.AllocsPerRun(3, func() {
			if err := plainxml.Unmarshal([]byte(tt.answer), tt.into()); err != nil {
				t.Error(err)
			}
		})
		if got > tt.most {
			t.Errorf("%s: %v allocations, at most %v are allowed", name, got, tt.most)
		}
	}
}

// readers are the two ways to read an answer.
var readers = []struct {
	name      string
	unmarshal func([]byte, any) error
}{{"plainxml", plainxml.Unmarshal}, {"encoding-xml", xml.Unmarshal}}

// BenchmarkConsole reads a console up to its lines, beside how it was read with encoding/xml.
func BenchmarkConsole(b *testing.B) {
	decoders := []func(string) ([]byte, error){unbase64, func(text string) ([]byte, error) {
		return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	}}
	for i, r := range readers {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var answer consoleOutput
				if err := r.unmarshal([]byte(fullConsole), &answer); err != nil {
					b.Fatal(err)
				}
				if output, err := decoders[i](answer.Output); err != nil || len(output) < 50_000 {
					b.Fatal(len(output), err)
				}
			}
		})
	}
	output, _ := unbase64(fullConsole[strings.Index(fullConsole, "<output>")+8 : strings.Index(fullConsole, "</output>")])
	b.Run("scan", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if r := console.Read(console.Output{Text: string(output)}); len(r.Lines) != 1 {
				b.Fatal(r)
			}
		}
	})
}

// BenchmarkActivities reads a page of activities.
func BenchmarkActivities(b *testing.B) {
	for _, r := range readers {
		b.Run(r.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				var answer activitiesAnswer
				if err := r.unmarshal([]byte(fullActivities), &answer); err != nil || len(answer.Activities) != 100 {
					b.Fatal(len(answer.Activities), err)
				}
			}
		})
	}
}

// BenchmarkGather looks up all that is looked up about a death, whose answers come through
// net/http on both sides.
func BenchmarkGather(b *testing.B) {
	answers := map[string]string{
		"DescribeInstances": fullInstance, "GetConsoleOutput": fullConsole, "DescribeScalingActivities": fullActivities,
		"DescribeAutoScalingGroups": strings.ReplaceAll(aGroup, "a &amp; b", "some-service"), "ListAccountAliases": aliases("<member>acme</member>"),
	}
	l, log := lookups(b, func(w http.ResponseWriter, r *http.Request) {
		answer(200, strings.Replace(answers[r.FormValue("Action")], "<instanceId>"+instance, "<instanceId>"+r.FormValue("InstanceId"), len(r.FormValue("InstanceId"))/19))(w, r)
	})
	b.ReportAllocs()
	for b.Loop() {
		l.recent = recent{} // or some are not asked again
		s := &autoscaling.Termination{GroupName: "some-service", InstanceID: instance, Cause: wire.CauseELBHealthCheck, Started: made}
		l.Gather(b.Context(), &event.Event{Subject: s, Region: "eu-west-1"})
		if len(s.Crashes) == 0 || s.Instance.Value.Name != "web-3" || !s.Group.Known || log.Len() > 0 {
			b.Fatalf("%+v\n%s", s, log)
		}
	}
}
