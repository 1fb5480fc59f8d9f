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
	dir    string            // what the names of its control groups begin with
	limits map[string]string // the files of a group
	groups int               // so many were made
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
	s := &share{dir: filepath.Join("/sys/fs/cgroup/cpu", fmt.Sprintf("extraeye-bench-%d", os.Getpid()))}
	s.limits = map[string]string{"cpu.cfs_period_us": strconv.Itoa(period), "cpu.cfs_quota_us": quota}
	if _, err := os.Stat("/sys/fs/cgroup/cgroup.subtree_control"); err == nil {
		s.dir = filepath.Join("/sys/fs/cgroup", filepath.Base(s.dir))
		s.limits = map[string]string{"cpu.max": quota + " " + strconv.Itoa(period)}
	}
	if err := s.group(); err != nil {
		b.Skip("limiting a CPU needs permission: ", err)
	}
	b.Cleanup(func() {
		for n := range s.groups {
			_ = os.Remove(fmt.Sprint(s.dir, "-", n+1))
		}
	})
	return s
}

// group makes another control group with the share: one that had a process before may owe time.
func (s *share) group() error {
	s.groups++
	group := fmt.Sprint(s.dir, "-", s.groups)
	err := os.Mkdir(group, 0o755)
	for file, value := range s.limits {
		err = errors.Join(err, os.WriteFile(filepath.Join(group, file), []byte(value), 0o644))
	}
	return err
}

// limit puts a process under the limit, and makes the group of the next one.
func (s *share) limit(b *testing.B, pid int) {
	if s == nil {
		return
	}
	err := os.WriteFile(filepath.Join(fmt.Sprint(s.dir, "-", s.groups), "cgroup.procs"), []byte(strconv.Itoa(pid)), 0o644)
	if err = errors.Join(err, s.group()); err != nil {
		b.Error(err)
	}
}
