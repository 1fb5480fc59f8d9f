package standin

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"strings"
)

// consoleLog is what a machine wrote to its console: its boot, and how it ran out
// of memory.
//
//go:embed console.txt
var consoleLog []byte

// getConsoleOutput gives an instance that failed a health check its last words. Every
// other wrote nothing after its boot.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
func (s Scene) getConsoleOutput(r request) answer {
	event, log := s.subject(), consoleLog
	if !strings.Contains(event.Detail.Cause, "health check") {
		boot, _, _ := bytes.Cut(log, []byte(" login: "))
		log = append(boot[:len(boot):len(boot)], " login: "...)
	}
	return ec2Answer("GetConsoleOutput", el("instanceId", r.form.Get("InstanceId")), el("timestamp", event.Detail.StartTime),
		el("output", base64.StdEncoding.EncodeToString(log)))
}
