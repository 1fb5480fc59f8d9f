package rehearse

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestLargeFleet checks that each event of many reaches the team whose it is, and nobody else.
func TestLargeFleet(t *testing.T) {
	skipCompiling(t)
	playLargeFleet(t, 300, 60)
}

// BenchmarkFleet plays 1,000 events for 3,000 services of 50 teams, and checks who is notified. It
// measures from when everything is read and compiled until the page is written.
func BenchmarkFleet(b *testing.B) {
	var took time.Duration
	for b.Loop() {
		took += playLargeFleet(b, 3000, 1000)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(took.Seconds()/float64(b.N), "s/rehearsal")
}

// playLargeFleet plays events about things of a fleet of 50 teams, and returns how long that took.
func playLargeFleet(t testing.TB, services, events int) time.Duration {
	t.Helper()
	table, things := largeFleet(t, services)
	paths, want := largeEvents(t, things, events)
	var began time.Time
	report, err := Run(t.Context(), Options{
		Assembly: fleetAssembly(t, table), Paths: []string{paths}, Out: t.TempDir(),
		Progress: func(line string) {
			if strings.HasPrefix(line, "Playing ") {
				began = time.Now()
			}
		},
		Problem: func(err error) { t.Error(err) },
	})
	took := time.Since(began)
	if err != nil {
		t.Fatal(err)
	}
	items := report.Items()
	if len(items) != events {
		t.Fatalf("%d results for %d events", len(items), events)
	}
	teams := map[string]bool{}
	for _, i := range items {
		to := want[filepath.Base(i.File)]
		if address(i) != " "+to.team+"@example.com" || !strings.Contains(i.Team, to.how) {
			t.Errorf("%s is %s to%s (%s), want it for %s, %s", i.File, i.Outcome, address(i), i.Team, to.team, to.how)
		}
		teams[to.team] = true
	}
	if least := min(51, events/2); len(teams) < least {
		t.Errorf("%d teams are notified, want %d or more", len(teams), least)
	}
	return took
}

// largeFleet is a table of 50 teams that share services, each with four things.
func largeFleet(t testing.TB, services int) (text []byte, all []wire.Owned) {
	t.Helper()
	const teams = 50
	table := wire.Table{TeamTag: "team", Others: []wire.Sink{mailTo("others")}}
	for n := range teams {
		table.Teams = append(table.Teams, wire.Team{Name: nthTeam(n), Sinks: []wire.Sink{mailTo(nthTeam(n))}})
	}
	for s := range services {
		service, team := fmt.Sprintf("service-%04d", s), s%teams
		all = append(all,
			owned(wire.AutoScalingGroup, service+"-production", team, service), owned(wire.AutoScalingGroup, service+"-canary", team, service),
			owned(wire.CodeDeployApplication, service, team, service), owned(wire.ECSService, "main/"+service, team, service))
	}
	text, err := table.Write(all)
	if err != nil {
		t.Fatal(err)
	}
	return text, all
}

func nthTeam(n int) string { return fmt.Sprintf("team-%02d", n) }

// notified says who is to be notified, and how that is to be decided.
type notified struct{ team, how string }

// largeEvents makes files of events about what is owned. Of every ten, one is about what is the last
// team's by its tag, and one about what is nobody's.
func largeEvents(t testing.TB, all []wire.Owned, events int) (dir string, want map[string]notified) {
	t.Helper()
	files, want := map[string]string{}, map[string]notified{}
	for n := range events {
		o := all[n*7919%len(all)] // a prime, so that it is about all teams and kinds
		file, thing, to := fmt.Sprintf("%04d.json", n), o.Thing, notified{nthTeam(o.Team), "by the name of the " + string(o.Kind)}
		switch n % 10 {
		case 3:
			thing.Name, to = "some-service", notified{nthTeam(49), "by its tag"}
		case 7:
			thing.Name, to = "other-service", notified{"others", "of no team (it has no tag team)"}
		}
		if thing.Kind == wire.ECSService && thing.Name != o.Name {
			thing.Name = "production/" + thing.Name
		}
		files[file], want[file] = eventOf(thing, n), to
	}
	return write(t, files), want
}

// kinds are events of the watches that a fleet has by default, by what they are about.
var kinds = map[wire.ThingKind][]string{
	wire.AutoScalingGroup: {
		`"source":"aws.autoscaling","detail-type":"EC2 Instance Terminate Successful","detail":{"StatusCode":"InProgress","EC2InstanceId":"i-0b22a22eec53b9321","AutoScalingGroupName":"%s","ActivityId":"a-1","StartTime":"2026-11-27T11:59:00Z","Cause":"At 2026-11-27T11:59:00Z an instance was taken out of service in response to an ELB system health check failure."}`,
		`"source":"aws.autoscaling","detail-type":"EC2 Instance Launch Unsuccessful","detail":{"StatusCode":"Failed","AutoScalingGroupName":"%s","ActivityId":"a-2","StatusMessage":"We currently do not have sufficient m7g.large capacity in the Availability Zone you requested (eu-west-1a). Launching EC2 instance failed."}`,
	},
	wire.CodeDeployApplication: {
		`"source":"aws.codedeploy","detail-type":"CodeDeploy Deployment State-change Notification","detail":{"state":"FAILURE","deploymentId":"d-ABCDEFGHI","deploymentGroup":"production","application":"%s"}`,
		`"source":"aws.codedeploy","detail-type":"CodeDeploy Deployment State-change Notification","detail":{"state":"SUCCESS","deploymentId":"d-ABCDEFGHI","deploymentGroup":"production","application":"%s"}`,
	},
	wire.ECSService: {
		`"source":"aws.ecs","detail-type":"ECS Deployment State Change","resources":["arn:aws:ecs:eu-west-1:111122223333:service/%s"],"detail":{"eventType":"ERROR","eventName":"SERVICE_DEPLOYMENT_FAILED","deploymentId":"ecs-svc/1","reason":"ECS deployment circuit breaker: tasks failed to start."}`,
		`"source":"aws.ecs","detail-type":"ECS Task State Change","detail":{"clusterArn":"arn:aws:ecs:eu-west-1:111122223333:cluster/%[2]s","group":"service:%[3]s","lastStatus":"STOPPED","desiredStatus":"STOPPED","stopCode":"EssentialContainerExited","stoppedReason":"Essential container in task exited","taskArn":"arn:aws:ecs:eu-west-1:111122223333:task/%[2]s/5c9636b5","containers":[{"name":"app","exitCode":1,"lastStatus":"STOPPED"}]}`,
	},
}

// eventOf is the nth event, which is about a thing.
func eventOf(thing wire.Thing, n int) string {
	cluster, service, _ := strings.Cut(thing.Name, "/")
	of := kinds[thing.Kind]
	about := fmt.Sprintf(of[n%len(of)]+"%.0[2]s%.0[3]s", thing.Name, cluster, service)
	at := time.Date(2026, 11, 27, 12, 0, n, 0, time.UTC).Format(time.RFC3339)
	return fmt.Sprintf(`{"version":"0","id":"event-%d","account":"111122223333","region":"eu-west-1","time":"%s",%s}`, n, at, about)
}
