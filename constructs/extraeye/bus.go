package extraeye

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Bus is an event bus that the Forwarders of other accounts and Regions put events on. EventBridge
// encrypts it with a key of AWS's. The Fleet forwards the events of its own account and Region to
// it, by the rules on the default bus that a [Forwarder] has elsewhere.
type Bus struct {
	// Name is the name of the bus, so that its ARN is known beforehand:
	// arn:aws:events:REGION:ACCOUNT:event-bus/NAME.
	//
	// Default: "extraeye".
	Name string

	// Organization is whose accounts may put events on the bus, such as "o-a1b2c3d4e5".
	//
	// Default: none; then there must be Accounts.
	Organization string

	// Accounts may put events on the bus, each by its 12 digits. The policy of a bus has room for
	// some 250. The Fleet's own need not be one of them.
	// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
	//
	// Default: none; then there must be an Organization.
	Accounts []string

	// ExternalID is what the look-up roles ask for, the same as [ForwarderProps.ExternalID]: 2 to
	// 200 characters. It is no secret. Accounts need one, unless NoLookUps is set.
	//
	// Default: the roles ask for the Organization.
	ExternalID string

	// LookUpRole is what the names of the look-up roles begin with: the same as
	// [ForwarderProps.LookUpRole].
	//
	// Default: "extraeye-lookups".
	LookUpRole string

	// NoLookUps keeps the function from assuming roles elsewhere: a notice then has what the event
	// says, and a line that nothing could be looked up.
	//
	// Default: false.
	NoLookUps bool
}

const (
	defaultBus        = "extraeye"
	defaultLookUpRole = "extraeye-lookups"
)

// The forms of names and ids.
var (
	// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateEventBus.html
	busNames = regexp.MustCompile(`^[.\-_A-Za-z0-9]{1,256}$`)
	// https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html
	organizationID = regexp.MustCompile(`^o-[a-z0-9]{10,32}$`)
	accountID      = regexp.MustCompile(`^[0-9]{12}$`)
	// AWS allows 1,224 characters, more than anybody writes.
	//
	// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
	externalID = regexp.MustCompile(`^[\w+=,.@:/-]{2,200}$`)
	// A role's name has at most 64 characters, of which some are for the Region.
	//
	// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
	lookUpRole = regexp.MustCompile(`^[\w+=,.@-]{1,40}$`)
)

// newBus defines the bus of a fleet, unless something is wrong.
func (f *Fleet) newBus(props *Bus) {
	if problems := props.check(); len(problems) > 0 {
		report(f.eye, problems...)
		return
	}
	bus := awsevents.NewEventBus(f, jsii.String("Bus"), &awsevents.EventBusProps{
		EventBusName: jsii.String(cmp.Or(props.Name, defaultBus)),
		Description:  jsii.String("extraeye: what happens in all accounts and Regions"),
	})
	f.eye.bus = bus
	awsevents.NewCfnEventBusPolicy(f, jsii.String("BusPolicy"), &awsevents.CfnEventBusPolicyProps{
		EventBusName: bus.EventBusName(), StatementId: jsii.String("Forwarders"), Statement: props.policy(f),
	})
	awscdk.NewCfnOutput(f, jsii.String("BusARN"), &awscdk.CfnOutputProps{
		Value: bus.EventBusArn(), Description: jsii.String("extraeye: what the Forwarders of other accounts and Regions forward to"),
	})
}

// policy lets the accounts put events on the bus.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-perms.html
func (b *Bus) policy(f *Fleet) map[string]any {
	statement := map[string]any{"Sid": "Forwarders", "Effect": "Allow", "Action": "events:PutEvents", "Resource": f.eye.bus.EventBusArn()}
	if b.Organization != "" {
		statement["Principal"] = "*"
		statement["Condition"] = map[string]any{"StringEquals": map[string]any{"aws:PrincipalOrgID": b.Organization}}
		return statement
	}
	var roots []*string
	for _, account := range b.Accounts {
		roots = append(roots, iamARN(f, account, "root"))
	}
	statement["Principal"] = map[string]any{"AWS": roots}
	return statement
}

// check checks what is known now.
func (b *Bus) check() (problems binding.Problems) {
	if b.Name == "default" || b.Name != "" && !busNames.MatchString(b.Name) {
		problems.Problemf(binding.BadForwarding, `FleetProps.Bus.Name %q is "default", known only at deployment, or not a name of 1 to 256 letters, digits, dots, hyphens and underscores; write such a name`, b.Name)
	}
	if (b.Organization == "") == (len(b.Accounts) == 0) {
		problems.Problemf(binding.BadForwarding, "FleetProps.Bus has both an Organization and Accounts, or neither; set one of them, which says whose events it takes")
	}
	for i, account := range b.Accounts {
		if !accountID.MatchString(account) || slices.Contains(b.Accounts[:i], account) {
			problems.Problemf(binding.BadForwarding, "FleetProps.Bus.Accounts[%d] %q is not the 12 digits of an account, or there twice; write each account once", i, account)
		}
	}
	checkTrust(&problems, "FleetProps.Bus", b.Organization, b.ExternalID, b.LookUpRole)
	if len(b.Accounts) > 0 && b.ExternalID == "" && !b.NoLookUps {
		problems.Problemf(binding.BadForwarding, "FleetProps.Bus has Accounts and no ExternalID, which the look-up roles in them ask for; write one, the same as in ForwarderProps, or set NoLookUps")
	}
	return problems
}

// checkTrust checks what says whom the look-up roles trust.
func checkTrust(problems *binding.Problems, where, organization, external, role string) {
	if organization != "" && !organizationID.MatchString(organization) {
		problems.Problemf(binding.BadForwarding, "%s.Organization %q is not the id of an organization; write one such as o-a1b2c3d4e5", where, organization)
	}
	if external != "" && !externalID.MatchString(external) {
		problems.Problemf(binding.BadForwarding, "%s.ExternalID %.100q is known only at deployment, or not 2 to 200 letters, digits and any of _+=,.@:/-; write such a text", where, external)
	}
	if role != "" && !lookUpRole.MatchString(role) {
		problems.Problemf(binding.BadForwarding, "%s.LookUpRole %.100q is known only at deployment, or not 1 to 40 letters, digits and any of _+=,.@-; write what the roles' names begin with", where, role)
	}
}

// lookUps are what the function knows of the look-up roles; nil: it assumes none.
func (b *Bus) lookUps() *wire.LookUps {
	if b.NoLookUps {
		return nil
	}
	return &wire.LookUps{Role: cmp.Or(b.LookUpRole, defaultLookUpRole), ExternalID: b.ExternalID}
}

// assumeGrants let the function assume the look-up roles of the accounts, in any Region.
func (b *Bus) assumeGrants(f *Fleet) []binding.Grant {
	roles := b.lookUps()
	if roles == nil {
		return nil
	}
	grant := binding.Grant{
		Actions: []string{"sts:AssumeRole"},
		Broad:   "sts:AssumeRole is granted for the roles of extraeye's Forwarders, one in each Region",
	}
	accounts := append(slices.Clone(b.Accounts), *awscdk.Stack_Of(f).Account()) // which may have one in another Region
	if b.Organization != "" {
		accounts = []string{"*"}
		grant.Conditions = map[string]string{"aws:ResourceOrgID": b.Organization}
	}
	for _, account := range accounts {
		if arn := *iamARN(f, account, "role/"+roles.RoleName("*")); !slices.Contains(grant.Resources, arn) {
			grant.Resources = append(grant.Resources, arn)
		}
	}
	return []binding.Grant{grant}
}

// iamARN is the ARN of something of IAM's in an account.
func iamARN(scope constructs.Construct, account, resource string) *string {
	return awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("iam"), Region: jsii.String(""), Account: jsii.String(account),
		Resource: jsii.String(resource), ArnFormat: awscdk.ArnFormat_NO_RESOURCE_NAME,
	})
}

// Bus is the event bus that Forwarders forward to; nil if the Fleet has none of its own.
func (f *Fleet) Bus() awsevents.IEventBus {
	if f.eye.bus == nil {
		return nil
	}
	return f.eye.bus
}

// forwardOwn forwards the events of the fleet's own account and Region, which AWS sends to the
// default bus.
func (f *Fleet) forwardOwn() {
	for _, r := range forward(f, f.eye.bus.EventBusArn(), f.eye.bound, f.Notifier().DeadLetterQueue()) {
		f.eye.alarmOnLoss(r)
	}
}

// busName is what rules name their bus by; nil: they are on the default one.
func (e *Eye) busName() *string {
	if e.bus == nil {
		return nil
	}
	return e.bus.EventBusName()
}
