package timeline

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// at is a time of a day, in minutes.
func at(minute int) time.Time {
	return time.Date(2026, time.November, 22, 9, minute, 0, 0, time.UTC)
}

func death(minute int, title string, facts ...notice.Fact) Row {
	return Row{Start: at(minute), End: at(minute), Lane: Instances, Kind: notice.KindTermination, Status: notice.Open, Title: title, Facts: facts}
}

func alarm(from, to int, name string) Row {
	r := Row{Start: at(from), Lane: Alarms, Kind: notice.KindAlarm, Status: notice.Open, Facts: []notice.Fact{{Label: "Alarm", Value: name}}}
	if to > 0 {
		r.End = at(to)
	}
	return r
}

func release(from, to int, version string, state wire.DeploymentState, rollback bool) Row {
	return Row{Start: at(from), End: at(to), Lane: Releases, Kind: notice.KindDeployment, Release: &notice.Release{ID: version, Version: version, State: state, Rollback: rollback}}
}

func TestSummary(t *testing.T) {
	const oom = "production-1 ran out of memory (java); killed by its ELB health check"
	cause := func(c string) notice.Fact { return notice.Fact{Label: "Cause", Value: c} }
	task := Row{Start: at(5), End: at(5), Kind: notice.KindTask, Status: notice.Open, Title: "Task stopped", Facts: []notice.Fact{{Label: "Reason", Value: "out of memory"}}}
	for _, tt := range []struct {
		name, want string
		t          Timeline
	}{
		{"nothing", "Nothing happened", Timeline{}},
		{"nothing known", "Nothing was found, but not everything could be asked", Timeline{Failed: []string{"CodeDeploy"}}},
		{"nothing that counts", "No release, no death and no alarm", Timeline{Rows: []Row{{Kind: notice.KindLaunch}}}},
		{"a bad day", "2 releases (1 unsuccessful) and 1 rollback · 3 instances killed, all ran out of memory, all after 1.4.2 · 5xx in alarm for 42 minutes · recovered 46 minutes after the first death",
			Timeline{Service: "shop", Rows: []Row{
				death(91, oom), death(58, oom), death(67, oom), alarm(72, 104, "shop-5xx"), alarm(300, 310, "shop-5xx"), // which is another matter
				release(100, 103, "1.4.1", wire.DeploymentSucceeded, true), release(85, 99, "1.4.3", wire.DeploymentFailed, false), release(35, 41, "1.4.2", wire.DeploymentSucceeded, false),
			}}},
		{"one of each", "1 release · 1 instance killed, by ELB health check, after 1.0 · CPU still in alarm",
			Timeline{Rows: []Row{release(0, 1, "1.0", wire.DeploymentSucceeded, false), death(2, "", cause("ELB health check")), alarm(3, 0, "CPU")}}},
		{"several rows of a release", "1 release", Timeline{Rows: []Row{release(0, 0, "1.0", wire.DeploymentStarted, false), release(0, 9, "1.0", wire.DeploymentSucceeded, false)}}},
		{"most of them", "2 releases · 3 instances killed, 2 of them by ELB health check, 2 of them after 2.0",
			Timeline{Rows: []Row{release(0, 1, "1.0", wire.DeploymentSucceeded, false), death(2, "", cause("ELB health check")), release(3, 4, "2.0", wire.DeploymentSucceeded, false),
				death(5, "", cause("EC2 health check")), death(6, "", cause("ELB health check"))}}},
		{"nothing in common", "2 instances killed", Timeline{Rows: []Row{death(2, "", cause("a")), death(3, "", cause("b"))}}},
		{"tasks", "1 instance killed and 2 tasks stopped, 2 of them out of memory", Timeline{Rows: []Row{task, task, death(7, "")}}},
		{"not terminated", "No release, no death and no alarm", Timeline{Rows: []Row{death(1, "Auto Scaling could not terminate i-0", notice.Fact{Label: "Not terminated", Value: "why"})}}},
		{"alarms", "2 alarms, the longest b for 20 minutes", Timeline{Rows: []Row{alarm(0, 5, "a"), alarm(20, 40, "b"), alarm(50, 60, "a")}}},
		{"alarms, one on", "2 alarms, a still in alarm", Timeline{Rows: []Row{alarm(0, 5, "b"), alarm(20, 0, "a")}}},
		{"recovered by a rollback", "1 rollback · 1 instance killed · recovered 8 minutes after the first death", Timeline{Rows: []Row{death(2, ""), release(5, 10, "1.0", wire.DeploymentSucceeded, true)}}},
		{"died again", "1 rollback · 2 instances killed", Timeline{Rows: []Row{death(2, ""), release(5, 10, "1.0", wire.DeploymentSucceeded, true), death(11, "")}}},
		{"without times", "1 release · 1 instance killed · an alarm still in alarm",
			Timeline{Rows: []Row{{Kind: notice.KindTermination, Status: notice.Open}, {Kind: notice.KindAlarm, Status: notice.Open}, {Release: &notice.Release{}}}}},
		{"ends before it begins", "a in alarm", Timeline{Rows: []Row{alarm(20, 10, "a")}}},
	} {
		if got := Summary(&tt.t); got != tt.want {
			t.Errorf("%s:\ngot  %s\nwant %s", tt.name, got, tt.want)
		}
	}
}
