//go:build unix

package collect

import (
	"fmt"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
)

// manyActivities are deaths and launches of one group, the newest first.
func manyActivities(n int) []activity {
	all := make([]activity, n)
	for i := range all {
		at := ended.Add(-time.Duration(i) * (ended.Sub(began) / time.Duration(n)))
		a := activity{
			ID: fmt.Sprintf("a-%d", i), Group: "web-production", Status: "Successful",
			Start: at.Format(time.RFC3339Nano), End: at.Add(time.Second).Format(time.RFC3339Nano),
			Details: `{"Subnet ID":"subnet-0a1b2c3d","Availability Zone":"eu-west-1a"}`,
		}
		if i%2 == 0 {
			a.Description = fmt.Sprintf("Terminating EC2 instance: i-%017x", i)
			a.Cause = "At " + a.Start + " an instance was taken out of service in response to an ELB system health check failure."
		} else {
			a.Description = fmt.Sprintf("Launching a new EC2 instance: i-%017x", i)
			a.Cause = "At " + a.Start + " an instance was launched in response to an unhealthy instance needing to be replaced."
		}
		all[i] = a
	}
	return all
}

// manyRows reads 10,000 activities, which is as much as a timeline reads of a group.
func manyRows() int {
	c := &Collector{Account: "123456789012", Region: "eu-west-1", now: func() time.Time { return ended }}
	r := c.reader(everything, began, ended)
	r.activities, r.whole = manyActivities(10_000), true
	for i := range 100 {
		at := began.Add(time.Duration(i) * 3 * time.Minute)
		r.deployments = append(r.deployments, deployment{DeploymentInfo: codedeploy.DeploymentInfo{
			ID: fmt.Sprintf("d-%d", i), Application: "web", Group: "production", Status: "Succeeded", Creator: wire.CreatorUser, Created: at, Completed: at.Add(time.Minute),
		}})
	}
	return len(r.rows())
}

// TestManyRows bounds what 10,000 rows cost: less than 2 seconds of a processor, and 100 MB.
func TestManyRows(t *testing.T) {
	runtime.GC()
	start := processor(t)
	n := manyRows()
	took := processor(t) - start
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory)
	if n != 10_100 {
		t.Errorf("%d rows", n)
	}
	t.Logf("%v of a processor, %d MB", took, memory.HeapSys>>20)
	if took > 2*time.Second || memory.HeapSys > 100<<20 {
		t.Errorf("it took %v of a processor and %d MB", took, memory.HeapSys>>20)
	}
}

// processor is the time that this process has had of processors.
func processor(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		t.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkManyRows(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		manyRows()
	}
}
