package codedeploy

import (
	"testing"

	"github.com/extraeye/extraeye/lambda/event"
)

// TestCounted shows in which words many are counted.
func TestCounted(t *testing.T) {
	for want, s := range map[string]DeploymentInstance{
		"event of instances in deployments of web to production, unknown":      {Application: "web", Group: "production"},
		"event of instances in deployments of an unnamed application, FAILURE": {State: "FAILURE"},
	} {
		c := s.Counted(&event.Event{})
		if got := c.Noun + " " + c.Phrase + ", " + c.By[0].Value; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
