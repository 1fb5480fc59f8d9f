package sinktest

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// longestError is what fits a log and a dead-letter queue with ease, in bytes.
	longestError = 4 << 10

	awsSecret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
)

// failed checks the error of a send: its class and its text.
func (n *network) failed(err error, transient bool) {
	t := n.t
	t.Helper()
	if err == nil {
		t.Error("no error")
		return
	}
	if notice.IsPermanent(err) == transient {
		t.Errorf("permanent is %v: %v", !transient, err)
	}
	n.harmless(err)
}

// harmless checks the text of an error: its size, and that it shows no secret.
func (n *network) harmless(err error) {
	t := n.t
	t.Helper()
	text := err.Error()
	if len(text) > longestError || strings.ContainsAny(text, "\n\r") {
		t.Errorf("the error is long or has line breaks: %.5000q", text)
	}
	for _, s := range append(n.secretTexts, awsSecret) {
		if strings.Contains(text, s) {
			t.Errorf("the error shows %q of a secret: %s", s, text)
		}
	}
	for shown := squeezed(text); len(shown) >= longestRun; shown = shown[1:] {
		if s, ok := n.secretRuns[shown[:longestRun]]; ok {
			t.Errorf("the error shows %q of the secret %q: %s", shown[:longestRun], s, text)
			return
		}
	}
}
