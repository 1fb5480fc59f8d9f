package page

import (
	"math"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// at is a time of the day of the story, in minutes.
func at(minute float64) time.Time {
	return time.Date(2026, time.November, 22, 9, 0, 0, 0, time.UTC).Add(time.Duration(minute * float64(time.Minute)))
}

const consoleURL = "https://us-east-1.console.aws.amazon.com/"

// story is a bad day of a service: a release that leaks memory, one that fails, and the way
// back, with everything that a page shows.
func story() *timeline.Timeline {
	threshold := 5.0
	return &timeline.Timeline{
		Service: "some-service", Account: "123456789012", Alias: "production", Region: "us-east-1",
		From: at(0), To: at(360), Rows: storyRows(),
		Metrics: []timeline.Metric{
			{Label: "5xx", Unit: "a minute", Period: time.Minute, Threshold: &threshold, Points: points(360, 1, func(t float64) float64 {
				return 1 + .4*math.Sin(t*1.7) + 6*hill(t, 60, 6) + 9*hill(t, 72, 8) + 24*hill(t, 91, 7) + 8*hill(t, 82, 5)
			})},
			{Label: "Response time", Unit: "p99, ms", Period: 2 * time.Minute, Points: points(360, 2, func(t float64) float64 {
				if t > 200 && t < 230 {
					return math.NaN() // a gap
				}
				slow := 0.0
				if t > 41 && t < 103 {
					slow = 230 + 40*math.Sin(t)
				}
				return 220 + 14*math.Sin(t*.9) + slow + 260*hill(t, 91, 9)
			})},
			{Label: "Healthy", Unit: "instances", Period: time.Minute, Points: points(360, 1, func(t float64) float64 {
				switch {
				case t >= 58 && t < 64, t >= 67 && t < 72:
					return 3
				case t >= 91 && t < 106:
					return 2
				case t >= 193:
					return 10
				}
				return 4
			})},
		},
		Compared: timeline.Comparisons{
			How: "Mean and 99th percentile of the 30 minutes before and after each release. After, not because of.",
			Releases: []timeline.Comparison{
				{Release: notice.Release{ID: "d-7QK2M9X1B", Version: "1.4.2"}, At: at(41), Deaths: 2, Alarms: 1, Verdict: timeline.Worse, Why: "5xx: changed 9.4 times its own scatter",
					Changes: []timeline.Change{
						{Label: "5xx", Unit: "a minute", Before: timeline.Stats{Points: 30, Mean: .9, P99: 1.4}, After: timeline.Stats{Points: 30, Mean: 7.6, P99: 13.1}, Verdict: timeline.Worse},
						{Label: "Response time", Unit: "p99, ms", Before: timeline.Stats{Points: 15, Mean: 221, P99: 234}, After: timeline.Stats{Points: 15, Mean: 468, P99: 640}, Verdict: timeline.Worse},
					}},
				{Release: notice.Release{ID: "d-ROLLBACK1", Version: "1.4.1", Rollback: true}, At: at(103), Verdict: timeline.Better, Why: "5xx: changed 12.1 times its own scatter",
					Changes: []timeline.Change{
						{Label: "5xx", Unit: "a minute", Before: timeline.Stats{Points: 30, Mean: 9.8, P99: 31.2}, After: timeline.Stats{Points: 30, Mean: 1.1, P99: 1.5}, Verdict: timeline.Better},
						{Label: "Response time", Unit: "p99, ms", Before: timeline.Stats{Points: 15, Mean: 490, P99: 702}, After: timeline.Stats{}, Verdict: timeline.Unclear},
					}},
			},
		},
		Asked:    []string{"Auto Scaling (2 groups)", "CodeDeploy (1 application)", "CloudWatch alarms", "metrics", "journal"},
		NotAsked: []string{"CloudTrail (--who)"},
		Failed:   []string{"AWS Health: the account has no support plan for its API"},
	}
}

func hill(t, center, width float64) float64 {
	return math.Exp(-(t - center) * (t - center) / width / width)
}

// points are values of a function, every so many minutes; there is none where it is no number.
func points(minutes, step int, f func(float64) float64) []timeline.Point {
	var all []timeline.Point
	for m := 0; m < minutes; m += step {
		if v := math.Round(f(float64(m))*100) / 100; !math.IsNaN(v) {
			all = append(all, timeline.Point{Time: at(float64(m)), Value: v})
		}
	}
	return all
}

func storyRows() []timeline.Row {
	release := func(id, version string, state wire.DeploymentState, rollback bool) *notice.Release {
		return &notice.Release{ID: id, Application: "some-service", Version: version, State: state, Rollback: rollback}
	}
	died := func(minute float64, name, id, after, often, healthy string, s notice.Severity) timeline.Row {
		r := timeline.Row{Start: at(minute), End: at(minute), Lane: timeline.Instances, Kind: notice.KindTermination, Severity: s, Status: notice.Open,
			Title: name + " ran out of memory (java); killed by its ELB health check", Link: notice.Link{Label: "Instance", URL: consoleURL + id}, Key: id,
			Facts: []notice.Fact{
				{Label: "Instance", Value: id, URL: consoleURL + id}, {Label: "Name", Value: name}, {Label: "Group", Value: "production", URL: consoleURL + "asg"},
				{Label: "Cause", Value: "ELB health check"}, {Label: "Capacity", Value: healthy}, {Label: notice.After, Value: after},
				{Label: notice.LastWords, Value: "[ 1042.1] Out of memory: Killed process 2231 (java) total-vm:3900000kB\n[ 1042.9] reboot: Power down"},
				{Label: "Type", Value: "m7g.large, us-east-1a"},
			}}
		if often != "" {
			r.Facts = append(r.Facts, notice.Fact{Label: notice.HowOften, Value: often})
		}
		return r
	}
	return []timeline.Row{
		{Start: at(35), End: at(41), Lane: timeline.Releases, Kind: notice.KindDeployment, Severity: notice.Info, Status: notice.Resolved,
			Title: "Deployed: some-service 1.4.2 to production", Link: notice.Link{Label: "Changes", URL: "https://example.com/compare"}, Key: "d1",
			Facts:   []notice.Fact{{Label: "Made by", Value: "alice"}, {Label: "Previous", Value: "8f3c21a…d01be77", URL: "https://example.com/compare"}, {Label: "Took", Value: "6 minutes"}},
			Release: release("d-7QK2M9X1B", "1.4.2", wire.DeploymentSucceeded, false)},
		died(58, "production-1", "i-0ab12cd34ef567890", "17 minutes after deployment d-7QK2M9X1B of 1.4.2 succeeded", "", "3 of 4 healthy", notice.Warning),
		died(67, "production-3", "i-0bc23de45fa678901", "26 minutes after deployment d-7QK2M9X1B of 1.4.2 succeeded", "", "3 of 4 healthy", notice.Warning),
		{Start: at(72), End: at(104), Lane: timeline.Alarms, Kind: notice.KindAlarm, Severity: notice.Error, Status: notice.Open, Key: "a1",
			Title: "Alarm some-service-5xx is in alarm: 7.3 over 5", Link: notice.Link{Label: "Alarm", URL: consoleURL + "alarm"},
			Facts: []notice.Fact{{Label: "Alarm", Value: "some-service-5xx"}, {Label: "Description", Value: "more than 5 errors a minute"}}},
		{Start: at(85), End: at(99), Lane: timeline.Releases, Kind: notice.KindDeployment, Severity: notice.Error, Status: notice.Open, Key: "d2",
			Title: "Deployment failed at ApplicationStart: some-service 1.4.3 to production", Link: notice.Link{Label: "Deployment", URL: consoleURL + "d-A1B2C3D4E"},
			Facts: []notice.Fact{{Label: notice.FailedAt, Value: "ApplicationStart on 2 of 4 instances: scripts/start.sh exited with 1"},
				{Label: notice.LogTail, Value: "Unable to access jarfile app.jar"}},
			Release: release("d-A1B2C3D4E", "1.4.3", wire.DeploymentFailed, false)},
		died(91, "production-2", "i-0cd34ef56ab789012", "50 minutes after deployment d-7QK2M9X1B of 1.4.2 succeeded", "the 3rd instance in 33 minutes that ran out of memory", "2 of 4 healthy", notice.Critical),
		{Start: at(100), End: at(103), Lane: timeline.Releases, Kind: notice.KindDeployment, Severity: notice.Warning, Status: notice.Resolved, Key: "d3",
			Title: "Rolled back: some-service 1.4.1 to production", Link: notice.Link{Label: "Deployment", URL: consoleURL + "d-ROLLBACK1"},
			Facts:   []notice.Fact{{Label: "Rollback of", Value: "d-A1B2C3D4E"}},
			Release: release("d-ROLLBACK1", "1.4.1", wire.DeploymentSucceeded, true)},
		{Start: at(105), End: at(106), Lane: timeline.Instances, Kind: notice.KindLaunch, Severity: notice.Info, Status: notice.Resolved, Key: "l1",
			Title: "2 instances launched in production", Link: notice.Link{Label: "Group activity", URL: consoleURL + "asg"},
			Facts: []notice.Fact{{Label: "Instances", Value: "production-5, production-6"}, {Label: "Capacity", Value: "4 of 4 healthy"}}},
		{Start: at(190), End: at(193), Lane: timeline.Instances, Kind: notice.KindLaunch, Severity: notice.Info, Status: notice.Marker, Key: "l2",
			Title: "6 instances launched in production", Facts: []notice.Fact{{Label: "Cause", Value: "scale-out by an alarm"}, {Label: "Capacity", Value: "4 → 10"}}},
		{Start: at(260), End: at(292), Lane: timeline.Hooks, Kind: notice.KindInstanceRefresh, Severity: notice.Info, Status: notice.Resolved, Key: "f1",
			Title: "Instance refresh of production succeeded", Link: notice.Link{Label: "Instance refresh", URL: consoleURL + "refresh"},
			Facts: []notice.Fact{{Label: "Replaced", Value: "10 of 10"}, {Label: "Launch template", Value: "version 41"}}},
		{Start: at(305), End: at(305), Lane: timeline.Account, Kind: notice.KindHealth, Severity: notice.Warning, Status: notice.Open, Key: "h1",
			Title: "Maintenance is scheduled for 1 instance on 25 Nov, 02:00 UTC", Facts: []notice.Fact{{Label: "Code", Value: "AWS_EC2_INSTANCE_REBOOT_MAINTENANCE_SCHEDULED"}}},
	}
}
