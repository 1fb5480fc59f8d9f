package console

// memorySigns are those of memory that ran out, the kernel's and userland's.
var memorySigns = []sign{
	// https://github.com/torvalds/linux/blob/master/mm/oom_kill.c. Until 5.0 the kernel said
	// which process it had chosen, and then which it killed.
	{words: "out of memory", kind: OutOfMemory, name: inParens},
	{words: "killed process ", kind: OutOfMemory, name: inParens},
	{words: "invoked oom-killer", kind: OutOfMemory, preface: true},
	{words: "oom-kill:constraint=", kind: OutOfMemory, name: "task=*,", preface: true},
	{words: "oom-kill:constraint=constraint_memcg", kind: MemoryLimit, name: "task=*,", preface: true},
	{words: "memory cgroup out of memory", kind: MemoryLimit, name: inParens},
	{words: "no available memory (mpol_bind)", kind: OutOfMemory},
	{words: "no available memory in cpuset", kind: OutOfMemory},
	{words: "kernel panic - not syncing: out of memory", kind: OutOfMemory},
	{words: "kernel panic - not syncing: system is deadlocked on memory", kind: OutOfMemory},

	// https://github.com/systemd/systemd/blob/main/src/oom/oomd-manager.c
	{words: "killed /", and: " due to memory ", kind: OutOfMemory, name: "slice/* "},

	// mm/page_alloc.c, mm/slub.c, fs/xfs/kmem.c
	{words: "page allocation failure", kind: MemoryShortage, name: before},
	{words: "page allocation stalls for", kind: MemoryShortage, name: before},
	{words: "slub: unable to allocate memory", kind: MemoryShortage},
	{words: "possible memory allocation deadlock", kind: MemoryShortage},

	// bash's jobs.c; hotspot/share/utilities/vmError.cpp
	{words: "fork: cannot allocate memory", kind: MemoryShortage},
	{words: "insufficient memory for the java runtime environment", kind: MemoryShortage},
	{words: "java.lang.outofmemoryerror", kind: MemoryLimit},
}
