// Package coverage compares what an account has with what the rules of extraeye's watch.
package coverage

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

// State says what is wrong with a name.
type State string

// The states of a name.
const (
	Unwatched State = "unwatched" // nobody watches it
	Missing   State = "missing"   // it is watched, but does not exist
)

// Gap is a name with which something is wrong.
type Gap struct {
	Kind wire.ThingKind `json:"kind"`
	// Name of an ECS service is CLUSTER/NAME, and of a deployment group APPLICATION/GROUP. A watched
	// one may have * for any text.
	Name  string `json:"name"`
	State State  `json:"state"`
}

// Report is what the comparison says.
type Report struct {
	Gaps []Gap
	// Watched is how many of how many things are watched.
	Watched, All int
	// Failed is what could not be read of the account, with the reason: nothing is known of it.
	Failed []string
}

// deploymentGroup is a kind of thing whose name says whose it is.
const deploymentGroup wire.ThingKind = "CodeDeploy deployment group"

// comparison is a report in the making.
type comparison struct {
	api     *awsapi.Client
	watched collect.Scope

	mu sync.Mutex
	Report
}

// Compare lists what the account has that is not watched, and what is watched and does not exist.
func Compare(ctx context.Context, api *awsapi.Client, watched collect.Scope) Report {
	c := &comparison{api: api, watched: watched}
	var running sync.WaitGroup
	for _, read := range []func(context.Context){c.groups, c.applications, c.services, c.alarms} {
		running.Go(func() { read(ctx) })
	}
	running.Wait()
	slices.SortFunc(c.Gaps, func(a, b Gap) int {
		return cmp.Or(cmp.Compare(b.State, a.State), cmp.Compare(order(a.Kind), order(b.Kind)), cmp.Compare(a.Name, b.Name))
	})
	slices.Sort(c.Failed)
	return c.Report
}

// order is the place of a kind in a report.
func order(kind wire.ThingKind) int {
	return slices.Index([]wire.ThingKind{wire.AutoScalingGroup, wire.CodeDeployApplication, deploymentGroup, wire.ECSService, wire.Alarm}, kind)
}

// compare compares names that exist with those that are watched, in which * stands for any text.
func (c *comparison) compare(kind wire.ThingKind, exist, watched []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, name := range exist {
		if slices.ContainsFunc(watched, func(pattern string) bool { return collect.Matches(pattern, name) }) {
			c.Watched++
		} else {
			c.Gaps = append(c.Gaps, Gap{kind, name, Unwatched})
		}
	}
	c.All += len(exist)
	c.missing(kind, exist, watched)
}

// missing adds the watched names of which none exists. That a watch of everything finds nothing is
// no mistake.
func (c *comparison) missing(kind wire.ThingKind, exist, watched []string) {
	for _, pattern := range watched {
		found := slices.ContainsFunc(exist, func(name string) bool { return collect.Matches(pattern, name) })
		gap := Gap{kind, pattern, Missing}
		if !found && strings.Trim(pattern, "*/") != "" && !slices.Contains(c.Gaps, gap) {
			c.Gaps = append(c.Gaps, gap)
		}
	}
}

// fail notes what could not be read.
func (c *comparison) fail(what string, call awsapi.Call, service string, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.Failed = append(c.Failed, what+": "+evidence.Explain(call, service, err))
}
