package extraeye

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/services"
)

// FleetProps configures a [Fleet]. [LoadFleet] reads the teams from a file.
type FleetProps struct {
	// Teams are who is notified about what.
	//
	// Required.
	Teams []Team

	// TeamTag is the key of the tag whose value names a team: with "team", whatever is tagged
	// with team=checkout is checkout's, without being listed. The function may then look up the
	// tags of all that its watches see.
	//
	// Default: tags say nothing about teams.
	TeamTag string

	// Watches are what is reported. Without names, they see everything of their kind in the
	// account and Region. watch.Instances and watch.SpotInterruptions are not possible.
	//
	// Default: terminations, launches that failed, deployments of CodeDeploy and of ECS, and
	// ECS tasks that stopped, as each is by default.
	Watches []watch.Watch

	// Bus is an event bus of the Fleet's own, on which it gets the events of other accounts and
	// Regions, too: those that have a [Forwarder]. Without names, the watches then see
	// everything of their kind there, too; a watch that names ECS clusters sees those of the
	// Fleet's own account and Region only.
	//
	// Default: none; the Fleet watches over its own account and Region, on the default bus.
	Bus *Bus

	// Others are notified about what belongs to no team.
	//
	// Default: nobody is; the function's log says so.
	Others []sink.Sink

	// NoDrills keeps the rules from matching drills, as [EyeProps.NoDrills] does.
	//
	// Default: false.
	NoDrills bool

	// Notifier is the function that sends, in the account and Region of the stack. It can
	// have one Fleet.
	//
	// Default: one of the Fleet's own.
	Notifier *Notifier

	problems binding.Problems // of the file
}

// Fleet watches over all services of an account and Region, or with a [Bus] of several, for all
// teams. It has one rule for each watch, however many services there are: whose a thing is, the
// function decides, by a table of the teams' names, by the thing's tag, or by its account. The
// table is data in a Lambda layer: one more service changes that and nothing else.
//
//	extraeye.NewFleet(stack, "Fleet", extraeye.LoadFleet("services.yaml"))
type Fleet struct {
	constructs.Construct
	eye *Eye
}

// NewFleet defines a Fleet. It panics if scope or props is nil; whatever else is wrong is
// reported on the construct.
func NewFleet(scope constructs.Construct, id string, props *FleetProps) *Fleet {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewFleet(%q): scope is nil; give it the stack", id))
	}
	if props == nil {
		panic(fmt.Errorf("extraeye.NewFleet(%q): props are nil; give it &extraeye.FleetProps{…} or extraeye.LoadFleet(…)", id))
	}
	e := &Eye{notifier: props.Notifier, scopes: map[string]int{}, delivered: map[string]bool{}, fleet: true, noDrills: props.NoDrills}
	f := &Fleet{eye: e}
	constructs.NewConstruct_Override(f, scope, jsii.String(id))
	constructs.NewConstruct_Override(e, f, jsii.String("Default")) // which is no part of logical ids
	binding.SetSeesEverything(e)
	e.checks = checksOf(awscdk.Stack_Of(e))
	e.checks.eyes = append(e.checks.eyes, e)
	e.service = *outermost(e.checks.stack).StackName()
	e.checkNotifier("FleetProps.Notifier")
	if e.notifier == nil {
		e.notifier = NewNotifier(f, "Notifier", nil)
	}
	report(e, props.problems...)
	if props.Bus != nil {
		f.newBus(props.Bus)
	}
	if len(props.problems) == 0 {
		f.writeTable(props)
	}
	for _, w := range fleetWatches(props.Watches) {
		e.Watch(w)
	}
	if props.TeamTag != "" {
		e.notifier.grants.grant(e, tagGrants(e, e.bound)...)
	}
	if e.bus != nil {
		f.forwardOwn()
	}
	return f
}

// fleetWatches are the watches of a fleet, by default those of what most services consist of.
func fleetWatches(given []watch.Watch) []watch.Watch {
	if given != nil {
		return given
	}
	return []watch.Watch{watch.Terminations{}, watch.Launches{}, watch.Deployments{}, watch.ECSTasks{}, watch.ECSDeployments{}}
}

// Rules are the EventBridge rules, one for each watch, on the default bus or the Fleet's own.
func (f *Fleet) Rules() []awsevents.CfnRule { return f.eye.Rules() }

// Notifier is the function that sends.
func (f *Fleet) Notifier() *Notifier { return f.eye.notifier }

// watchable are the kinds of watches that a fleet can have.
var watchable = []string{
	"Terminations", "Launches", "InstanceRefreshes", "Lifecycle", "Deployments", "DeploymentInstances", "ECSTasks", "ECSDeployments", "ECSServices",
	"Alarms", "Health", "Pattern",
}

// bindTeams binds a watch to the teams of a fleet.
func (e *Eye) bindTeams(b *boundWatch) {
	b.seeEverything("FleetProps.Watches")
	b.targets = []*target{{Sink: binding.Sink{Name: "Fleet"}, label: "the teams", key: "teams of " + *e.Node().Path()}}
}

// seeEverything makes of a watch one that sees everything where it names nothing.
func (b *boundWatch) seeEverything(where string) {
	if !slices.Contains(watchable, b.Name) && b.Pattern == nil {
		b.Problemf(binding.NotInFleet, "%s has %s, which sees only what it names; watch that in an Eye", where, b.Name)
		return
	}
	b.Fields = slices.DeleteFunc(slices.Clone(b.Fields), func(f binding.Field) bool { return len(f.Values) == 0 })
	for i, g := range b.Grants {
		b.Grants[i] = everywhere(g)
	}
	for i, r := range b.Releases {
		for j, g := range r.Grants {
			b.Releases[i].Grants[j] = everywhere(g)
		}
	}
}

// everywhere is a grant on all that a watch sees that names nothing.
func everywhere(g binding.Grant) binding.Grant {
	if len(g.Resources) == 0 && g.Wide != "" {
		g.Resources = []string{g.Wide}
		g.Broad = strings.Join(g.Actions, ", ") + " are granted for all that there is: a Fleet watches everything of the account and Region"
	}
	return g
}

// checkTeams checks what the teams say, apart from their sinks.
func (e *Eye) checkTeams(props *FleetProps) (problems binding.Problems) {
	if len(props.Teams) == 0 {
		problems.Problemf(binding.BadTeam, "FleetProps.Teams is empty; write at least one team")
	}
	if binding.IsToken(props.TeamTag) || binding.ImproperText(props.TeamTag) {
		problems.Problemf(binding.BadTeam, "FleetProps.TeamTag %q is known only at deployment, or has blanks around it or a control character; write the key of the tag", props.TeamTag)
	}
	teams := named(props.Teams)
	for _, wrong := range services.CheckTeams(teams) {
		problems.Problemf(binding.BadTeam, "FleetProps.%s", wrong)
	}
	for _, o := range services.Owned(teams) {
		if binding.IsToken(o.Name) {
			problems.Problemf(binding.NotInFleet, "the %s %s of %s is known only at deployment, and the table of teams is a file that is written before; write its name, or give it the team's tag", o.Kind, o.Name, o.Service)
		}
	}
	for _, again := range services.Twice(teams) {
		problems.Problemf(binding.TwoTeams, "FleetProps.%s: %s", again.Path, again)
	}
	return problems
}
