package watch

import (
	"cmp"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/internal/limits"
	"github.com/extraeye/extraeye/internal/wire"
)

// Pattern sees any events that have a source, and reports them with a title and facts
// of your own. The whole event follows below them.
//
// Whether an event can get lost is up to who sends it:
// https://docs.aws.amazon.com/eventbridge/latest/ref/event-delivery-level.html
type Pattern struct {
	// Pattern is the event pattern, with Source at least. It may be made with
	// awsevents.Match_Prefix and its like.
	//
	// Required.
	Pattern *awsevents.EventPattern

	// Title is what happened, in one line. {$.detail.state} in it stands for that
	// value of the event.
	//
	// Required.
	Title string

	// Severity is how bad it is.
	//
	// Default: SeverityInfo.
	Severity Severity

	// Facts are what else is reported of the event, in this order.
	//
	// Default: none; the whole event is reported in any case.
	Facts []Fact
}

var _ Watch = Pattern{}

// Fact is a value of the event.
type Fact struct {
	// Label is what the value is called.
	//
	// Required.
	Label string

	// Path is where the event has it, such as "$.detail.build-status" or
	// "$.resources[0]".
	//
	// Required.
	Path string
}

const (
	maxTitle = 256 // characters; sinks cut longer ones in any case
	maxLabel = 64  // characters
	maxFacts = 20
)

// Bind implements [Watch].
func (p Pattern) Bind(scope constructs.Construct) binding.Watch {
	notice := wire.Pattern{Title: p.Title, Severity: wire.Severity(cmp.Or(p.Severity, SeverityInfo))}
	for _, f := range p.Facts {
		notice.Facts = append(notice.Facts, wire.PatternFact{Label: f.Label, Path: f.Path})
	}
	b := binding.Watch{Name: "Pattern", Wire: wire.Watch{Pattern: &notice}, Pattern: p.fields()}
	p.checkPattern(&b, scope)
	p.checkText(&b)
	binding.CheckChoice(&b.Problems, "Pattern.Severity", cmp.Or(p.Severity, SeverityInfo), AllSeverities())
	return b
}

// fields are the fields of the pattern that are set, by their names in an event.
func (p Pattern) fields() map[string]any {
	if p.Pattern == nil {
		return nil
	}
	fields := map[string]any{}
	for name, texts := range map[string]*[]*string{
		"account": p.Pattern.Account, "detail-type": p.Pattern.DetailType, "id": p.Pattern.Id, "region": p.Pattern.Region,
		"resources": p.Pattern.Resources, "source": p.Pattern.Source, "time": p.Pattern.Time, "version": p.Pattern.Version,
	} {
		if texts != nil {
			fields[name] = texts
		}
	}
	if p.Pattern.Detail != nil {
		fields["detail"] = p.Pattern.Detail
	}
	return fields
}

// checkPattern checks the pattern as far as it is known now.
func (p Pattern) checkPattern(b *binding.Watch, scope constructs.Construct) {
	if b.Pattern["source"] == nil {
		b.Problemf(binding.BadPattern, "Pattern.Pattern has no Source; a rule without one would match events of all sorts, so write which source it is about")
		return
	}
	resolved := awscdk.Stack_Of(scope).Resolve(b.Pattern)
	if n := binding.Measure(awscdk.Stack_Of(scope)).Characters(resolved); n > limits.PatternCharacters {
		b.Problemf(binding.PatternTooLong, "Pattern.Pattern can have %d characters as JSON, and EventBridge allows %d; match fewer values", n, limits.PatternCharacters)
	} else if where := unmatchable(resolved, "Pattern.Pattern"); where != "" {
		b.Problemf(binding.BadPattern, "%s is neither a list of values nor an object of fields, or is empty; EventBridge would refuse it, so write what to match as a list", where)
	}
}

// unmatchable returns where a pattern has something that no event can be matched
// with, or "".
func unmatchable(pattern any, at string) string {
	switch p := pattern.(type) {
	case []any:
		if len(p) > 0 {
			return ""
		}
	case map[string]any:
		for key, value := range p {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") {
				return "" // known only at deployment
			}
			if where := unmatchable(value, at+"."+key); where != "" {
				return where
			}
		}
		if len(p) > 0 {
			return ""
		}
	}
	return at
}

// checkText checks the title and the facts.
func (p Pattern) checkText(b *binding.Watch) {
	checkLine(b, "Pattern.Title", p.Title, maxTitle)
	if _, err := wire.ParseTitle(p.Title); err != nil {
		b.Problemf(binding.BadPath, "Pattern.Title: %v", err)
	}
	if len(p.Facts) > maxFacts {
		b.Problemf(binding.BadSetting, "Pattern.Facts has %d facts, and a notice has room for %d; the whole event is part of it in any case", len(p.Facts), maxFacts)
	}
	for i, f := range p.Facts {
		checkLine(b, fmt.Sprintf("Pattern.Facts[%d].Label", i), f.Label, maxLabel)
		if _, err := wire.ParsePath(f.Path); err != nil {
			b.Problemf(binding.BadPath, "Pattern.Facts[%d].Path: %v", i, err)
		}
	}
}

func checkLine(b *binding.Watch, where, text string, maxLength int) {
	if text == "" || binding.ImproperText(text) || utf8.RuneCountInString(text) > maxLength {
		b.Problemf(binding.BadSetting, "%s %.300q is empty, has blanks around it or a control character in it, or has more than %d characters; write one line", where, text, maxLength)
	}
}
