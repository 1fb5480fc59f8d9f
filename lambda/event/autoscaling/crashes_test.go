package autoscaling

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

const outOfMemory = "ran out of memory"

// crashed is a termination by ELB's health check of an instance that crashed.
func crashed(kind string) *Termination {
	return &Termination{
		InstanceID: "i-0", Cause: wire.CauseELBHealthCheck, CauseName: "ELB health check",
		Console: event.Found(Console{Crash: kind, Kind: kind, Lines: []string{"x"}}),
	}
}

func TestEarlierDeaths(t *testing.T) {
	activities := []Activity{
		killed("i-0", 0), killed("i-1", 0), killed("i-1", time.Minute), killed("i-later", -time.Minute),
		{Description: "Terminating EC2 instance: i-scaled", Cause: "At 2022-12-23T18:00:11Z an instance was taken out of service in response to a difference between desired and actual capacity.", Started: ago(time.Minute)},
		{Description: "Terminating EC2 instance: i-gone", Cause: "At 2022-12-23T18:00:11Z an instance was taken out of service in response to an EC2 health check indicating it has been terminated or stopped.", Started: ago(time.Minute)},
		{Description: "Launching a new EC2 instance: i-launched", Started: ago(time.Minute)},
		{ID: "no instance", Description: "Terminating EC2 instance", Cause: killed("", 0).Cause, Started: ago(time.Minute)},
		killed("i-2", time.Hour), killed("i-3", 2*time.Hour), killed("i-4", 119*time.Minute), killed("i-5", 100*time.Minute),
	}
	d := crashed(outOfMemory)
	d.Activities = event.Found(ScalingActivities{Activities: activities})
	ids := ""
	for _, c := range d.EarlierDeaths(death) {
		ids += c.InstanceID + " "
	}
	if ids != "i-1 i-2 i-3 i-4 " {
		t.Errorf("earlier deaths are %q", ids)
	}

	minor := crashed("had a service fail")
	minor.Console.Value.Minor = true
	for name, d := range map[string]*Termination{
		"no sign":          crashed(""),
		"a failed service": minor,
		"taken away":       {Cause: wire.CauseSpot, Console: crashed(outOfMemory).Console},
		"not terminated":   {Cause: wire.CauseELBHealthCheck, Failed: true, Console: crashed(outOfMemory).Console},
	} {
		d.Activities = event.Found(ScalingActivities{Activities: activities})
		if deaths := d.EarlierDeaths(death); deaths != nil {
			t.Errorf("%s: earlier deaths are %+v", name, deaths)
		}
	}
}

func TestSameCrashes(t *testing.T) {
	oom := func(d time.Duration) Crash { return Crash{InstanceID: "i", At: ago(d), Kind: outOfMemory} }
	panicked := Crash{InstanceID: "i", At: ago(time.Minute), Kind: "had a kernel panic"}
	for name, tt := range map[string]struct {
		kind    string
		crashes []Crash
		want    string
		many    bool
	}{
		"the only one":  {outOfMemory, nil, "", false},
		"other kinds":   {outOfMemory, []Crash{panicked, {At: ago(time.Minute)}}, "", false},
		"two":           {outOfMemory, []Crash{panicked, oom(50 * time.Minute)}, "the 2nd instance in 50 minutes that ran out of memory", false},
		"at once":       {outOfMemory, []Crash{oom(0), oom(0)}, "the 3rd instance in 1 minute that ran out of memory", true},
		"two hours ago": {outOfMemory, []Crash{oom(2 * time.Hour)}, "the 2nd instance in 2 hours that ran out of memory", false},
		"too long ago":  {outOfMemory, []Crash{oom(3 * time.Hour), oom(-time.Hour)}, "", false},
		"no sign":       {"", []Crash{{}, {}}, "", false},
		"another crash": {"had a kernel panic", []Crash{panicked, panicked}, "the 3rd instance in 1 minute that had a kernel panic", true},
	} {
		d := crashed(tt.kind)
		d.Crashes = tt.crashes
		if got := d.sameCrashes(death); got.text() != tt.want || got.many() != tt.many {
			t.Errorf("%s: %q, many %v; want %q, %v", name, got.text(), got.many(), tt.want, tt.many)
		}
	}
}

func TestApplicationChecks(t *testing.T) {
	for check, want := range map[ApplicationCheck]string{
		{Code: "ResponseCodeMismatch", Protocol: "HTTPS", Status: "503"}: "answered HTTPS 503",
		{Code: "ResponseCodeMismatch", Status: "404"}:                    "answered HTTP 404",
		{Code: "ConnectionTimeout", Protocol: "HTTP"}:                    "accepted no connection in time",
		{Code: "ResponseTimeout"}:                                        "did not answer in time",
		{Code: "ConnectionRefused"}:                                      "refused connections",
		{Code: "ConnectionReset"}:                                        "reset connections",
		{Code: "HttpConnectTimeoutException"}:                            "accepted no connection in time",
		{Code: "SomethingNew"}:                                           "failed an application status check: SomethingNew",
		{}:                                                               "failed an application status check",
	} {
		if got := check.text(); got != want {
			t.Errorf("%+v: %q, want %q", check, got, want)
		}
	}
}
