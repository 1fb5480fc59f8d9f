package event

import "testing"

// TestExitCode has the codes of AWS's list of common exit codes, those that people asked about,
// and others of the same tables.
//
// https://repost.aws/knowledge-center/ecs-task-stopped
func TestExitCode(t *testing.T) {
	for code, want := range map[string]string{
		"0": "", "1": "", "2": "", "125": "", "255": "", "256": "",
		"": "", "x": "", "1.5": "", "99999999999999999999": "",
		"126":         "the command could not be executed",
		"127":         "the command was not found",
		"128":         "",
		"129":         "SIGHUP, its terminal was closed",
		"130":         "SIGINT, it was interrupted",
		"134":         "SIGABRT, it aborted",
		"135":         "SIGBUS, bad memory access",
		"137":         "SIGKILL, it was killed",
		"139":         "SIGSEGV, it crashed", // https://github.com/aws/amazon-ecs-agent/issues/594
		"143":         "SIGTERM, it was asked to stop",
		"144":         "signal 16",
		"159":         "SIGSYS, bad system call",
		"192":         "signal 64",
		"193":         "",
		"1067":        "the process ended unexpectedly",
		"1073741823":  "",
		"1073741824":  "0x40000000",
		"1073807364":  "0x40010004, it was stopped",
		"2147942405":  "0x80070005, access denied",
		"2147943467":  "0x8007042B, the process ended unexpectedly",
		"2147943000":  "0x80070258",
		"2148734499":  "0x80131623, the .NET application failed fast",
		"3221225477":  "0xC0000005, access violation",
		"-1073741819": "0xC0000005, access violation",
		"3221225725":  "0xC00000FD, stack overflow",
		"3221225781":  "0xC0000135, DLL not found",
		"3221225786":  "0xC000013A, stopped by Ctrl+C or a shutdown", // https://github.com/aws/amazon-ecs-agent/issues/2111
		"-1073741510": "0xC000013A, stopped by Ctrl+C or a shutdown",
		"3762504530":  "0xE0434352, unhandled .NET exception",
		"-2147483648": "0x80000000",
		"-2147483649": "",
		"4294901759":  "0xFFFEFFFF",
		"4294901760":  "",
		"4294967295":  "",
		"-1":          "",
		"4294967296":  "",
	} {
		if got := ExitCode(code); got != want {
			t.Errorf("exit code %q: %q, want %q", code, got, want)
		}
	}
}
