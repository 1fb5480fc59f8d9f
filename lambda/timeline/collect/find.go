package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/evidence"
)

// FindInstance returns when a group of the service decided to terminate an instance, or else
// launched it.
func (c *Collector) FindInstance(ctx context.Context, scope Scope, id string) (at time.Time, err error) {
	now := c.clock()
	r := c.reader(scope, now.Add(-42*day), now)
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	groups := scope.Groups
	if slices.ContainsFunc(groups, open) {
		groups = []string{""}
	}
	var launched time.Time
	for _, group := range groups {
		r.eachActivity(ctx, group, r.from, r.to, func(a activity) bool {
			switch {
			case a.instance() != id:
			case strings.HasPrefix(a.Description, terminating):
				at = instant(a.Start)
			case launched.IsZero():
				launched = instant(a.Start)
			}
			return at.IsZero()
		})
		if !at.IsZero() {
			return at, nil
		}
	}
	if launched.IsZero() {
		return at, errors.New(strings.Join(append([]string{fmt.Sprintf("no group of the service had it in the last six weeks (of %d groups)", len(scope.Groups))}, r.failed()...), "; "))
	}
	return launched, nil
}

// FindDeployment returns when a deployment of CodeDeploy was made, and when it ended, or the same
// time if it has not.
func (c *Collector) FindDeployment(ctx context.Context, id string) (at, end time.Time, err error) {
	r := c.reader(Scope{}, time.Time{}, time.Time{})
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	call := call("codedeploy", "GetDeployment")
	var answer struct {
		Deployment json.RawMessage `json:"deploymentInfo"`
	}
	if err := r.json(ctx, call, codeDeployTarget, map[string]string{"deploymentId": id}, &answer); err != nil {
		return at, end, errors.New(evidence.Explain(call, names[call.Service], err))
	}
	d := evidence.ReadDeployment(answer.Deployment)
	if d.Created.IsZero() {
		return at, end, errors.New("CodeDeploy does not say when it was made")
	}
	return d.Created, event.FirstKnown(d.Completed, d.Created), nil
}
