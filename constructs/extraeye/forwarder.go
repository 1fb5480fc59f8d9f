package extraeye

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsiam"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssqs"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// ForwarderProps configures a [Forwarder].
type ForwarderProps struct {
	// To is the ARN of the bus of a Fleet in another account or Region:
	// "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye", or that of [Fleet.Bus]. AWS
	// has no event buses across partitions.
	//
	// Required.
	To string

	// Watches are those of the Fleet, or some of them: their events are forwarded, and their
	// look-ups allowed.
	//
	// Default: those that a Fleet has by default.
	Watches []watch.Watch

	// TeamTag is the same as [FleetProps.TeamTag]: with it, tags may be looked up.
	//
	// Default: they may not.
	TeamTag string

	// Organization is that of the Fleet's account, such as "o-a1b2c3d4e5". The look-up role trusts
	// the Fleet's account as long as that is in it.
	//
	// Default: none; then there must be an ExternalID, or NoLookUps.
	Organization string

	// ExternalID is the same as [Bus.ExternalID], and takes the place of an Organization. The
	// look-up role trusts what knows it and is in the Fleet's account.
	//
	// Default: none; then there must be an Organization, or NoLookUps.
	ExternalID string

	// LookUpRole is what the name of the look-up role begins with, up to 40 characters; a hyphen
	// and the Region follow. Names of roles are an account's, so that there can be one Forwarder
	// with this name in each account and Region. It is the same as [Bus.LookUpRole].
	//
	// Default: "extraeye-lookups".
	LookUpRole string

	// NoLookUps leaves the look-up role out: a notice then has what the event says, and a line
	// that nothing could be looked up.
	//
	// Default: false.
	NoLookUps bool

	// NoDrills keeps the rules from matching drills, as [EyeProps.NoDrills] does.
	//
	// Default: false.
	NoDrills bool

	// AlarmTopic is notified while an event that could not be forwarded is in the dead-letter
	// queue, and when EventBridge lost one: a second alarm, $0.10 a month for each rule. If it has
	// a policy of its own, that must let cloudwatch.amazonaws.com publish.
	//
	// Default: the one alarm, on the queue, has no action. It costs $0.10 a month.
	AlarmTopic awssns.ITopic
}

// Forwarder forwards what a [Fleet] watches from an account and Region to the Fleet's [Bus], and
// lets the Fleet's function look up there what a notice needs. Put one into each account and Region
// but the Fleet's own:
//
//	extraeye.NewForwarder(stack, "Forwarder", &extraeye.ForwarderProps{
//		To:           "arn:aws:events:eu-west-1:111122223333:event-bus/extraeye",
//		Organization: "o-a1b2c3d4e5",
//	})
//
// It has one rule, one more for ECS tasks, and one more for each watch.Pattern. They match the
// sources and detail types of what is watched, and of ECS tasks those that stopped: the others,
// which no watch reports, are most of what there is, and each event that is forwarded is paid for.
// What else a watch chooses by, only the Fleet's rules match.
type Forwarder struct {
	constructs.Construct
	rules       []awsevents.CfnRule
	deadLetters awssqs.Queue
	role        awsiam.CfnRole
}

// NewForwarder defines a Forwarder. It panics if scope or props is nil; whatever else is wrong is
// reported on the construct, which then has no resources.
func NewForwarder(scope constructs.Construct, id string, props *ForwarderProps) *Forwarder {
	if scope == nil {
		panic(fmt.Errorf("extraeye.NewForwarder(%q): scope is nil; give it the stack", id))
	}
	if props == nil {
		panic(fmt.Errorf("extraeye.NewForwarder(%q): props are nil; give it &extraeye.ForwarderProps{…}", id))
	}
	f := &Forwarder{}
	constructs.NewConstruct_Override(f, scope, jsii.String(id))
	binding.SetSeesEverything(f)
	checksOf(awscdk.Stack_Of(f)) // which count what is in the policies
	account, problems := props.check(f)
	bound := f.bind(props, &problems)
	if report(f, problems...); len(problems) > 0 {
		return f
	}
	f.deadLetters = newDeadLetterQueue(f)
	f.rules = forward(f, jsii.String(props.To), bound, f.deadLetters)
	f.newAlarms(alarms{props.AlarmTopic})
	if !props.NoLookUps {
		grants := lookUpGrants(bound)
		if props.TeamTag != "" {
			grants = together(append(grants, tagGrants(f, bound)...))
		}
		f.role = newLookUpRole(f, wire.LookUps{Role: cmp.Or(props.LookUpRole, defaultLookUpRole)}, trust{account, props.Organization, props.ExternalID}, grants)
	}
	return f
}

// Rules are the EventBridge rules.
func (f *Forwarder) Rules() []awsevents.CfnRule { return f.rules }

// DeadLetterQueue holds the events that could not be forwarded, for 14 days, each with the reason
// as attributes. "extraeye redrive" hands them to the Fleet's function. It is nil if something is
// wrong with the props.
func (f *Forwarder) DeadLetterQueue() awssqs.Queue { return f.deadLetters }

// LookUpRole is the role that the Fleet's function assumes; nil if there is none.
func (f *Forwarder) LookUpRole() awsiam.CfnRole { return f.role }

// bind binds the watches.
func (f *Forwarder) bind(props *ForwarderProps, problems *binding.Problems) (all []*boundWatch) {
	watches := fleetWatches(props.Watches)
	if len(watches) == 0 {
		problems.Problemf(binding.NoWatch, "ForwarderProps.Watches is empty; write those of the Fleet, or leave it out")
	}
	for _, w := range watches {
		if w == nil {
			problems.Problemf(binding.NoWatch, "ForwarderProps.Watches has nil; remove it")
			continue
		}
		b := &boundWatch{Watch: w.Bind(f)}
		b.NoDrills = props.NoDrills
		b.seeEverything("ForwarderProps.Watches")
		*problems = append(*problems, b.Problems...)
		all = append(all, b)
	}
	return all
}

// newAlarms defines the alarm on the dead-letter queue and, if anybody is notified, those on what
// the rules lose.
func (f *Forwarder) newAlarms(a alarms) {
	a.onDeadLetters(f, f.deadLetters, "extraeye: an event could not be forwarded; the dead-letter queue holds it and the reason")
	if a.topic == nil {
		return
	}
	n := 0
	for some := range slices.Chunk(f.rules, maxAlarmMetrics) {
		var losses []metric
		for _, r := range some {
			losses = append(losses, lossesOf(r))
		}
		n++
		a.onLoss(f, fmt.Sprint("LossAlarm", n), func() []metric { return losses })
	}
}

// busARN is the ARN of a bus, of which the partition may be known only at deployment.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
var busARN = regexp.MustCompile(`^arn:(?:[a-z-]+|\?):events:([a-z]+(?:-[a-z]+)+-[0-9]+):([0-9]{12}):event-bus/[/.\-_A-Za-z0-9]{1,256}$`)

// check checks what is known now, and returns the account of the bus.
func (p *ForwarderProps) check(f *Forwarder) (account string, problems binding.Problems) {
	parts := busARN.FindStringSubmatch(binding.ARN(f, p.To))
	stack := awscdk.Stack_Of(f)
	switch {
	case parts == nil:
		problems.Problemf(binding.BadForwarding, "ForwarderProps.To %q is not the ARN of an event bus whose account and Region are known now; write one such as arn:aws:events:eu-west-1:111122223333:event-bus/extraeye", p.To)
	case parts[1] == *stack.Region() && parts[2] == *stack.Account():
		problems.Problemf(binding.BadForwarding, "ForwarderProps.To %q is in the Forwarder's own account and Region, from which the Fleet forwards by itself; put a Forwarder into each of the others", p.To)
	default:
		account = parts[2]
	}
	checkTrust(&problems, "ForwarderProps", p.Organization, p.ExternalID, p.LookUpRole)
	switch {
	case p.Organization != "" && p.ExternalID != "":
		problems.Problemf(binding.BadForwarding, "ForwarderProps has both an Organization and an ExternalID; keep the ExternalID if the Fleet's Bus has one, and the Organization otherwise")
	case p.Organization == "" && p.ExternalID == "" && !p.NoLookUps:
		problems.Problemf(binding.BadForwarding, "ForwarderProps has neither an Organization nor an ExternalID, without one of which the look-up role would trust too many; set the ExternalID if the Fleet's Bus has one, else the Organization, or set NoLookUps")
	}
	if p.AlarmTopic != nil && binding.IsInAnotherRegion(p.AlarmTopic, f) {
		problems.Problemf(binding.Elsewhere, "ForwarderProps.AlarmTopic %s is in another Region, where an alarm cannot publish; give it a topic of the stack's Region", *p.AlarmTopic.Node().Path())
	}
	return account, problems
}
