package assembly

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"path"
	"slices"
	"strings"
)

// template is a stack's template and all that is known about the stack.
type template struct {
	Stack
	loader *loader
	dir    string
	suffix string
	paths  map[string][]string // logical id → construct paths
	scope  string              // the construct path of a nested stack
	parent *template
	nested map[string]*template // by logical id
	given  map[string]any       // the parameters that the parent gives

	resources  map[string]*resource
	order      []string // the logical ids as written
	parameters map[string]*parameter
	mappings   map[string]any
	conditions map[string]any
	outputs    map[string]*output

	known map[string]any // resolved names, conditions and outputs
	busy  map[string]bool
}

type resource struct {
	Type       string
	Condition  string
	Properties map[string]any
	Metadata   map[string]any
}

type parameter struct {
	Type    string
	Default any
}

type output struct {
	Value     any
	Condition string
	Export    struct{ Name any }
}

func (l *loader) template(file string) (*template, error) {
	raw, err := l.root.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read its template: %w: run cdk synth again", err)
	}
	t := &template{loader: l, nested: map[string]*template{}, known: map[string]any{}, busy: map[string]bool{}}
	var sections struct {
		Resources, Parameters, Outputs json.RawMessage
		Mappings, Conditions           map[string]any
	}
	if err := decode(raw, &sections); err != nil {
		return nil, fmt.Errorf("template %s is not valid: %w: run cdk synth again", file, err)
	}
	var bad []string
	t.resources, t.order, bad = entries[resource](sections.Resources)
	for _, id := range bad {
		l.notef("template %s: %s is not a resource and is left out", file, id)
	}
	t.parameters, _, _ = entries[parameter](sections.Parameters)
	t.outputs, _, _ = entries[output](sections.Outputs)
	t.mappings, t.conditions = sections.Mappings, sections.Conditions
	return t, nil
}

// decode keeps numbers as they are spelled.
func decode(raw []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	return d.Decode(v)
}

// entries reads a section's entries, in the order in which they are written. What
// is not an entry (a Fn::ForEach, a mistake) is left out and its name is in bad.
func entries[T any](section []byte) (all map[string]*T, order, bad []string) {
	all = map[string]*T{}
	d := json.NewDecoder(bytes.NewReader(section))
	_, _ = d.Token() // the opening brace; the section is known to be valid JSON
	for d.More() {
		key, _ := d.Token()
		var raw json.RawMessage
		name, ok := key.(string)
		if !ok || d.Decode(&raw) != nil {
			break
		}
		e := new(T)
		if decode(raw, e) != nil || string(raw) == "null" {
			bad = append(bad, name)
			continue
		}
		if all[name] == nil {
			order = append(order, name)
		}
		all[name] = e
	}
	return all, order, bad
}

// nested reads the stacks inside of a stack; files are the templates around them.
func (l *loader) nested(t *template, files []string) {
	for _, id := range t.order {
		r := t.resources[id]
		if r.Type != "AWS::CloudFormation::Stack" {
			continue
		}
		file := l.nestedFile(t, r)
		if file == "" || slices.Contains(files, file) || len(files) > maxNesting {
			l.notef("stack %s: the template of the nested stack %s is not in the assembly, its rules are not shown", t.Name, id)
			continue
		}
		child, err := l.template(file)
		if err != nil {
			l.broken = append(l.broken, fmt.Errorf("stack %s: nested stack %s: %w", t.Name, id, err))
			continue
		}
		child.Stack = t.Stack
		child.Name, child.ID, child.Parent = t.Name+"-"+id, id, t.Name
		child.scope = nestedScope(t.path(id))
		child.DisplayName = cmp.Or(child.scope, t.DisplayName+"/"+id)
		child.suffix, child.dir, child.paths, child.parent = t.suffix, t.dir, t.paths, t
		child.given, _ = r.Properties["Parameters"].(map[string]any)
		t.nested[id] = child
		l.stacks = append(l.stacks, child)
		l.nested(child, append(files, file))
	}
}

// nestedFile finds a nested stack's template: by its metadata when the CDK command
// line made the assembly, else by the hash in its URL and the list of assets.
func (l *loader) nestedFile(t *template, r *resource) string {
	if p, ok := r.Metadata["aws:asset:path"].(string); ok {
		return path.Join(t.dir, p)
	}
	return t.asset(r.Properties["TemplateURL"], ".json")
}

// asset finds the asset that a property names by its hash, in the list of assets.
func (t *template) asset(property any, extension string) string {
	named, _ := json.Marshal(property)
	raw, err := t.loader.root.ReadFile(path.Join(t.dir, t.root().ID+".assets.json"))
	if err != nil {
		return ""
	}
	var assets struct {
		Files map[string]struct{ Source struct{ Path string } }
	}
	_ = json.Unmarshal(raw, &assets) // what cannot be read is not found
	for hash, f := range assets.Files {
		if hash != "" && bytes.Contains(named, []byte(hash+extension)) {
			return path.Join(t.dir, f.Source.Path)
		}
	}
	return ""
}

func (t *template) root() *template {
	for t.parent != nil {
		t = t.parent
	}
	return t
}

// nestedScope turns the path of a nested stack's resource,
// Service/Part.NestedStack/Part.NestedStackResource, into Service/Part.
func nestedScope(resource string) string {
	scope, _, _ := strings.Cut(resource, ".NestedStack/")
	return scope
}

// alive reports whether the conditions of the stacks around t hold.
func (t *template) alive() bool {
	return t.parent == nil || t.parent.exists(t.ID) && t.parent.alive()
}

// path returns the construct path of a resource, without the L1's own "/Resource".
func (t *template) path(id string) string {
	p, _ := t.resources[id].Metadata["aws:cdk:path"].(string)
	if p == "" {
		for _, known := range t.paths[id] {
			if t.scope == "" || strings.HasPrefix(known, t.scope+"/") {
				p = known
				break
			}
		}
	}
	return strings.TrimSuffix(p, "/Resource")
}
