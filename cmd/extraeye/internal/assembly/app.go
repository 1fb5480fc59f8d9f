package assembly

import (
	"cmp"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
	"unicode/utf8"
)

// patternQuota is the default quota of an account for a pattern's length.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html
const patternQuota = 2048

// app resolves all rules and connects their targets with their resources.
func (l *loader) app() (*App, error) {
	l.findExports()
	shown, err := l.shown()
	if err != nil {
		return nil, err
	}
	app := &App{Errors: l.errors}
	for _, t := range shown {
		if t.alive() {
			app.Stacks = append(app.Stacks, t.stack())
		}
	}
	l.quiet = true
	l.connect(app)
	app.LayerFiles = l.layerFiles()
	app.Notes, app.Problems = l.notes, l.problems()
	return app, nil
}

// shown returns the stacks to report: all, or those of [Options.Stack].
func (l *loader) shown() ([]*template, error) {
	var shown []*template
	var names []string
	for _, t := range l.stacks {
		r := t.root()
		names = append(names, r.Name)
		if l.isShown(r.Name, r.ID, r.DisplayName) {
			shown = append(shown, t)
		}
	}
	if len(shown) == 0 && l.opt.Stack != "" {
		slices.Sort(names)
		return nil, fmt.Errorf("cloud assembly %s has no stack %q, it has %s", l.dir, l.opt.Stack, cmp.Or(strings.Join(slices.Compact(names), ", "), "none"))
	}
	return shown, nil
}

// stack returns the stack with its rules.
func (t *template) stack() Stack {
	s := t.Stack
	for _, id := range t.order {
		if t.resources[id].Type == "AWS::Events::Rule" && t.exists(id) {
			s.Rules = append(s.Rules, t.rule(id))
		}
	}
	return s
}

// connect finds the resources behind all targets.
func (l *loader) connect(app *App) {
	behind, consumers := l.byARN(), l.consumers()
	for _, s := range app.Stacks {
		for _, r := range s.Rules {
			for i := range r.Targets {
				r.Targets[i].connect(behind)
				r.Targets[i].consumer = consumers[r.Targets[i].ARN]
			}
		}
	}
}

// exists reports whether a resource's condition, if it has one, holds.
func (t *template) exists(id string) bool {
	c := t.resources[id].Condition
	return c == "" || t.condition(c)
}

func (t *template) rule(id string) Rule {
	p := t.resources[id].Properties
	r := Rule{
		Stack: t.Name, LogicalID: id, Path: t.path(id), Name: t.name(id), ARN: t.arn(id),
		Description: t.text(p["Description"]),
		EventBus:    t.bus(id),
		Enabled:     t.text(p["State"]) != "DISABLED",
		Schedule:    t.text(p["ScheduleExpression"]),
	}
	r.Pattern = t.json(p["EventPattern"])
	if n := utf8.RuneCount(r.Pattern); n > patternQuota {
		t.notef("rule %s: its pattern is %d characters long, the default quota is %d", id, n, patternQuota)
	}
	targets, _ := t.eval(p["Targets"]).([]any)
	for _, target := range targets {
		if m, ok := target.(map[string]any); ok {
			r.Targets = append(r.Targets, t.target(m))
		}
	}
	return r
}

// target reads a target whose intrinsics are resolved.
func (t *template) target(m map[string]any) Target {
	target := Target{ID: text(m["Id"]), ARN: text(m["Arn"]), InputPath: text(m["InputPath"])}
	if input, ok := m["Input"]; ok {
		s := text(input)
		target.Input = &s
	}
	if tr, ok := m["InputTransformer"].(map[string]any); ok {
		target.Transformer = &Transformer{Template: text(tr["InputTemplate"]), Paths: map[string]string{}}
		paths, _ := tr["InputPathsMap"].(map[string]any)
		for name, p := range paths {
			target.Transformer.Paths[name] = text(p)
		}
	}
	if dead, ok := m["DeadLetterConfig"].(map[string]any); ok {
		target.DeadLetterARN = text(dead["Arn"])
	}
	return target
}

// json resolves a property that is JSON, written as such or as a string.
func (t *template) json(v any) json.RawMessage {
	v = t.eval(v)
	if s, ok := v.(string); ok && json.Valid([]byte(s)) {
		return json.RawMessage(s)
	}
	if v == nil || v == (noValue{}) {
		return nil
	}
	return json.RawMessage(marshal(v))
}

// byARN makes the index of all resources of the assembly.
func (l *loader) byARN() map[string]func() *Resource {
	index := map[string]func() *Resource{}
	for _, t := range l.stacks {
		for _, id := range t.order {
			arn := strings.TrimSuffix(t.arn(id), ":*") // which ARNs of log groups end with
			if index[arn] != nil || !t.exists(id) {
				continue
			}
			index[arn] = sync.OnceValue(func() *Resource {
				r := t.resources[id]
				return &Resource{
					Stack: t.Name, LogicalID: id, Type: r.Type, Path: t.path(id),
					Properties: json.RawMessage(marshal(t.eval(r.Properties))),
				}
			})
		}
	}
	return index
}

// consumers are the functions that Lambda invokes with what is in queues, by the queues' ARNs.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventsourcemapping.html
func (l *loader) consumers() map[string]string {
	all := map[string]string{}
	for t, id := range l.resources("AWS::Lambda::EventSourceMapping") {
		p := t.resources[id].Properties
		all[t.text(p["EventSourceArn"])] = t.text(p["FunctionName"])
	}
	return all
}

// resources yields the resources of a type by their logical ids.
func (l *loader) resources(kind string) iter.Seq2[*template, string] {
	return func(yield func(*template, string) bool) {
		for _, t := range l.stacks {
			for _, id := range t.order {
				if t.resources[id].Type == kind && t.exists(id) && !yield(t, id) {
					return
				}
			}
		}
	}
}

// connect finds the resource behind the target.
func (t *Target) connect(behind map[string]func() *Resource) {
	if find := behind[strings.TrimSuffix(t.ARN, ":*")]; find != nil {
		t.Resource = find()
	}
	if t.Kind = kindOf(t.ARN); t.Kind == "" && t.Resource != nil {
		t.Kind = t.Resource.Type
	}
}
