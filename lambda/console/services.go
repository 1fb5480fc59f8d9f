package console

// serviceSigns are those of systemd's units and of what sets an instance up.
var serviceSigns = []sign{
	// https://github.com/systemd/systemd/blob/main/src/core/{job,unit,service}.c
	{words: "failed to start ", kind: ServiceFailure, name: "*"},
	{words: "crash recovery kernel arming", kind: noise}, // kdump, which has no memory reserved on small instances
	{words: "[failed] ", kind: ServiceFailure},           // "[FAILED] Failed to listen on …"
	{words: "dependency failed for ", kind: ServiceFailure, name: "*"},
	{words: "timed out starting ", kind: ServiceFailure, name: "*"},
	{words: "process exited, code=", kind: ServiceFailure}, // "app.service: Main process exited, code=killed, status=9/KILL"
	{words: ": main process exited, code=", kind: ServiceFailure, name: before},
	{words: ": control process exited, code=", kind: ServiceFailure, name: before},
	{words: "process exited, code=", and: "status=0/success", kind: noise},
	{words: "process exited, code=", and: "status=15/term", kind: noise}, // as every stop asks for
	{words: "process exited, code=", and: "status=143", kind: noise},     // and Java answers
	{words: " entered failed state", kind: ServiceFailure, name: before},
	{words: ": failed with result '", kind: ServiceFailure, name: before},
	{words: ": start request repeated too quickly", kind: ServiceFailure, name: before},
	{words: "start request repeated too quickly", kind: ServiceFailure},
	{words: "start operation timed out", kind: ServiceFailure, name: before},
	{words: ": watchdog timeout (limit ", kind: ServiceFailure, name: before},

	// https://github.com/canonical/cloud-init/blob/main/cloudinit/{config/modules.py,cmd/main.py,util.py}
	{words: ".py[warning]: ", and: "fail", kind: StartScript},
	{words: ".py[warning]: failed to run module ", kind: StartScript, name: "* "},
	{words: ".py[error]: ", kind: StartScript},
	{words: ".py[critical]: ", kind: StartScript},
	{words: "likely bad things to come", kind: StartScript},

	// aws-cfn-bootstrap's cfn-init; https://github.com/coreos/ignition
	{words: "error occurred during build: ", kind: StartScript, name: "*"},
	{words: "ignition[", and: "[failed]", kind: StartScript},
}
