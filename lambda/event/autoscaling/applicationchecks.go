package autoscaling

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

// ApplicationCheck is an application status check of EC2 that an instance failed.
type ApplicationCheck struct {
	ID string // "asc-…"
	// Code is why it failed, such as ResponseCodeMismatch.
	Code string
	// Protocol is HTTP or HTTPS, and Status the status code of the answer. Both are empty if
	// there was no answer.
	Protocol, Status string
}

// checkCodes are the codes of failures, and what they mean for the instance.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ApplicationStatusReason.html
var checkCodes = [...]struct{ code, text string }{
	{"ConnectionTimeout", "accepted no connection in time"},
	{"ResponseTimeout", "did not answer in time"},
	{"ConnectionRefused", "refused connections"},
	{"ConnectionReset", "reset connections"},
	// Of results without structured reasons
	{"HttpConnectTimeoutException", "accepted no connection in time"},
	{"HttpTimeoutException", "did not answer in time"},
	{"ConnectException", "refused connections"},
}

// text is what the check found, to follow the instance's name.
func (c ApplicationCheck) text() string {
	if c.Status != "" {
		return "answered " + cmp.Or(c.Protocol, "HTTP") + " " + c.Status
	}
	for _, known := range checkCodes {
		if known.code == c.Code {
			return known.text
		}
	}
	return "failed an application status check" + event.Labeled(": ", c.Code)
}

// checksText lists checks, a line for each.
func checksText(checks []ApplicationCheck) string {
	var lines []string
	for _, c := range checks {
		line := event.Joined(": ", c.ID, c.text())
		if c.Code != "" && !strings.Contains(line, c.Code) {
			line += " (" + c.Code + ")"
		}
		lines = append(lines, line)
	}
	return event.Listed(lines)
}
