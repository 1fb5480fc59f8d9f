package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// BenchmarkTable compares the notifier that has a table of 3,000 services of 50 teams, and finds in it
// whom to notify, with itself without one: cold, and warm.
func BenchmarkTable(b *testing.B) {
	aws, notifier := startAWS(b), buildNotifier(b, runtime.GOARCH)
	delivery := terminationByMail(b)
	toTeams := encoded(b, wire.Delivery{
		Order: wire.Order{Watch: wire.Watch{Service: "fleet", Terminations: &wire.Terminations{}}, Fleet: true},
		Event: recorded(b, "autoscaling", "asg-terminate-elb-health-check"),
	})
	table := wire.TableVariable + "=" + tableOf(b, 3000)
	rows := [][]string{{"memory", "cold, with the table", "against without", "warm, against without", "more memory"}}
	for _, memory := range []int{memories[0], wholeCPU} {
		var with, without lives
		b.Run(fmt.Sprintf("%dMB", memory), func(b *testing.B) {
			share := newShare(b, memory)
			for range max(b.N, 20) {
				with = append(with, live(b, function{program: notifier, env: append(aws.environment(memory), table)}, share, toTeams, `"outcome":"sent"`, warm))
				without = append(without, live(b, function{program: notifier, env: aws.environment(memory)}, share, delivery, `"outcome":"sent"`, warm))
			}
			b.ReportMetric(0, "ns/op")
			with.report(b, "table", without)
			b.ReportMetric(with.memory()-without.memory(), "more-peak-MB")
		})
		if len(with) > 0 {
			rows = append(rows, []string{fmt.Sprint(memory, " MB"), milliseconds(with.cold()), times(with.cold(), without.cold()), times(with.warm(), without.warm()),
				fmt.Sprintf("%.1f MB", with.memory()-without.memory())})
		}
	}
	writeTable(b, "table", rows)
}

// tableOf writes the table of a fleet. Its last team has the group of the event.
func tableOf(b *testing.B, services int) (file string) {
	b.Helper()
	const teams = 50
	table := wire.Table{TeamTag: "team"}
	for n := range teams {
		table.Teams = append(table.Teams, wire.Team{Name: fmt.Sprint("team-", n), Sinks: []wire.Sink{{Email: &wire.Email{From: "ops@example.com", To: []string{fmt.Sprintf("team-%d@example.com", n)}}}}})
	}
	owned := []wire.Owned{{Thing: wire.Thing{Kind: wire.AutoScalingGroup, Name: "staging"}, Team: teams - 1, Service: "some-service"}}
	for n := range services {
		name := fmt.Sprintf("some-service-%04d", n)
		for _, thing := range []wire.Thing{
			{Kind: wire.AutoScalingGroup, Name: name + "-production"}, {Kind: wire.AutoScalingGroup, Name: name + "-canary"}, {Kind: wire.CodeDeployApplication, Name: name},
		} {
			owned = append(owned, wire.Owned{Thing: thing, Team: n % teams, Service: name})
		}
	}
	text, err := table.Write(owned)
	if err != nil {
		b.Fatal(err)
	}
	file = filepath.Join(b.TempDir(), "table.jsonl")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}
