package event

import (
	"cmp"
	"fmt"
	"strconv"
)

// ExitCode explains the exit code of a process, on Linux or on Windows: "SIGSEGV, it crashed".
// It is "" for a code that has no meaning of its own.
func ExitCode(code string) string {
	n, err := strconv.ParseInt(code, 10, 64)
	if err != nil {
		return ""
	}
	if -1<<31 <= n && n < 0 {
		n += 1 << 32 // Windows has no negative codes; some tools print them as if it had
	}
	const (
		firstHex = 1 << 30           // below it, codes are written in decimal
		lastHex  = 1<<32 - 1 - 1<<16 // above it are small negative codes
	)
	switch {
	case n > 128 && n <= 128+maxSignal:
		return signal(int(n - 128))
	case firstHex <= n && n <= lastHex:
		return Joined(", ", fmt.Sprintf("0x%08X", n), status(uint32(n)))
	default:
		return cmp.Or(shellCodes[n], systemErrors[n])
	}
}

// shellCodes are the codes of a shell, and of Docker, that could not run a command.
//
// https://www.gnu.org/software/bash/manual/html_node/Exit-Status.html
var shellCodes = map[int64]string{
	126: "the command could not be executed",
	127: "the command was not found",
}

// maxSignal is the highest signal number on Linux.
const maxSignal = 64

// signals are the signals that end a process. Its exit code is then 128 and the signal's
// number. Containers are stopped with SIGTERM and, if they do not end in time, with SIGKILL.
// So does the kernel when memory runs out.
//
// https://man7.org/linux/man-pages/man7/signal.7.html
var signals = map[int]string{
	1:  "SIGHUP, its terminal was closed",
	2:  "SIGINT, it was interrupted",
	3:  "SIGQUIT, it was asked to quit with a core dump",
	4:  "SIGILL, illegal instruction",
	5:  "SIGTRAP, trace trap",
	6:  "SIGABRT, it aborted",
	7:  "SIGBUS, bad memory access",
	8:  "SIGFPE, arithmetic error",
	9:  "SIGKILL, it was killed",
	10: "SIGUSR1",
	11: "SIGSEGV, it crashed",
	12: "SIGUSR2",
	13: "SIGPIPE, broken pipe",
	14: "SIGALRM, a timer ran out",
	15: "SIGTERM, it was asked to stop",
	24: "SIGXCPU, CPU time limit",
	25: "SIGXFSZ, file size limit",
	31: "SIGSYS, bad system call",
}

func signal(n int) string {
	if text := signals[n]; text != "" {
		return text
	}
	return fmt.Sprintf("signal %d", n)
}

// statuses are the codes that Windows and its runtimes end a process with: NTSTATUS values,
// exceptions and HRESULTs.
//
// https://learn.microsoft.com/en-us/openspecs/windows_protocols/ms-erref/596a1078-e883-4972-9bbc-49e60bebca55
var statuses = map[uint32]string{
	0x40010004: "it was stopped", // DBG_TERMINATE_PROCESS
	0x40010005: "Ctrl+C",         // DBG_CONTROL_C
	0x80000003: "breakpoint",
	0x80131506: "error in the .NET runtime", // COR_E_EXECUTIONENGINE
	0x80131623: "the .NET application failed fast",
	0xC0000005: "access violation",
	0xC0000006: "page could not be read",
	0xC0000017: "out of memory",
	0xC000001D: "illegal instruction",
	0xC0000022: "access denied",
	0xC0000025: "exception that cannot be continued",
	0xC000007B: "executable built for another platform",
	0xC0000094: "integer divided by zero",
	0xC0000096: "privileged instruction",
	0xC00000FD: "stack overflow",
	0xC000012D: "out of virtual memory",
	0xC0000135: "DLL not found",
	0xC0000138: "DLL without a function that is needed",
	0xC0000139: "DLL without a function that is needed",
	0xC000013A: "stopped by Ctrl+C or a shutdown",
	0xC0000142: "DLL could not be initialized",
	0xC0000374: "heap corrupted",
	0xC0000409: "it failed fast, such as for a stack buffer overrun",
	0xC0000417: "invalid argument to the C runtime",
	0xC06D007E: "DLL not found",
	0xE0434352: "unhandled .NET exception",
	0xE06D7363: "unhandled C++ exception",
}

// systemErrors are errors of Windows that services end with, or that were caught on the way.
//
// https://learn.microsoft.com/en-us/windows/win32/debug/system-error-codes
var systemErrors = map[int64]string{
	1053: "the service did not respond in time",
	1056: "the service runs already",
	1058: "the service is disabled",
	1060: "the service does not exist",
	1064: "exception in the service",
	1066: "the service reported an error of its own",
	1067: "the process ended unexpectedly",
	1069: "the service could not log on",
	1450: "out of system resources",
	1455: "out of virtual memory",
}

// status explains a status. An HRESULT may hold a system error in its lower half.
func status(s uint32) string {
	if text := statuses[s]; text != "" {
		return text
	}
	switch low := int64(s & 0xFFFF); {
	case s>>16 != 0x8007:
		return ""
	case low == 2, low == 3:
		return "file not found"
	case low == 5:
		return "access denied"
	case low == 8, low == 14:
		return "out of memory"
	default:
		return systemErrors[low]
	}
}
