//go:build linux

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// maxCompile is how much memory, in kB, the largest process of a compilation may
// take: the first synthesis of an app compiles the notifier, on small CI machines
// too. The SDK's EC2 client alone would take 3.3 GB.
const maxCompile = 500_000

// TestColdCompile compiles the notifier as the first synthesis on a machine does:
// with nothing in the build cache. It takes most of a minute, so it runs only where
// EXTRAEYE_COLD_COMPILE is set, as it is in CI.
func TestColdCompile(t *testing.T) {
	if os.Getenv("EXTRAEYE_COLD_COMPILE") == "" {
		t.Skip("EXTRAEYE_COLD_COMPILE is not set")
	}
	cmd := exec.Command("go", append(append([]string{"build"}, flags...), "-o", filepath.Join(t.TempDir(), "bootstrap"), ".")...)
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64", "GOCACHE="+t.TempDir())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// What the go command waited for counts in, the largest alone.
	largest := cmd.ProcessState.SysUsage().(*syscall.Rusage).Maxrss
	t.Logf("%d kB at most, %v of CPU time", largest, cmd.ProcessState.UserTime()+cmd.ProcessState.SystemTime())
	if largest < 50_000 {
		t.Errorf("%d kB is too little for a compiler: it was not measured", largest)
	}
	if largest > maxCompile {
		t.Errorf("the largest process took %d kB, at most %d are allowed", largest, maxCompile)
	}
}
