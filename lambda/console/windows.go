package console

// windowsSigns are those of Windows. Its agents write the last errors of the System event
// log to the console, with their messages; the Emergency Management Services write the
// blue screen itself.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/troubleshoot-unreachable-instance.html#instance-console-console-output
// https://learn.microsoft.com/windows-hardware/drivers/debugger/bug-check-code-reference2
var windowsSigns = []sign{
	// Event 1001 of Microsoft-Windows-WER-SystemErrorReporting; 41 of Microsoft-Windows-Kernel-Power
	{words: "rebooted from a bugcheck", kind: BugCheck, name: "bugcheck was: * "},
	{words: "bugcheckcode", kind: BugCheck, name: "* "},
	{words: "bugcheckcode 0 ", kind: UncleanRestart}, // the power was lost
	{words: "bugcheckcode: 0 ", kind: UncleanRestart},
	{words: "*** stop: ", kind: BugCheck, name: "* "},
	{words: "stop code: ", kind: BugCheck, name: "*"},
	{words: `classname="bluescreen"`, kind: BugCheck},
	{words: `name="stopcode"`, kind: BugCheck, name: `<value>*<`},
	{words: "windows has been shut down to prevent damage", kind: BugCheck},
	{words: "your pc ran into a problem", kind: BugCheck},
	{words: "rebooted without cleanly shutting down first", kind: UncleanRestart},
	{words: "the previous system shutdown at ", and: " was unexpected", kind: UncleanRestart}, // 6008 of EventLog

	// Event 2004 of Resource-Exhaustion-Detector; 7, 11, 51, 129 and 153 of disk and of the
	// port drivers; 55 of Ntfs; 2013 of srv
	{words: "diagnosed a low virtual memory condition", kind: MemoryShortage, name: "most virtual memory: * "},
	{words: "has a bad block", kind: DiskError, name: before},
	{words: "the driver detected a controller error on ", kind: DiskError, name: "*"},
	{words: "an error was detected on device ", kind: DiskError, name: "* "},
	{words: "reset to device, ", and: ", was issued", kind: DiskError, name: "*,"},
	{words: "the io operation at logical block address", and: "was retried", kind: DiskError},
	{words: "file system structure on the disk is corrupt", kind: FileSystemError},
	{words: "corruption was discovered in the file system structure", kind: FileSystemError},
	{words: "disk is at or near capacity", kind: DiskFull, name: before},

	// Events 7022, 7031 and 7034 of the Service Control Manager
	{words: "service terminated unexpectedly", kind: ServiceFailure},
	{words: "service hung on starting", kind: ServiceFailure},

	// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2launchv2-troubleshooting.html
	{words: "ec2launch service is stopping", kind: StartScript},
	{words: "timed out waiting for access to metadata", kind: StartScript},
	{words: "invalid administrator password", kind: StartScript},
}
