package extraeye

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

// EyeProps configures an [Eye]. With names, the Eye watches them for all its
// sinks; without any, use [Eye.Watch].
type EyeProps struct {
	// AutoScalingGroupNames are the groups whose terminations are watched, as
	// [watch.Terminations] does by default.
	//
	// Default: none.
	AutoScalingGroupNames []string

	// CodeDeployApplications are the applications whose deployments are watched, as
	// [watch.Deployments] does by default.
	//
	// Default: none.
	CodeDeployApplications []string

	// Sinks are who is told of the names above, and of every watch that names no
	// sinks of its own.
	//
	// Default: none; then every Watch must name its own.
	Sinks []sink.Sink

	// Service is the team's own name for what is watched. Notices bear it.
	//
	// Default: the stack's name; in a nested stack, that of the outermost one.
	Service string

	// Notifier is the function that sends.
	//
	// Default: one for each stack, made on first use and shared by all Eyes of the
	// stack.
	Notifier *Notifier
}

// Eye watches and tells. It is a construct: it can be a scope, be tagged and be
// depended on.
type Eye struct {
	constructs.Construct
	service  string
	sinks    []sink.Sink
	notifier *Notifier
	rules    []awsevents.CfnRule
	watches  map[string]int  // how many watches of each kind there are
	told     map[string]bool // what is told where
	releases releases
}

// NewEye defines an Eye. It panics if scope or props is nil; whatever else is
// wrong is reported on the construct.
func NewEye(scope constructs.Construct, id string, props *EyeProps) *Eye {
	if scope == nil || props == nil {
		panic(fmt.Errorf("extraeye.NewEye(%q): scope and props must not be nil", id))
	}
	e := &Eye{
		service:  props.Service,
		sinks:    slices.Clone(props.Sinks),
		notifier: props.Notifier,
		watches:  map[string]int{},
		told:     map[string]bool{},
	}
	constructs.NewConstruct_Override(e, scope, jsii.String(id))
	if e.service == "" {
		e.service = *outermost(awscdk.Stack_Of(e)).StackName()
	}
	report(e, checkService(e.service)...)
	if props.AutoScalingGroupNames != nil {
		e.Watch(watch.Terminations{Groups: props.AutoScalingGroupNames})
	}
	if props.CodeDeployApplications != nil {
		e.Watch(watch.Deployments{Applications: props.CodeDeployApplications})
	}
	if len(e.watches) == 0 {
		// It may be given a watch later; whether it was is known when the app is
		// synthesized.
		awscdk.Aspects_Of(e).Add(&unwatched{e}, nil)
	}
	return e
}

// outermost is the stack that a nested stack is deployed with: a nested stack's own
// name is generated, and nobody's word for anything.
func outermost(stack awscdk.Stack) awscdk.Stack {
	for stack.NestedStackParent() != nil {
		stack = stack.NestedStackParent()
	}
	return stack
}

// maxService is the longest name of a service, in characters: every notice bears it.
const maxService = 128

func checkService(service string) []binding.Problem {
	if !binding.IsToken(service) && (strings.TrimSpace(service) != service || strings.ContainsFunc(service, unicode.IsControl) || utf8.RuneCountInString(service) > maxService) {
		return []binding.Problem{binding.Problemf(binding.BadSetting, "EyeProps.Service %.200q has blanks around it, a control character or more than %d characters; write what the team calls it", service, maxService)}
	}
	return nil
}

// Watch tells sinks what the watch sees. Without sinks, it tells the Eye's own.
func (e *Eye) Watch(w watch.Watch, sinks ...sink.Sink) {
	if len(sinks) == 0 {
		sinks = e.sinks
	}
	if w == nil {
		e.watches[""]++
		report(e, binding.Problemf(binding.NoWatch, "Watch was given nil; give it a watch, such as watch.Terminations"))
		return
	}
	bound := w.Bind(e)
	e.watches[bound.Name]++
	asked := inJSON(bound.Wire)
	e.releases.toldTo(&bound)
	targets, problems := e.bind(bound, sinks)
	if problems = append(bound.Problems, problems...); len(problems) > 0 {
		report(e, problems...)
		return
	}

	id := bound.Name
	if n := e.watches[bound.Name]; n > 1 {
		id += fmt.Sprint(n)
	}
	patterns, problem := pack(bound)
	if problem != nil {
		report(e, *problem)
		return
	}
	for _, t := range targets {
		what := inJSON([]any{patterns, asked, t.where()})
		if e.told[what] {
			report(e, binding.Problemf(binding.DuplicateSink, "%s tells %s what an earlier watch of this Eye tells it already; remove one", bound.Name, t.id))
			return
		}
		e.told[what] = true
	}
	if forNotifier(targets) {
		for _, g := range bound.Grants {
			e.Notifier().letLookUp(e, g)
		}
	}
	e.addRules(constructs.NewConstruct(e, jsii.String(id)), bound, patterns, targets)
	e.addReleases(bound)
}

// Rules are the EventBridge rules of all watches so far, in their order.
func (e *Eye) Rules() []awsevents.CfnRule { return slices.Clone(e.rules) }

// Notifier is the function that sends. It is made if there is none yet.
func (e *Eye) Notifier() *Notifier {
	if e.notifier == nil {
		e.notifier = notifierOf(awscdk.Stack_Of(e))
	}
	return e.notifier
}

// unwatched reports an Eye that has not been given a watch by the time the app is
// synthesized.
type unwatched struct{ eye *Eye }

func (u *unwatched) Visit(node constructs.IConstruct) {
	if len(u.eye.watches) == 0 && *node.Node().Path() == *u.eye.Node().Path() {
		report(u.eye, binding.Problemf(binding.NoWatch, "the Eye watches nothing; set AutoScalingGroupNames or CodeDeployApplications, or call Watch"))
	}
}

// report writes problems on a construct, where the CLI and cdk validation show
// them together.
func report(on constructs.IConstruct, problems ...binding.Problem) {
	for _, p := range problems {
		message := fmt.Sprintf("%s (https://github.com/extraeye/extraeye/blob/main/docs/errors.md#%s)", p.Message, p.Code.Anchor())
		awscdk.Validations_Of(on).AddError(jsii.String(p.Code.ID()), jsii.String(message))
	}
}
