package autoscaling

import (
	"fmt"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
)

// Crash is an instance of which its console says how it crashed.
type Crash struct {
	InstanceID string
	At         time.Time // when its group decided to terminate it
	Kind       string    // of [Console]
}

// crashed is how the instance crashed, to follow its name, "" if that is not known. The console is stronger evidence than what a check of the application found.
func (t *Termination) crashed() string {
	if !t.suspect() {
		return ""
	}
	if t.isExplained() {
		return t.Console.Value.Crash
	}
	if len(t.Application.Value) > 0 {
		return t.Application.Value[0].text()
	}
	return ""
}

// isExplained reports whether the console says what the instance died of.
func (t *Termination) isExplained() bool {
	return t.Console.Value.Crash != "" && t.Console.Value.Kind != "" && !t.Console.Value.Minor
}

// failedService says which service failed, if the console says no more than that.
func (t *Termination) failedService() string {
	if !t.suspect() || !t.Console.Value.Minor {
		return ""
	}
	return event.Labeled("its console says that it ", t.Console.Value.Crash)
}

// silence says what it means that the console of an instance that may have crashed has no sign
// of it.
func (t *Termination) silence() string {
	switch found := t.Console.Value; {
	case !t.suspect() || !t.Console.Known || len(found.Lines) > 0:
		return ""
	case found.Whole:
		return "nothing that looks like a crash"
	default:
		return "captured before the end, so it does not show how the instance died"
	}
}

const (
	// crashesBack is how long before a crash others are looked for. EC2 keeps the console of
	// a terminated instance for an hour or a little more.
	crashesBack = 2 * time.Hour
	// maxCrashes is how many of them are looked at.
	maxCrashes = 4
)

// EarlierDeaths returns the instances whose crashes may be of the same kind: the last few that
// died in the two hours before, if this one's console says how it crashed.
func (t *Termination) EarlierDeaths(at time.Time) []Crash {
	if !t.suspect() || !t.isExplained() {
		return nil
	}
	var deaths []Crash
	for _, d := range t.deathsBefore(at, crashesBack) {
		if !d.gone && textOf(d.cause).suspect && strings.HasPrefix(d.instance, "i-") {
			deaths = append(deaths, Crash{InstanceID: d.instance, At: d.started})
		}
	}
	return deaths[:min(len(deaths), maxCrashes)]
}

// crashCount is how many instances crashed in the same way, this one included, and how long
// before the first of them did.
type crashCount struct {
	n    int
	kind string
	back time.Duration
}

// sameCrashes counts the crashes of the same kind.
func (t *Termination) sameCrashes(at time.Time) crashCount {
	count := crashCount{n: 1, kind: t.Console.Value.Kind}
	if !t.suspect() || !t.isExplained() {
		return crashCount{}
	}
	for _, c := range t.Crashes {
		if age := at.Sub(c.At); c.Kind == count.kind && age >= 0 && age <= crashesBack {
			count.n++
			count.back = max(count.back, age)
		}
	}
	return count
}

// text says it as a person would: "the 3rd instance in 50 minutes that ran out of memory".
func (c crashCount) text() string {
	if c.n < 2 {
		return ""
	}
	return fmt.Sprintf("the %s instance in %s that %s", ordinal(c.n), event.Span(max(c.back, time.Minute)), c.kind)
}

// many reports whether there were so many that each is worse.
func (c crashCount) many() bool { return c.n >= manyInstances }
