package console

// A Kind is a kind of death. Causes come before their consequences: of the kinds that a
// console has signs of, the first is reported. A kernel panics because it cannot find its
// root device, not the reverse.
type Kind int

const (
	// Unknown is the kind of a console without signs.
	Unknown Kind = iota
	// OutOfMemory is the kernel's OOM killer at work for the whole machine.
	OutOfMemory
	// BugCheck is Windows' blue screen.
	BugCheck
	// SELinux is a policy that could not be loaded on a machine that enforces one.
	SELinux
	// NoRoot is a root device or a root file system that was not found.
	NoRoot
	// BootFailure is a boot loader, an early kernel or an init that gave up.
	BootFailure
	// FileSystemCheck is an fsck that failed, or that waits for someone.
	FileSystemCheck
	// HardwareError is a machine check, or memory or a device that failed.
	HardwareError
	// DiskError is a disk that failed or timed out.
	DiskError
	// FileSystemError is a file system or its journal found broken.
	FileSystemError
	// ReadOnly is a file system that the kernel remounted read-only.
	ReadOnly
	// KernelBug is a BUG, an Oops, or a structure that was found corrupted.
	KernelBug
	// StuckCPU is a soft or a hard lockup.
	StuckCPU
	// StalledCPU is an RCU stall.
	StalledCPU
	// KernelPanic is a panic of another reason than the kinds above.
	KernelPanic
	// InitFreeze is a systemd that stopped executing.
	InitFreeze
	// StuckTask is a hung task.
	StuckTask
	// NoFileServer is an NFS server, as of EFS, that does not answer.
	NoFileServer
	// MemoryLimit is the OOM killer at work within a cgroup, or a heap that is full.
	MemoryLimit
	// DiskFull is a device without space left.
	DiskFull
	// MemoryShortage is an allocation that failed.
	MemoryShortage
	// NoVolume is a volume, other than the root, that was not found or mounted.
	NoVolume
	// Shell is an emergency, rescue or initramfs shell that waits for someone.
	Shell
	// NetworkLost is a network interface that stopped working.
	NetworkLost
	// UncleanRestart is a Windows that came up again without having shut down.
	UncleanRestart
	// ProcessCrash is a process that died of a segfault or of another trap.
	ProcessCrash
	// StartScript is a script or a module of cloud-init, Ignition or cfn-init that failed.
	StartScript
	// ServiceFailure is a unit of systemd, or a service of Windows, that failed.
	ServiceFailure

	// The kinds of signs that are not a death.

	noise   // the line only looks like one
	booting // a boot begins
	booted  // a boot ended as it should
	closing // the machine shuts down
)

// phrases follow a machine's name: "some-service-1 ran out of memory".
var phrases = [...]string{
	Unknown:         "",
	OutOfMemory:     "ran out of memory",
	BugCheck:        "had a Windows bug check",
	SELinux:         "was halted by SELinux",
	NoRoot:          "did not find its root device",
	BootFailure:     "did not boot",
	FileSystemCheck: "failed its file system check",
	HardwareError:   "had a hardware error",
	DiskError:       "had disk errors",
	FileSystemError: "had file system errors",
	ReadOnly:        "had a file system turn read-only",
	KernelBug:       "hit a kernel bug",
	StuckCPU:        "had a CPU stuck",
	StalledCPU:      "had a CPU stalled",
	KernelPanic:     "had a kernel panic",
	InitFreeze:      "had its init freeze",
	StuckTask:       "had a task hang",
	NoFileServer:    "lost its NFS server",
	MemoryLimit:     "ran into a memory limit",
	DiskFull:        "ran out of disk space",
	MemoryShortage:  "ran short of memory",
	NoVolume:        "could not mount a volume",
	Shell:           "booted into an emergency shell",
	NetworkLost:     "lost its network",
	UncleanRestart:  "restarted without shutting down",
	ProcessCrash:    "had a process crash",
	StartScript:     "failed in its start script",
	ServiceFailure:  "had a service fail",
}

// String is what a machine did, in plain words that follow its name: "ran out of
// memory". It is empty for Unknown.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(phrases) {
		return ""
	}
	return phrases[k]
}

// traced reports whether a stack trace follows that names the running process.
func (k Kind) traced() bool { return k == KernelBug || k == StuckCPU || k == StalledCPU }

// grave reports whether lines of the kind are quoted before others if there are too
// many: those of the kernel, of disks and of boots.
func (k Kind) grave() bool { return k < ProcessCrash }
