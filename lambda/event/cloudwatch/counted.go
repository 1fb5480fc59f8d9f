package cloudwatch

import (
	"cmp"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

var _ event.Countable = (*Alarm)(nil)

// Counted implements [event.Countable]. Alarms whose names begin with the same word, such as that
// of a service, belong together.
func (s *Alarm) Counted(e *event.Event) event.Counted {
	return event.Counted{
		Noun: "change", Phrase: "of alarm " + cmp.Or(s.Name, "without a name"), Label: "Alarms", Thing: s.Name,
		By:     []event.CountedBy{{Label: "State", Value: cmp.Or(s.Now.Value, "unknown")}, {Label: "Contributor", Value: s.Contributor}},
		Within: e.Key("cloudwatch", firstWord(s.Name)) + ":alarms",
		At:     event.FirstKnown(s.Now.Since, e.Time),
	}
}

// firstWord is what comes before the first character in a name that separates words.
func firstWord(name string) string {
	if at := strings.IndexAny(name, "-_./: "); at > 0 {
		return name[:at]
	}
	return name
}
