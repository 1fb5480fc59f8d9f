package extraeye

import (
	"fmt"
	"os"
	"strings"

	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/limits"
)

// summaryContext is the key of the app's context that turns summaries off.
const summaryContext = "extraeye:summary"

// summarize prints one line about how much of AWS's limits the stack uses, unless the app's
// context has "extraeye:summary": false.
func (c *checks) summarize(resources int) {
	if on, ok := c.Node().TryGetContext(jsii.String(summaryContext)).(bool); c.summarized || ok && !on || len(c.eyes) == 0 {
		return
	}
	c.summarized = true
	names := 0
	for _, e := range c.eyes {
		names += e.names()
	}
	parts := []string{
		fmt.Sprintf("%s in %s (a bus can have %d)", counted(names, "name"), counted(c.rules(), "rule"), limits.RulesOnBus),
		fmt.Sprintf("%d of %d resources", resources, limits.Resources),
		fmt.Sprintf("rules take up %.1f KB of the template (of %d)", kilobytes(c.templateBytes()), limits.TemplateBytes/1000),
	}
	for _, n := range c.notifiers {
		parts = append(parts, fmt.Sprintf("%s: function's policy %.1f KB (of %.1f), role's policies %.1f KB (of %.1f)", *n.Node().Id(),
			kilobytes(n.invokers.bytes+n.invokers.sharedBytes), kilobytes(limits.FunctionPolicyBytes), kilobytes(n.grants.bytes()+n.grants.added()), kilobytes(limits.RolePolicyBytes)))
		if n.grants.managed > 0 {
			parts = append(parts, fmt.Sprintf("managed policies %d (of %d)", n.grants.managedPolicies(), limits.ManagedPolicies))
		}
	}
	fmt.Fprintf(os.Stderr, "extraeye: %s: %s\n", *c.stack.StackName(), strings.Join(parts, "; "))
}

// counted says how many of something there are.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func kilobytes(bytes int) float64 { return float64(bytes) / 1000 }

// names are how many values the rules match that grow with the services: those of the first
// field of each.
func (e *Eye) names() (n int) {
	for _, r := range e.sets {
		if len(r.match.Fields) > 0 && !e.fleet {
			n += len(r.match.Fields[0].Values)
		}
	}
	return n + e.owned
}
