package extraeye

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsautoscaling"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// EyeProps configures an [Eye]. With groups or applications, the Eye watches them for
// all its sinks; for everything else there is [Eye.Watch].
type EyeProps struct {
	// AutoScalingGroupNames are the Auto Scaling groups whose terminations are watched, as
	// [watch.Terminations] does by default.
	//
	// Default: none.
	AutoScalingGroupNames []string

	// AutoScalingGroupRefs are such groups of the app, or imported into it.
	//
	// Default: none.
	AutoScalingGroupRefs []awsautoscaling.IAutoScalingGroup

	// CodeDeployApplications are the applications whose deployments are watched, as
	// [watch.Deployments] does by default.
	//
	// Default: none.
	CodeDeployApplications []string

	// CodeDeployApplicationRefs are such applications of the app, or imported into it.
	//
	// Default: none.
	CodeDeployApplicationRefs []watch.CodeDeployApplication

	// Sinks are where the Eye reports what happens to the groups and applications above,
	// and what every watch sees that names no sinks of its own.
	//
	// Default: none; then every Watch must name its own.
	Sinks []sink.Sink

	// Service is the team's own name for what is watched. Every notice has it.
	//
	// Default: the stack's name; in a nested stack, that of the outermost one.
	Service string

	// NoDrills keeps the rules from matching the events of "extraeye drill", which have the source
	// "extraeye.drill": then only AWS can make the Eye report something. Without it, so can
	// whoever may put events on the account's event bus, as a notice that says that it is a drill.
	// [watch.Pattern] never matches them, unless the pattern does.
	//
	// Default: false.
	NoDrills bool

	// Notifier is the function that sends, in the account and Region of the stack.
	//
	// Default: one for each stack, made on first use and shared by all Eyes of the
	// stack.
	Notifier *Notifier

	// Journal is where it is written down what became of each event, notified or not and why, in
	// the account and Region of the stack. What only goes to sinks that get the raw event is not
	// decided on, and not in it.
	//
	// Default: none.
	Journal *Journal
}

// Eye watches and reports. It is a construct: it can be a scope, be tagged and be
// depended on.
type Eye struct {
	constructs.Construct
	service   string
	sinks     []sink.Sink
	notifier  *Notifier
	journal   *Journal // nil if there is none
	noDrills  bool
	checks    *checks
	watched   bool            // by a wrong watch, too
	bound     []*boundWatch   // those that have rules
	sets      []*rules        // that watches share
	scopes    map[string]int  // how many rules of each kind of watch there are
	delivered map[string]bool // which events go to which sink
	releases  releases
	losses    []metric           // of the rules, if they have an alarm
	fleet     bool               // it notifies the teams of a fleet
	owned     int                // how many names the table of the fleet has
	bus       awsevents.EventBus // of the fleet; nil: the account's default one
	timelines []*Timeline
}

// NewEye defines an Eye. It panics if scope or props is nil; whatever else is
// wrong is reported on the construct.
func NewEye(scope constructs.Construct, id string, props *EyeProps) *Eye {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewEye(%q): scope is nil; give it the stack", id))
	}
	if props == nil {
		panic(fmt.Errorf("extraeye.NewEye(%q): props are nil; give it &extraeye.EyeProps{…}", id))
	}
	e := &Eye{
		service:   props.Service,
		sinks:     slices.Clone(props.Sinks),
		notifier:  props.Notifier,
		journal:   props.Journal,
		noDrills:  props.NoDrills,
		scopes:    map[string]int{},
		delivered: map[string]bool{},
	}
	constructs.NewConstruct_Override(e, scope, jsii.String(id))
	e.checks = checksOf(awscdk.Stack_Of(e))
	e.checks.eyes = append(e.checks.eyes, e)
	if e.service == "" {
		e.service = *outermost(e.checks.stack).StackName()
	}
	report(e, checkText("EyeProps.Service", e.service, maxService)...)
	e.checkNotifier("EyeProps.Notifier")
	e.checkJournal()
	if props.AutoScalingGroupNames != nil || props.AutoScalingGroupRefs != nil {
		e.Watch(watch.Terminations{AutoScalingGroupNames: props.AutoScalingGroupNames, AutoScalingGroupRefs: props.AutoScalingGroupRefs})
	}
	if props.CodeDeployApplications != nil || props.CodeDeployApplicationRefs != nil {
		e.Watch(watch.Deployments{CodeDeployApplications: props.CodeDeployApplications, CodeDeployApplicationRefs: props.CodeDeployApplicationRefs})
	}
	return e
}

// checkNotifier checks a notifier that a prop gives.
func (e *Eye) checkNotifier(prop string) {
	if e.notifier != nil && binding.IsElsewhere(e.notifier.function, e) {
		report(e, problemf(binding.Elsewhere, "%s %s is in another account or Region, where the rules cannot invoke it; give it one in its own", prop, *e.notifier.Node().Path())...)
		e.notifier = nil
	}
}

// outermost is the stack that a nested stack is deployed with: a nested stack's own
// name is generated, and means nothing to a team.
func outermost(stack awscdk.Stack) awscdk.Stack {
	for stack.NestedStackParent() != nil {
		stack = stack.NestedStackParent()
	}
	return stack
}

// maxService is the longest name of a service, in characters: every notice has it.
const maxService = 128

// checkText checks what the team calls something.
func checkText(where, text string, most int) []binding.Problem {
	if binding.ImproperText(text) || !binding.IsToken(text) && utf8.RuneCountInString(text) > most {
		return problemf(binding.BadSetting, "%s %.200q has blanks around it, a control character or more than %d characters; write what the team calls it", where, text, most)
	}
	return nil
}

// Watched is a watch of an Eye.
type Watched struct {
	eye   *Eye
	watch *boundWatch // nil if it is wrong
}

// Rules are the EventBridge rules of the watch, in the order of their ids. Which of them has
// a name follows from the names, whatever their order, so that a name that is added, removed
// or renamed changes few rules. The first rule is always Rule1; there may be gaps after it.
//
// Watches of an Eye that see the same, or all but the same, share rules, and each returns
// them: what is changed in one is changed for all. Call it after the last Watch, which may
// come to share them, too.
func (w *Watched) Rules() []awsevents.CfnRule {
	if w.watch == nil {
		return nil
	}
	return w.eye.rulesOf(func(r *rules) bool { return r.serve(w.watch) })
}

// Watch reports what the watch sees to sinks. Without sinks, it reports to the Eye's
// own. It may be called at any time before the app is synthesized. A watch with wrong
// props is reported, and has no rules.
func (e *Eye) Watch(w watch.Watch, sinks ...sink.Sink) *Watched {
	if len(sinks) == 0 {
		sinks = e.sinks
	}
	e.watched = true
	if w == nil {
		report(e, problemf(binding.NoWatch, "Watch was given nil; give it a watch, such as watch.Terminations")...)
		return &Watched{}
	}
	b := e.bindWatch(w, sinks)
	if len(b.Problems) > 0 {
		report(e, b.Problems...)
		return &Watched{}
	}
	changes, more := e.place(b), 0
	for _, c := range changes {
		more += c.more()
	}
	if !e.checks.roomFor(more) {
		report(e, problemf(binding.TooManyRules, "%s needs %d rules, with %d that the stack has already, and CloudFormation allows %d resources in a stack; spread the Eyes over %d stacks", b.Name, more, e.checks.rules(), limits.Resources, parts(more+e.checks.rules(), limits.Resources))...)
		return &Watched{}
	}
	known := e.joinReleases(b) // what it grants may cover what the rules need
	e.bound = append(e.bound, b)
	e.apply(b, changes)
	for _, t := range e.timelines {
		t.add(e, b)
	}
	if known {
		e.spreadAgain()
	}
	return &Watched{e, b}
}

// Rules are the EventBridge rules of all watches so far, in their order.
func (e *Eye) Rules() []awsevents.CfnRule { return e.rulesOf(func(*rules) bool { return true }) }

// rulesOf are the rules of some sets of rules.
func (e *Eye) rulesOf(which func(*rules) bool) (all []awsevents.CfnRule) {
	for _, r := range e.sets {
		if !which(r) {
			continue
		}
		for _, w := range r.written {
			all = append(all, w.CfnRule)
		}
	}
	return all
}

// Notifier is the function that sends. It is made if there is none yet.
func (e *Eye) Notifier() *Notifier {
	if e.notifier == nil {
		e.notifier = notifierOf(e.checks.stack)
	}
	return e.notifier
}

// checkWatched reports an Eye that has not been given a watch by the time the app is
// synthesized.
func (e *Eye) checkWatched() {
	if !e.watched {
		report(e, problemf(binding.NoWatch, "the Eye watches nothing; set AutoScalingGroupNames or CodeDeployApplications, or call Watch")...)
	}
}

// templateBytes is about how long the Eye's rules are in the template, without indentation.
func (e *Eye) templateBytes() (n int) {
	const rule, target = 400, 200 // the ids and ARNs of a rule with its permission, and of a target
	for _, r := range e.sets {
		targets := target * (len(r.inputs) + len(r.natives()))
		for _, in := range r.inputs {
			targets += len(inJSON(e.template(r.plan, in)))
		}
		for _, p := range r.patterns {
			n += rule + len(inJSON(p.pattern)) + targets
		}
	}
	return n
}
