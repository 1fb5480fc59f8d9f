package console

import (
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

const (
	maxConsole = 64 << 10 // bytes, the last ones: EC2 keeps no more
	maxLine    = 2000     // bytes of a line that are looked at
	maxCrashes = 8        // lines that are quoted
	maxQuote   = 200      // characters of each
)

// What the kernel writes before it names the process that it kills: who asked for
// memory, and where it was short. With the kill itself they tell nothing more.
const (
	oomCaller = "invoked oom-killer"
	oomPlace  = "oom-kill:constraint="
	oomKill   = "killed process "
)

// A sign is what a line says, in lower case, when something went badly wrong: both of
// its wordings, of which the second may be empty.
type sign struct{ words, and string }

// graveSigns are the kernel's, and those of a full or a broken disk.
//
// https://github.com/torvalds/linux/blob/master/mm/oom_kill.c, kernel/panic.c,
// kernel/watchdog.c, kernel/hung_task.c, block/blk-core.c, fs/ext4/super.c, fs/xfs
var graveSigns = []sign{
	{"out of memory", ""}, // "Out of memory: Killed process 1 (java)", "Memory cgroup out of memory: …"
	{oomKill, ""},
	{oomCaller, ""},
	{oomPlace, ""},
	{"killed /", " due to memory "}, // systemd-oomd: "Killed /system.slice/app.service due to memory pressure for …"
	{"kernel panic", ""},
	{"oops: ", ""},
	{"bug: unable to handle", ""},
	{"bug: kernel null pointer", ""},
	{"general protection fault", ""},
	{"soft lockup", ""},
	{"hard lockup", ""},
	{"blocked for more than ", " seconds"},
	{"no space left on device", ""},
	{"ext4-fs error", ""},
	{"remounting filesystem read-only", ""},
	{"xfs (", "corruption"},
	{"i/o error, dev ", ""},
}

// signs are those of systemd's units and of cloud-init.
//
// https://github.com/systemd/systemd/blob/main/src/core/job.c, unit.c, service.c
// https://github.com/canonical/cloud-init/blob/main/cloudinit/config/modules.py
var signs = []sign{
	{"failed to start ", ""},
	{"[failed] ", ""}, // "[FAILED] Failed to mount …"
	{"dependency failed for ", ""},
	{"process exited, code=", ""}, // "app.service: Main process exited, code=killed, status=9/KILL"
	{"entered failed state", ""},
	{"failed with result '", ""},
	{"start request repeated too quickly", ""},
	{"emergency mode", ""},
	{".py[warning]: ", "fail"}, // "cc_scripts_user.py[WARNING]: Failed to run module scripts-user"
	{".py[error]: ", ""},
	{".py[critical]: ", ""},
}

// Crashes returns the lines of a console's output that tell of a crash, in their
// order: the last ones, the graver ones first if there are too many. Lines that differ
// in numbers only are folded into the last of them.
//
// No other line is quoted, not even those around: scripts that run at the start of an
// instance write to the console what they like, secrets included.
func Crashes(console string) []string {
	type line struct {
		text, lower string
		grave, kept bool
		count       int
	}
	var found []*line // the last one first
	alike := map[string]*line{}
	if len(console) >= maxConsole { // what is left of the first line may lack what its value is a secret by
		_, console, _ = strings.Cut(console[len(console)-maxConsole:], "\n")
	}
	for _, raw := range slices.Backward(strings.Split(strings.ReplaceAll(console, "\r", "\n"), "\n")) {
		text := plain(raw[:min(len(raw), maxLine)])
		if _, after, ok := strings.Cut(text, " login: "); ok { // a prompt that waits in its line
			text = after
		}
		lower := strings.ToLower(text)
		grave := says(lower, graveSigns)
		if !grave && !says(lower, signs) || strings.Contains(lower, "status=0/success") || strings.Contains(lower, "---[ end ") {
			continue
		}
		text = notice.Line(text) // only now: most lines say nothing, and the function's share of a CPU is small
		key := strings.Map(letters, lower)
		if alike[key] == nil {
			alike[key] = &line{text: text, lower: lower, grave: grave}
			found = append(found, alike[key])
		}
		alike[key].count++
	}

	if slices.ContainsFunc(found, func(l *line) bool { return strings.Contains(l.lower, oomKill) }) {
		found = slices.DeleteFunc(found, func(l *line) bool {
			return strings.Contains(l.lower, oomCaller) || strings.Contains(l.lower, oomPlace)
		})
	}
	left := maxCrashes
	for _, grave := range []bool{true, false} {
		for _, l := range found {
			if l.grave == grave && left > 0 {
				l.kept = true
				left--
			}
		}
	}
	var quotes []string
	for _, l := range slices.Backward(found) {
		if !l.kept {
			continue
		}
		quote := notice.Cut(secret.Mask(l.text), maxQuote)
		if l.count > 1 {
			quote += fmt.Sprintf(" (the last of %d alike)", l.count)
		}
		quotes = append(quotes, quote)
	}
	return quotes
}

// letters leaves out numbers, and spaces, which are as many as align them.
func letters(r rune) rune {
	if '0' <= r && r <= '9' || r == ' ' {
		return -1
	}
	return r
}

func says(line string, signs []sign) bool {
	return slices.ContainsFunc(signs, func(s sign) bool {
		return strings.Contains(line, s.words) && strings.Contains(line, s.and)
	})
}

// plain leaves out the escape sequences with which a terminal is told about colours
// and cursors.
//
// https://www.ecma-international.org/publications-and-standards/standards/ecma-48/
func plain(line string) string {
	text, rest, ok := strings.Cut(line, "\x1b")
	if !ok {
		return line
	}
	var b strings.Builder
	for {
		b.WriteString(text)
		if !ok {
			return b.String()
		}
		if sequence, ok := strings.CutPrefix(rest, "["); ok {
			// Parameters, then one final byte.
			end := strings.IndexFunc(sequence, func(r rune) bool { return r >= '@' })
			rest = sequence[end+1:]
		} else if rest != "" {
			rest = rest[1:]
		}
		text, rest, ok = strings.Cut(rest, "\x1b")
	}
}
