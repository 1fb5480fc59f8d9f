package assembly

import (
	"cmp"
	"strings"
)

// getAtt resolves Fn::GetAtt.
func (t *template) getAtt(arg any) any {
	id, attribute := t.attribute(arg)
	key := id + "." + attribute
	if v, ok := t.loader.resolved(key); ok {
		return v
	}
	r, ok := t.resources[id]
	if !ok {
		return t.unresolved(key, "the template has no resource %s", id)
	}
	if name, isOutput := strings.CutPrefix(attribute, "Outputs."); isOutput && t.nested[id] != nil {
		return t.nested[id].output(name)
	}
	switch kind := r.Type[strings.LastIndex(r.Type, ":")+1:]; attribute {
	case "Arn", kind + "Arn":
		return t.arn(id)
	case "Name", kind + "Name":
		return t.name(id)
	case "QueueUrl":
		return t.queueURL(id)
	case "Version":
		return "1"
	}
	return t.unresolved(key, "%s is not known before the deployment", r.Type+"."+attribute)
}

// attribute reads the argument of Fn::GetAtt: a list, or "LogicalId.Attribute".
func (t *template) attribute(arg any) (id, attribute string) {
	switch a := arg.(type) {
	case string:
		id, attribute, _ = strings.Cut(a, ".")
	case []any:
		if len(a) == 2 {
			id, attribute = text(a[0]), t.text(a[1])
		}
	}
	return id, attribute
}

// output resolves one of the stack's outputs.
func (t *template) output(name string) any {
	o, ok := t.outputs[name]
	if !ok {
		return t.unresolved(name, "the stack has no output of that name")
	}
	return t.once("output "+name, func() any { return t.eval(o.Value) })
}

// export is an output that other stacks can import.
type export struct {
	from   *template
	output string
}

// findExports makes the index of what the stacks export, by environment.
func (l *loader) findExports() {
	l.exports, l.quiet = map[string]export{}, true
	for _, t := range l.stacks {
		for name, o := range t.outputs {
			if o.Export.Name == nil || o.Condition != "" && !t.condition(o.Condition) {
				continue
			}
			l.exports[t.environment(t.text(o.Export.Name))] = export{t, name}
		}
	}
	l.quiet = false
}

func (t *template) environment(name string) string {
	return t.Account + " " + t.Region + " " + name
}

func (t *template) importValue(name string) any {
	if v, ok := t.loader.resolved(name); ok {
		return v
	}
	e, ok := t.loader.exports[t.environment(name)]
	if !ok {
		return t.unresolved(name, "no stack of this assembly exports it")
	}
	return e.from.output(e.output)
}

// stackOutput resolves Fn::GetStackOutput: another stack's output, by name.
func (t *template) stackOutput(arg any) any {
	m, _ := arg.(map[string]any)
	stack, name := text(m["StackName"]), text(m["OutputName"])
	if v, ok := t.loader.resolved(stack + "." + name); ok {
		return v
	}
	region := cmp.Or(text(m["Region"]), t.Region)
	for _, other := range t.loader.stacks {
		if other.Name == stack && other.Region == region {
			return other.output(name)
		}
	}
	return t.unresolved("Fn::GetStackOutput", "there is no stack %s in %s", stack, region)
}
