// Package assembly reads a CDK cloud assembly: which EventBridge rules it has, what
// they match, and which input their targets would get.
//
// Nothing is deployed yet, so names and ARNs that CloudFormation would make up are
// made up here, plausibly and always the same. What cannot be known becomes a
// readable placeholder ("unresolved-…") and a note; it is never a failure.
package assembly

import "encoding/json"

// The environment of stacks that do not name one, and of CDK's unknown-account
// and unknown-region.
const (
	UnknownAccount = "123456789012"
	UnknownRegion  = "us-east-1"
)

// Options say which stacks to report, and complete what the templates leave open.
type Options struct {
	// Stack is the name, the display name ("Prod/Service") or the id of the only
	// stack to report. Empty: all.
	Stack string
	// Resolve has values for what a template leaves open, by logical id
	// ("Group"), logical id and attribute ("Group.Arn"), parameter or export name.
	Resolve map[string]string
	// LayerFile is the path of a file that functions may have in a layer. Empty: none is read.
	LayerFile string
}

// App is the content of a cloud assembly.
type App struct {
	Stacks []Stack
	// LayerFiles are what is in [Options.LayerFile], by the ARNs of the functions that have it.
	LayerFiles map[string][]byte
	// Notes say what could not be resolved, a sentence each.
	Notes []string
	// Errors are those that constructs of the stacks were marked with: such a stack is
	// synthesized all the same, but the CDK CLI does not deploy it.
	Errors []error
	// Problems are what is wrong with the assembly and the options. The rest was read.
	Problems []error
}

// Rules returns the rules of all stacks.
func (a *App) Rules() []Rule {
	var all []Rule
	for _, s := range a.Stacks {
		all = append(all, s.Rules...)
	}
	return all
}

// Stack is a CloudFormation stack. A nested stack follows its parent.
type Stack struct {
	Name        string // as CloudFormation will call it
	ID          string // its key in the manifest; of a nested stack, its logical id
	DisplayName string // as the CDK command line shows it, "Prod/Service"
	Parent      string // the name of the parent of a nested stack
	Account     string
	Region      string
	Partition   string
	Rules       []Rule
}

// Rule is an AWS::Events::Rule.
type Rule struct {
	Stack       string // the stack's name
	LogicalID   string
	Path        string // of the construct, "Service/Eye/Rule"; empty when not known
	Name        string
	ARN         string
	Description string
	EventBus    string // its name; "default" when the rule names none
	Enabled     bool
	Schedule    string          // the schedule expression, if any
	Pattern     json.RawMessage // nil for a rule that has only a schedule
	Targets     []Target
}

// Target is one target of a rule. At most one of Input, InputPath and Transformer
// is set; with none, the target gets the event as it is.
type Target struct {
	ID            string
	ARN           string
	Kind          string    // AWS::Lambda::Function, AWS::SQS::Queue, …; empty when not known
	Resource      *Resource // the resource behind ARN, if it is in this assembly
	Input         *string
	InputPath     string
	Transformer   *Transformer
	DeadLetterARN string

	consumer string // the function that Lambda invokes with what is in the queue
}

// Transformer is a target's input transformer.
type Transformer struct {
	Paths    map[string]string // variable → JSON path
	Template string
}

// Resource is a resource of a template, with its intrinsics resolved.
type Resource struct {
	Stack      string
	LogicalID  string
	Type       string
	Path       string
	Properties json.RawMessage
}
