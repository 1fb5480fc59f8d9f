package fakeaws

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// consoleLog is the console output of an instance: its boot, and how it ran out of
// memory.
//
//go:embed ec2console.txt
var consoleLog []byte

// getConsoleOutput returns the whole output of an instance that failed a health check.
// Every other wrote nothing after its boot.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
func (a Account) getConsoleOutput(r Request) answer.Answer {
	log := consoleLog
	if !strings.Contains(a.event.Detail.Cause, "health check") {
		boot, _, _ := bytes.Cut(log, []byte(" login: "))
		log = slices.Concat(boot, []byte(" login: "))
	}
	return ec2Answer("GetConsoleOutput", el("instanceId", r.form.Get("InstanceId")), el("timestamp", a.event.Detail.StartTime),
		el("output", base64.StdEncoding.EncodeToString(log)))
}
