package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// function is a program, and the environment that it starts in.
type function struct {
	program string
	args    []string
	env     []string
}

// life is what was measured of one process of a function.
type life struct {
	init         time.Duration   // from its start until it asks for work
	invocations  []time.Duration // each until it asks for more, as Lambda bills them
	memory       float64         // the most that it had resident, in MB
	user, system time.Duration   // the CPU time that it took in all
	warmCPU      time.Duration   // that the invocations after the first took
}

// live starts a function with a full CPU, as Lambda does, and has it do the same
// work several times with the share of a CPU that its memory would give it.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
func live(b *testing.B, f function, share *share, payload, want string, invocations int) life {
	b.Helper()
	const work = "/2018-06-01/runtime/invocation/"
	var l life
	var began, given time.Time
	cmd := exec.Command(f.program, f.args...)
	var first time.Duration // CPU time until the first invocation was done
	started, done, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
	failure := ""
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked := time.Now()
		if r.URL.Path != work+"next" {
			if answer, _ := io.ReadAll(r.Body); !bytes.Contains(answer, []byte(want)) {
				failure = string(answer)
			}
			w.WriteHeader(http.StatusAccepted)
			return
		}
		<-started
		if given.IsZero() {
			l.init = asked.Sub(began)
			share.limit(b, cmd.Process.Pid)
		} else {
			l.invocations = append(l.invocations, asked.Sub(given))
			if len(l.invocations) == 1 {
				first = cpuTime(cmd.Process.Pid)
			}
		}
		if len(l.invocations) == invocations {
			l.warmCPU = cpuTime(cmd.Process.Pid) - first
			close(done)
			<-ended
			return
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request")
		w.Header().Set("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:123456789012:function:notifier")
		w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(asked.Add(time.Minute).UnixMilli()))
		given = time.Now()
		_, _ = io.WriteString(w, payload)
	}))
	defer api.Close()
	defer close(ended)

	cmd.Env = slices.Concat(f.env, []string{"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(api.URL, "http://")})
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	began = time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	close(started)
	select {
	case <-done:
	case <-time.After(5 * time.Minute):
		failure = "it did not answer within five minutes"
	}
	l.memory = peak(cmd.Process.Pid)
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	l.user, l.system = cmd.ProcessState.UserTime(), cmd.ProcessState.SystemTime()
	if failure != "" {
		b.Fatalf("%s: %s\n%s", f.program, failure, &log)
	}
	return l
}

// cpuTime is what the threads of a running process have taken so far, which the kernel says to
// the nanosecond.
//
// https://docs.kernel.org/scheduler/sched-stats.html
func cpuTime(pid int) (taken time.Duration) {
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	for _, thread := range threads {
		text, _ := os.ReadFile(thread)
		var on int64
		_, _ = fmt.Sscan(string(text), &on)
		taken += time.Duration(on)
	}
	return taken
}

// peak returns the peak memory of a running process as the kernel reports it, in MB,
// or 0. For a process that has ended the kernel counts the memory of its parent too.
func peak(pid int) float64 {
	status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, high, _ := strings.Cut(string(status), "VmHWM:")
	var kilobytes float64
	_, _ = fmt.Sscan(high, &kilobytes)
	return kilobytes / 1000
}
