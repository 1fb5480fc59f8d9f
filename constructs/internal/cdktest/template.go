package cdktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/assertions"

	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/plainjson"
)

// Template is a template as plain data, in JSON's types.
type Template map[string]any

// Synthesize returns the template of a stack.
func Synthesize(t *testing.T, stack awscdk.Stack) Template {
	t.Helper()
	raw, err := json.Marshal(assertions.Template_FromStack(stack, nil).ToJSON())
	if err != nil {
		t.Fatal(err)
	}
	var all Template
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// Resource is a resource of a template.
type Resource struct {
	ID         string
	Properties map[string]any
}

// Resources returns the resources of a type, by their ids.
func (all Template) Resources(kind string) []Resource {
	var found []Resource
	for id, r := range all["Resources"].(map[string]any) {
		r := r.(map[string]any)
		if r["Type"] == kind {
			properties, _ := r["Properties"].(map[string]any)
			found = append(found, Resource{id, properties})
		}
	}
	slices.SortFunc(found, func(a, b Resource) int { return strings.Compare(a.ID, b.ID) })
	return found
}

// Statements returns the statements of all policies.
func (all Template) Statements() []map[string]any {
	var found []map[string]any
	for _, p := range all.Resources("AWS::IAM::Policy") {
		for _, s := range p.Properties["PolicyDocument"].(map[string]any)["Statement"].([]any) {
			found = append(found, s.(map[string]any))
		}
	}
	return found
}

// Actions returns the actions that the policies allow, in order.
func (all Template) Actions() []string {
	actions := map[string]bool{}
	for _, s := range all.Statements() {
		for _, a := range ActionsOf(s) {
			actions[a] = true
		}
	}
	return slices.Sorted(maps.Keys(actions))
}

// ActionsOf returns the actions of a policy's statement.
func ActionsOf(statement map[string]any) []string {
	if one, ok := statement["Action"].(string); ok {
		return []string{one}
	}
	var actions []string
	for _, a := range statement["Action"].([]any) {
		actions = append(actions, a.(string))
	}
	return actions
}

var assetHash = regexp.MustCompile(`"[0-9a-f]{64}(\.zip)?"`)

// Golden compares the template with a file, except for the hashes of assets.
func (all Template) Golden(t *testing.T, file string) {
	t.Helper()
	all = maps.Clone(all)
	delete(all, "Parameters")
	delete(all, "Rules")
	golden.File(t, file, assetHash.ReplaceAllString(golden.Indent(t, all), `"<asset>"`))
}

// Encode writes a value as JSON on one line, with <, > and & as they are.
func Encode(t *testing.T, v any) string {
	t.Helper()
	text, err := plainjson.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Flat writes a value of a template as Fn::Sub would have it.
func Flat(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case map[string]any:
		if ref, ok := v["Ref"].(string); ok {
			return "${" + ref + "}"
		}
		if get, ok := v["Fn::GetAtt"].([]any); ok {
			return fmt.Sprintf("${%s.%s}", get...)
		}
		if join, ok := v["Fn::Join"].([]any); ok {
			var parts []string
			for _, part := range join[1].([]any) {
				parts = append(parts, Flat(part))
			}
			return strings.Join(parts, join[0].(string))
		}
		if choose, ok := v["Fn::Select"].([]any); ok {
			split := choose[1].(map[string]any)["Fn::Split"].([]any)
			parts := strings.Split(Flat(split[1]), split[0].(string))
			if at, _ := strconv.Atoi(Flat(choose[0])); at < len(parts) {
				return parts[at]
			}
			return fmt.Sprintf("${part %s of %s}", Flat(choose[0]), Flat(split[1]))
		}
	}
	return fmt.Sprint(v)
}

// FlatJSON writes a value of a template as JSON, the intrinsics in it as Fn::Sub would
// have them.
func FlatJSON(t *testing.T, v any) string {
	t.Helper()
	return Encode(t, flatten(v))
}

func flatten(v any) any {
	switch v := v.(type) {
	case []any:
		var all []any
		for _, element := range v {
			all = append(all, flatten(element))
		}
		return all
	case map[string]any:
		all := map[string]any{}
		for key, element := range v {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") {
				return Flat(v)
			}
			all[key] = flatten(element)
		}
		return all
	}
	return v
}

// Reported returns the codes of the errors and warnings of this library that are reported
// in a stack, in order, and the texts of these and of all other errors.
func Reported(stack awscdk.Stack) (codes []string, texts []string) {
	annotations := assertions.Annotations_FromStack(stack)
	errors := *annotations.FindError(str("*"), assertions.Match_AnyValue())
	warnings := *annotations.FindWarning(str("*"), assertions.Match_StringLikeRegexp(str(`.*#w\d+\).*`)))
	for _, m := range append(errors, warnings...) {
		text := m.Entry.Data.(string) //nolint:staticcheck,nolintlint // deprecated, but what the assertions return; the linter forgets that in its cache
		texts = append(texts, text)
		if code := problemCode.FindString(text); code != "" {
			codes = append(codes, strings.ToUpper(strings.TrimPrefix(code, "#")))
		}
	}
	slices.Sort(codes)
	return codes, texts
}

var problemCode = regexp.MustCompile(`#[ew]\d+`)

// Correct fails the test if errors are reported in a stack.
func Correct(t *testing.T, stack awscdk.Stack) {
	t.Helper()
	codes, texts := Reported(stack)
	if len(codes) < len(texts) || slices.ContainsFunc(codes, func(c string) bool { return strings.HasPrefix(c, "E") }) {
		t.Fatalf("reported: %q", texts)
	}
}

func str(s string) *string { return &s }
