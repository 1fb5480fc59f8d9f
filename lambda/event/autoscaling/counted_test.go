package autoscaling

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
)

// TestCounted shows in which words many are counted, and by what first.
func TestCounted(t *testing.T) {
	for want, s := range map[string]event.Countable{
		"instance terminated in web, Cause: ELB health check":                  &Termination{GroupName: "web", CauseName: "ELB health check"},
		"instance not terminated in an unnamed group, Cause: ELB health check": &Termination{CauseName: "ELB health check", Failed: true},
		"instance launched in web, Outcome: launched":                          &Launch{GroupName: "web"},
		"instance not launched in an unnamed group, Outcome: no capacity":      &Launch{Failed: true, StatusText: "no capacity."},
		"instance not launched in web, Outcome: AWS does not say why":          &Launch{Failed: true, GroupName: "web"},
	} {
		c := s.Counted(&event.Event{})
		if got := c.Noun + " " + c.Phrase + ", " + c.By[0].Label + ": " + c.By[0].Value; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestUndecided shows that EC2 decides about an instance that was found terminated, and about no other.
func TestUndecided(t *testing.T) {
	watch := wire.Watch{Terminations: &wire.Terminations{}}
	for name, tt := range map[string]struct {
		t     Termination
		watch wire.Watch
		want  bool
	}{
		"gone":           {Termination{Gone: true}, watch, true},
		"looked up":      {Termination{Gone: true, Instance: event.Found(ec2.Instance{})}, watch, false},
		"not terminated": {Termination{Gone: true, Failed: true}, watch, false},
		"taken down":     {Termination{}, watch, false},
		"another watch":  {Termination{Gone: true}, wire.Watch{}, false},
	} {
		if got := tt.t.Undecided(tt.watch); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
