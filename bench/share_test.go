package bench

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// share is the share of a CPU that Lambda gives to a function of a memory size: a
// control group with a quota. nil is the whole machine.
type share struct {
	dir     string
	unified bool // version 2 of control groups
}

const (
	// wholeCPU is the memory, in MB, at which a function has one CPU.
	//
	// https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
	wholeCPU = 1769
	// period is how often a function gets its share, in microseconds. Lambda's is
	// not documented; functions that watch their own clock see 20 ms.
	period = 20_000
)

// newShare needs permission to create control groups, which root has on Linux.
func newShare(b *testing.B, memory int) *share {
	b.Helper()
	quota := strconv.Itoa(period * memory / wholeCPU)
	name := fmt.Sprintf("extraeye-bench-%d", os.Getpid())
	s := &share{dir: filepath.Join("/sys/fs/cgroup/cpu", name)}
	limits := map[string]string{"cpu.cfs_period_us": strconv.Itoa(period), "cpu.cfs_quota_us": quota}
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.subtree_control"); err == nil {
		s = &share{dir: filepath.Join("/sys/fs/cgroup", name), unified: true}
		limits = map[string]string{"cpu.max": quota + " " + strconv.Itoa(period)}
	}
	err := os.Mkdir(s.dir, 0o755)
	for file, value := range limits {
		err = errors.Join(err, os.WriteFile(filepath.Join(s.dir, file), []byte(value), 0o644))
	}
	if err != nil {
		_ = os.Remove(s.dir)
		b.Skip("limiting a CPU needs permission: ", err)
	}
	b.Cleanup(func() { _ = os.Remove(s.dir) })
	return s
}

// limit puts a process under the limit.
func (s *share) limit(b *testing.B, pid int) {
	if s == nil {
		return
	}
	if err := os.WriteFile(filepath.Join(s.dir, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644); err != nil {
		b.Error(err)
	}
}
