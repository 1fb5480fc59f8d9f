package services

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/extraeye/extraeye/internal/golden"
)

const example = "testdata/services.yaml"

// TestLoad checks that a file of every field says the same as JSON.
func TestLoad(t *testing.T) {
	fromYAML, err := Load(example)
	if err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "testdata/services.json", fromYAML)
	fromJSON, err := Load("testdata/services.json")
	if err != nil {
		t.Fatal(err)
	}
	fromYAML.places, fromJSON.places = nil, nil
	if a, b := golden.Indent(t, fromYAML), golden.Indent(t, fromJSON); a != b {
		t.Errorf("JSON says %s, YAML %s", b, a)
	}
	tabs := strings.ReplaceAll(read(t, "testdata/services.json"), "  ", "\t")
	if _, err := Parse("tabs.json", []byte(tabs)); err != nil {
		t.Errorf("with tabs: %v", err)
	}
}

func read(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestSchema checks that the schema in docs/ is the one that is made of the format.
func TestSchema(t *testing.T) {
	var schema any
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	golden.JSON(t, "../../docs/services.schema.json", schema)
}

// wrong are files with mistakes, and what is said about them.
var wrong = []struct{ name, text, want string }{
	{"nothing", "", "f.yaml: the file is empty; write teams: and below it the teams"},
	{"comment", "# nothing\n", "f.yaml: the file is empty; write teams: and below it the teams"},
	{"two documents", "teams: []\n---\nteams: []\n", "f.yaml: the file has several YAML documents; write all teams into one"},
	{"syntax", "teams: [\n", "f.yaml:1:8: neither YAML nor JSON: sequence end token ']' not found"},
	{"a list", "- name: a\n", "f.yaml:1:1: it is a list, and must be an object with teamTag, teams and others"},
	{"no teams", "others: [{topic: {arn: \"arn:aws:sns:eu-west-1:123456789012:ops\"}}]\n", "f.yaml:1:1: the file needs teams: Who is notified about what."},
	{"empty teams", "teams: []\n", "f.yaml:1:8: teams: the list is empty; write at least 1, or remove it"},
	{"null", "teams:\n", "f.yaml:1:8: teams: it is empty, and must be a list: write each element on a line of its own, after a dash"},
	{"all at once", `teams:
  - name: 7
    sinks: [{email: {from: ops, to: team@example.com}}]
    accounts: [112345678901, "1"]
    service: []
    services:
      - name: "a*"
        autoScalingGroupNames: [web, web]
        ecsServices: [web]
        alarmNames: ["arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a", "alarm: arn:"]
`, `f.yaml:2:11: teams[0].name: it is a number, and must be a text: write what the team calls itself
f.yaml:3:28: teams[0].sinks[0].email.from: "ops" is not right; write team@example.com or Team <team@example.com>
f.yaml:3:37: teams[0].sinks[0].email.to: it is a text, and must be a list: write each element on a line of its own, after a dash
f.yaml:4:16: teams[0].accounts[0]: it is a number, and must be a text: write the 12 digits of an account, in quotes: "123456789012"
f.yaml:4:30: teams[0].accounts[1]: "1" is not right; write the 12 digits of an account, in quotes: "123456789012"
f.yaml:5:5: teams[0]: a team has no field "service"; it has name, sinks, accounts and services
f.yaml:7:15: teams[0].services[0].name: "a*" is not right; write what the team calls the service
f.yaml:8:38: teams[0].services[0].autoScalingGroupNames[1]: "web" is named twice; remove one
f.yaml:9:23: teams[0].services[0].ecsServices[0]: "web" is not right; write the cluster and the service, as main/cart
f.yaml:10:22: teams[0].services[0].alarmNames[0]: "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a" is an ARN; write the name of an alarm`},
	{"sinks", `teams:
  - name: a
    sinks:
      - {}
      - {teams: {webhook: {secret: a, parameter: b}}, topic: {arn: a}}
      - pagerDuty: {routingKey: {parameter: a, field: b}, eu: yes}
      - slack: {token: {}, channel: C1, mentionFrom: fatal}
`, `f.yaml:4:9: teams[0].sinks[0]: a sink has 0 of email, slack, slackWebhook, teams, pagerDuty, topic and webhook; write exactly one
f.yaml:5:10: teams[0].sinks[1]: a sink has 2 of email, slack, slackWebhook, teams, pagerDuty, topic and webhook; write exactly one
f.yaml:5:28: teams[0].sinks[1].teams.webhook: a secret has 2 of secret and parameter; write exactly one
f.yaml:5:68: teams[0].sinks[1].topic.arn: "a" is not right; write the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ops
f.yaml:6:34: teams[0].sinks[2].pagerDuty.routingKey: a secret has field without secret; remove it, or add the other
f.yaml:6:63: teams[0].sinks[2].pagerDuty.eu: it is a text, and must be true or false
f.yaml:7:24: teams[0].sinks[3].slack.token: a secret has 0 of secret and parameter; write exactly one
f.yaml:7:54: teams[0].sinks[3].slack.mentionFrom: "fatal" is not right; write info, warning, error or critical`},
	{"twice", `teams:
  - name: a
    sinks: [&s {topic: {arn: "arn:aws:sns:eu-west-1:123456789012:ops"}}]
    accounts: ["123456789012"]
    services: [{name: x, autoScalingGroupNames: [web], codeDeployApplications: [web]}, {name: x, autoScalingGroupNames: [web]}]
  - name: a
    sinks: [*s]
    accounts: ["123456789012"]
    services: [{name: x, codeDeployApplications: [web]}]
  - name: A
    sinks: [*s]
`, `f.yaml:5:95: teams[0].services[1].name: the service of a "x" is there twice; give one another name (the other is in line 5)
f.yaml:5:122: teams[0].services[1].autoScalingGroupNames[0]: the Auto Scaling group "web" belongs to x of the team a, and to x of the team a; remove one, because only one team can be notified (the other is in line 5)
f.yaml:6:11: teams[1].name: the team "a" is there twice; give one another name (the other is in line 2)
f.yaml:8:16: teams[1].accounts[0]: the account "123456789012" belongs to the team a, and to the team a; remove one, because only one team can be notified (the other is in line 4)
f.yaml:9:23: teams[1].services[0].name: the service of a "x" is there twice; give one another name (the other is in line 5)
f.yaml:9:51: teams[1].services[0].codeDeployApplications[0]: the CodeDeploy application "web" belongs to x of the team a, and to x of the team a; remove one, because only one team can be notified (the other is in line 5)
f.yaml:10:11: teams[2].name: the team "A" is there twice; give one another name (the other is in line 2)`},
	{"aliases", "teams:\n  - name: a\n    sinks: *nowhere\n  - name: !!str b\n    sinks: &loop [*loop]\n    <<: *loop\n", `f.yaml:3:12: teams[0].sinks: there is no anchor &nowhere; write one at what *nowhere is to repeat
f.yaml:4:11: teams[1].name: the tag !!str is not taken; write the value without it
f.yaml:5:18: teams[1].sinks[0]: it is a list, and must be an object with email, slack, slackWebhook, teams, pagerDuty, topic and webhook
f.yaml:6:5: teams[1]: << is not taken; write an alias in place of a whole value, or the fields`},
}

func TestMistakes(t *testing.T) {
	for _, tt := range wrong {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("f.yaml", []byte(tt.text))
			if err == nil {
				t.Fatal("it is accepted")
			}
			if diff := golden.Diff(err.Error(), tt.want); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestLoadNothing(t *testing.T) {
	_, err := Load("testdata/nowhere.yaml")
	if want := "testdata/nowhere.yaml: no such file or directory; give the path of a YAML or JSON file, from the folder in which the app runs"; err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func compiledSchema(t testing.TB) *jsonschema.Schema {
	t.Helper()
	schema, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(SchemaID, schema); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile(SchemaID)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// accepted reports whether the loader takes the form of a text, and the schema.
func accepted(t testing.TB, schema *jsonschema.Schema, text string) (loader, bySchema error) {
	t.Helper()
	root, errs := document("f", []byte(text))
	if errs != nil {
		t.Fatal(errs)
	}
	if _, _, errs = shaped("f", root); len(errs) > 0 {
		loader = errs
	}
	var value any
	if err := yaml.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(err)
	}
	asJSON, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(asJSON))
	if err != nil {
		t.Fatal(err)
	}
	return loader, schema.Validate(instance)
}

// TestSchemaAndLoader checks that the schema takes what the loader takes, and nothing else.
func TestSchemaAndLoader(t *testing.T) {
	schema := compiledSchema(t)
	if loader, bySchema := accepted(t, schema, read(t, example)); loader != nil || bySchema != nil {
		t.Fatalf("the loader says %v, the schema %v", loader, bySchema)
	}
	for _, tt := range wrong {
		root, errs := document("f", []byte(tt.text))
		if errs != nil || tt.name == "aliases" {
			continue
		}
		_, _, errs = shaped("f", root)
		loader, bySchema := accepted(t, schema, tt.text)
		if (len(errs) > 0) != (bySchema != nil) {
			t.Errorf("%s: the loader says %v, the schema %v", tt.name, loader, bySchema)
		}
	}
	r := rand.New(rand.NewPCG(4, 4))
	var base any
	if err := json.Unmarshal([]byte(read(t, "testdata/services.json")), &base); err != nil {
		t.Fatal(err)
	}
	taken := 0
	for range 1500 {
		mutant := base
		for range 1 + r.IntN(2) {
			mutant = mutate(r, mutant)
		}
		text, err := json.Marshal(mutant)
		if err != nil {
			t.Fatal(err)
		}
		loader, bySchema := accepted(t, schema, string(text))
		if (loader == nil) != (bySchema == nil) {
			t.Fatalf("%s\nthe loader says %v, the schema %v", text, loader, bySchema)
		}
		if loader == nil {
			taken++
		}
	}
	if taken < 100 || taken > 1400 {
		t.Errorf("%d of 1500 mutants are taken, which says little", taken)
	}
}

// strange are values that may be in the place of another one.
var strange = []any{
	nil, true, 7.0, -1.5, "", " a", "a ", "a\tb", "a*", "ü", "a/b", "a@b", "A <a@b>", "<a@b", "#ops", "@here @channel", "critical", "123456789012", "12345678901٢",
	strings.Repeat("x", 100), strings.Repeat("ü", 256), strings.Repeat("x", 600), "https://x", "arn:aws:sns:eu-west-1:123456789012:x",
	[]any{}, []any{"a"}, []any{"a", "a"}, map[string]any{}, map[string]any{"secret": "a"}, map[string]any{"parameter": "a", "field": "b"},
	map[string]any{"name": "a"}, "\u0085", "a\u00a0", "line\nbreak",
}

// mutate changes a value in one place.
func mutate(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if r.IntN(8) == 0 || len(v) == 0 {
			break
		}
		v = maps.Clone(v)
		keys := slices.Sorted(maps.Keys(v))
		key := keys[r.IntN(len(keys))]
		switch r.IntN(10) {
		case 0:
			delete(v, key)
		case 1:
			v[key+"s"] = v[key]
			delete(v, key)
		case 2:
			all := format.names()
			for _, m := range []mapping{team, service, sink, secret} {
				all = append(all, m.names()...)
			}
			v[all[r.IntN(len(all))]] = strange[r.IntN(len(strange))]
		default:
			v[key] = mutate(r, v[key])
		}
		return v
	case []any:
		if r.IntN(8) == 0 || len(v) == 0 {
			break
		}
		v = slices.Clone(v)
		at := r.IntN(len(v))
		switch r.IntN(8) {
		case 0:
			return slices.Delete(v, at, at+1)
		case 1:
			return append(v, v[at])
		case 2:
			return slices.Repeat(v, 1+60/len(v))
		}
		v[at] = mutate(r, v[at])
		return v
	}
	return strange[r.IntN(len(strange))]
}

// many is a table of n services, of 20 for each team.
func many(n int) string {
	var b strings.Builder
	b.WriteString("teams:\n")
	for i := range n {
		if i%20 == 0 {
			fmt.Fprintf(&b, "  - name: team-%03d\n    sinks: [{email: {from: ops@example.com, to: [team-%03d@example.com]}}]\n    services:\n", i/20, i/20)
		}
		fmt.Fprintf(&b, "      - name: some-service-%04d\n        autoScalingGroupNames: [some-service-%04d-production, some-service-%04d-canary]\n        codeDeployApplications: [some-service-%04d]\n", i, i, i, i)
	}
	return b.String()
}

func TestMany(t *testing.T) {
	file, err := Parse("f.yaml", []byte(many(3000)))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(file.Teams); n != 150 {
		t.Errorf("%d teams", n)
	}
}

// TestTooManyValues checks that aliases of aliases end somewhere.
func TestTooManyValues(t *testing.T) {
	names := `["` + strings.Join(slices.Repeat([]string{"a"}, 1000), `","`) + `"]`
	text := "teams: [{name: a, sinks: [{topic: {arn: a}}], services: [{name: a, alarmNames: &n " + names + "}]}"
	text += strings.Repeat(", {name: a, sinks: [], services: [{name: b, alarmNames: *n}]}", 350) + "]"
	_, err := Parse("f.yaml", []byte(text))
	var errs Errors
	if !errors.As(err, &errs) || !slices.ContainsFunc(errs, func(e Error) bool { return strings.Contains(e.Text, "more than 300,000 values") }) {
		t.Errorf("%d errors, none of too many values", len(errs))
	}
}

func FuzzParse(f *testing.F) {
	f.Add(read(f, example))
	for _, tt := range wrong {
		f.Add(tt.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("f", []byte(text))
		if (file == nil) == (err == nil) {
			t.Errorf("got %v and %v", file, err)
		}
	})
}

func BenchmarkParse(b *testing.B) {
	text := []byte(many(3000))
	for b.Loop() {
		if _, err := Parse("f.yaml", text); err != nil {
			b.Fatal(err)
		}
	}
}

// TestSinksSayWhereTheyLead checks that every sink has a text of its own.
func TestSinksSayWhereTheyLead(t *testing.T) {
	file, err := Load(example)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, team := range file.Teams {
		for _, s := range team.Sinks {
			got = append(got, s.String())
		}
	}
	golden.List(t, "sinks", got, []string{
		"email to checkout@example.com, lead@example.com", "Slack, #checkout", "Slack, by the webhook in the parameter /search/webhook",
		"Teams, by the webhook in the secret search/teams", "PagerDuty, by the routing key in the secret search/pagerduty",
		"topic arn:aws:sns:eu-west-1:123456789012:search", "webhook https://hooks.example.com/search",
	})
	if len(got) != len(sink.fields) {
		t.Errorf("%d sinks are tried, and there are %d", len(got), len(sink.fields))
	}
}
