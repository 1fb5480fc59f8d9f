package console

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
)

// A sign is a wording by which a line says that something went badly wrong.
type sign struct {
	words string // in lower case, at least 5 bytes
	and   string // in lower case; must follow the words in the line
	kind  Kind
	// name is where the line names a culprit, see [sign.culprit].
	name string
	// preface marks a line that says no more than the kill that follows it.
	preface bool
	// passing marks what a boot may recover from: it is not a sign if the boot then
	// succeeded.
	passing bool
}

// The shapes of names that many lines share.
const (
	before   = "<"       // the word before the sign
	inParens = "(*)"     // "(java)"
	task     = "[*]#"    // "[java:4711]"
	rest     = "*"       // what follows the sign
	dev      = "dev *, " // "dev nvme1n1, sector …"
	device   = "(device *)"
)

// specific is how much of a line a sign is about: of several signs in a line the most
// specific one counts.
func (s *sign) specific() int { return len(s.words) + len(s.and) }

const maxCulprit = 60 // bytes

// culprit returns the process, device, unit or place that a line with the sign names.
//
// A name of "dev *, " is what follows the first "dev " after the beginning of the sign, up
// to a comma or a space; "#" in place of another byte strips a process id. Without
// something before its *, the name follows the sign's words.
func (s *sign) culprit(line string) string {
	at := strings.Index(lower(line), s.words)
	if s.name == "" || at < 0 {
		return ""
	}
	if s.name == before {
		fields := strings.Fields(line[:at])
		if len(fields) == 0 {
			return ""
		}
		return trimmed(fields[len(fields)-1])
	}
	prefix, stops, _ := strings.Cut(s.name, "*")
	name := line[at+len(s.words):]
	if prefix != "" {
		from := strings.Index(lower(line[at:]), prefix)
		if from < 0 {
			return ""
		}
		name = line[at+from+len(prefix):]
	}
	stops, pid := strings.CutSuffix(stops, "#")
	name = strings.TrimLeft(name, ` ("'`)
	if end := strings.IndexAny(name, stops); end >= 0 {
		name = name[:end]
	}
	if colon := strings.LastIndexByte(name, ':'); pid && colon > 0 {
		name = name[:colon]
	}
	name, _, _ = strings.Cut(name, " - ") // "app.service - Some service."
	return trimmed(name)
}

const (
	maxTrace = 4096 // bytes after the headline of a stack trace
	maxComm  = 20   // bytes, which the kernel pads a process' name of 15 to
)

// running returns the process that the stack trace in a text was taken of, if it begins
// with one: "CPU: 0 PID: 7206 Comm: dockerd Not tainted 4.9.31".
//
// https://github.com/torvalds/linux/blob/master/lib/dump_stack.c
func running(text string) string {
	_, name, _ := strings.Cut(text[:min(len(text), maxTrace)], " Comm: ")
	for _, tainted := range []string{" Tainted: ", " Not tainted "} {
		if comm, _, ok := strings.Cut(name, tainted); ok && len(comm) <= maxComm {
			return trimmed(notice.Line(comm))
		}
	}
	return ""
}

// trimmed is a name without the punctuation around it and without a process id in brackets.
func trimmed(name string) string {
	if bracket := strings.IndexByte(name, '['); bracket > 0 {
		name = name[:bracket]
	}
	around := " .,:;!\"'`[]"
	if !strings.Contains(name, "(") {
		around += ")"
	}
	name = strings.Trim(name, around)
	if len(name) > maxCulprit {
		return ""
	}
	return name
}

// lower is a text in lower case whose bytes are where they were.
func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return string(b)
}
