package console

// kernelSigns are those of a kernel, a CPU or the hardware that failed.
//
// The paths are of https://github.com/torvalds/linux.
var kernelSigns = []sign{
	// lib/bug.c, lib/list_debug.c
	{words: "kernel bug at ", kind: KernelBug, name: "*! "},
	{words: "list_add corruption", kind: KernelBug},
	{words: "list_add double add", kind: KernelBug},
	{words: "list_del corruption", kind: KernelBug},

	// arch/x86/mm/fault.c, arch/x86/kernel/{traps,dumpstack}.c
	{words: "bug: unable to handle", kind: KernelBug},
	{words: "bug: kernel null pointer", kind: KernelBug},
	{words: "stack guard page was hit", kind: KernelBug},
	{words: "corrupted page table at address", kind: KernelBug, name: before},
	{words: "thread overran stack", kind: KernelBug},
	{words: "panic: double fault", kind: KernelBug},
	{words: "general protection fault", and: "[#", kind: KernelBug},
	{words: ": 0000 [#", kind: KernelBug}, // "invalid opcode: 0000 [#1] SMP PTI", "divide error: …"
	{words: "oops: ", and: " [#", kind: KernelBug},

	// arch/arm64/mm/fault.c, arch/arm64/kernel/traps.c
	{words: "unable to handle kernel", kind: KernelBug},
	{words: "internal error: ", and: " [#", kind: KernelBug},
	{words: "unhandled fault: ", kind: KernelBug},
	{words: "insufficient stack space to handle exception", kind: KernelBug},
	{words: "serror interrupt on cpu", kind: HardwareError},

	// kernel/sched/core.c, kernel/exit.c, mm/page_alloc.c, mm/memory.c, mm/kasan/report.c
	{words: "bug: scheduling while atomic", kind: KernelBug, name: "atomic: */ "},
	{words: "fixing recursive fault but reboot is needed", kind: KernelBug},
	{words: "bug: bad page state in process ", kind: KernelBug, name: "* "},
	{words: "bug: bad page map in process ", kind: KernelBug, name: "* "},
	{words: "bug: kasan: ", kind: KernelBug},

	// https://github.com/freebsd/freebsd-src/blob/main/sys/amd64/amd64/trap.c
	{words: "fatal trap ", and: "while in kernel mode", kind: KernelBug},

	// kernel/watchdog.c, kernel/workqueue.c, kernel/smp.c, kernel/locking/spinlock_debug.c.
	// Until 4.18 without "watchdog: ", before 3.16 after "BUG: " alone.
	{words: "soft lockup - cpu", kind: StuckCPU, name: task},
	{words: "hard lockup on cpu", kind: StuckCPU},
	{words: "bug: workqueue lockup", kind: StuckCPU},
	{words: "spinlock lockup", kind: StuckCPU},
	{words: "non-responsive csd lock", kind: StuckCPU},
	{words: "kernel panic - not syncing: softlockup", kind: StuckCPU},
	{words: "kernel panic - not syncing: hard lockup", kind: StuckCPU},
	{words: "kernel panic - not syncing: watchdog detected hard lockup", kind: StuckCPU},

	// kernel/rcu/tree_stall.h; before 4.19 kernel/rcutree.c, without "rcu: "
	{words: "info: rcu_", and: " stall", kind: StalledCPU},
	{words: "info: rcu_", and: "self-detected stall", kind: StalledCPU},
	{words: "info: rcu detected cpu", kind: StalledCPU},
	{words: "kthread starved for ", and: " jiffies", kind: StalledCPU},
	{words: "kernel panic - not syncing: rcu stall", kind: StalledCPU},

	// kernel/hung_task.c
	{words: "info: task ", and: " for more than ", kind: StuckTask, name: "* #"},
	{words: "kernel panic - not syncing: hung_task", kind: StuckTask},

	// kernel/panic.c and those who call it
	{words: "kernel panic", kind: KernelPanic},
	{words: "kernel panic - not syncing: ", kind: KernelPanic, name: rest},
	{words: "---[ end kernel panic", kind: noise},

	// arch/x86/kernel/cpu/mce/core.c, drivers/firmware/efi/cper.c, drivers/edac/edac_mc.c,
	// mm/memory-failure.c, drivers/pci/pcie/aer.c
	{words: "machine check exception", kind: HardwareError},
	{words: "[hardware error]: machine check: ", kind: HardwareError},
	{words: "[hardware error]: event severity: fatal", kind: HardwareError},
	{words: "[hardware error]: ", and: "machine check:", kind: HardwareError},
	{words: "kernel panic - not syncing: fatal machine check", kind: HardwareError},
	{words: "kernel panic - not syncing: fatal hardware error", kind: HardwareError},
	{words: "uncorrected hardware memory error", kind: HardwareError},
	{words: "due to hardware memory corruption", kind: HardwareError},
	{words: "memory failure: 0x", and: ": killing ", kind: HardwareError, name: "killing *:"},
	{words: "edac mc", and: " ue ", kind: HardwareError},
	{words: "bus error: severity=uncorrect", kind: HardwareError},
	{words: "gpu has fallen off the bus", kind: HardwareError}, // NVIDIA's driver: "NVRM: Xid (…): 79, …"

	// net/sched/sch_generic.c, drivers/net/ethernet/amazon/ena/ena_netdev.c
	{words: "netdev watchdog: ", and: "timed out", kind: NetworkLost, name: "* "},
	{words: ": netdev watchdog: ", and: "timed out", kind: NetworkLost, name: before},
	{words: "keep alive watchdog timeout", kind: NetworkLost, name: before},
	{words: "ena admin queue is not in running state", kind: NetworkLost, name: before},
	{words: "has different mac address than expected", kind: NetworkLost, name: before}, // initscripts' network-functions

	// arch/x86/mm/fault.c, arch/x86/kernel/traps.c, arch/arm64/kernel/traps.c
	{words: "]: segfault at ", kind: ProcessCrash, name: before},
	{words: "traps: ", and: " trap ", kind: ProcessCrash, name: "*["},
	{words: "traps: ", and: " general protection", kind: ProcessCrash, name: "*["},
	{words: "]: unhandled exception: ", kind: ProcessCrash, name: before},
	{words: "]: unhandled level ", kind: ProcessCrash, name: before},
	{words: "fatal error has been detected by the java runtime environment", kind: ProcessCrash}, // hotspot/share/utilities/vmError.cpp
	{words: "dumped core", kind: ProcessCrash, name: before},
	{words: "process ", and: ") of user ", kind: ProcessCrash, name: inParens}, // https://github.com/systemd/systemd/blob/main/src/coredump/coredump.c
}
