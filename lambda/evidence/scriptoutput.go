package evidence

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	// wholeLog is how long a log may be that begins with its first line, in bytes: CodeDeploy has
	// the last 4 KB of a longer one.
	//
	// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html
	wholeLog = 4 << 10
	// maxScriptOutput is how much of a log or a message is read, in bytes.
	maxScriptOutput = 16 << 10
)

// maskedLog is the end of a script's log, with what looks like a secret masked in each line. A
// line whose beginning is missing is left out, because the name that its secret is known by may
// be missing, too; if it is the only one, its first word is.
func maskedLog(log string) string {
	log = log[max(0, len(log)-maxScriptOutput):]
	if len(log) >= wholeLog {
		line, rest, more := strings.Cut(log, "\n")
		if !more {
			_, rest, _ = strings.Cut(line, " ")
		}
		log = rest
	}
	return maskedLines(log)
}

// maskedMessage is the beginning of a script's message, masked in the same way.
func maskedMessage(message string) string {
	return maskedLines(notice.Cut(message, maxScriptOutput))
}

func maskedLines(text string) string {
	lines := strings.Split(notice.Block(text), "\n")
	for i, line := range lines {
		lines[i] = secret.Mask(line)
	}
	return strings.Join(lines, "\n")
}
