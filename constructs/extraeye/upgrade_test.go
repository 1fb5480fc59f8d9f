package extraeye_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
)

// resources are those of a template, by logical ID.
type resources map[string]struct {
	Type       string
	Properties map[string]any
}

func readTemplate(t *testing.T, file string) resources {
	t.Helper()
	var template struct{ Resources resources }
	readJSON(t, file, &template)
	if len(template.Resources) == 0 {
		t.Fatalf("%s has no resources", file)
	}
	return template.Resources
}

func readJSON(t *testing.T, file string, v any) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, v); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
}

// stateful are the resources that have something that a new one has not: messages, lines, keys,
// subscriptions.
var stateful = []string{"AWS::SQS::Queue", "AWS::Logs::LogGroup", "AWS::SNS::Topic", "AWS::KMS::Key", "AWS::Events::EventBus"}

// names are the properties that name a resource. CloudFormation makes the new resource before it
// deletes the old one, so the two need different names.
var names = map[string]string{
	"AWS::SQS::Queue": "QueueName", "AWS::Logs::LogGroup": "LogGroupName", "AWS::SNS::Topic": "TopicName", "AWS::Events::EventBus": "Name",
	"AWS::Events::Rule": "Name", "AWS::Lambda::Function": "FunctionName", "AWS::IAM::Role": "RoleName", "AWS::CloudWatch::Alarm": "AlarmName",
	"AWS::StepFunctions::StateMachine": "StateMachineName", "AWS::Logs::ResourcePolicy": "PolicyName",
}

// upgrade is what changes when a stack with one template is deployed with another.
type upgrade struct {
	from, to resources
	// createOnly are the properties that cannot be changed without replacing the resource, by
	// type: .ci/replacements writes them.
	createOnly map[string][]string
}

// changes has a line for each resource that is added, removed, replaced or updated.
func (u upgrade) changes() (all []string) {
	for id, to := range u.to {
		from, was := u.from[id]
		switch why := u.replaces(id); {
		case !was:
			all = append(all, "added    "+to.Type+" "+id)
		case why != "":
			all = append(all, "replaced "+to.Type+" "+id+": "+why)
		case !reflect.DeepEqual(from.Properties, to.Properties):
			all = append(all, "updated  "+to.Type+" "+id)
		}
	}
	for id, from := range u.from {
		if _, is := u.to[id]; !is {
			all = append(all, "removed  "+from.Type+" "+id)
		}
	}
	slices.Sort(all)
	return all
}

// replaces says why a resource that stays in the template is replaced; "" if it is not.
func (u upgrade) replaces(id string) string {
	from, was := u.from[id]
	to, is := u.to[id]
	if !was || !is {
		return ""
	}
	if from.Type != to.Type {
		return "it was " + from.Type
	}
	for _, path := range u.createOnly[to.Type] {
		if !reflect.DeepEqual(at(from.Properties, path), at(to.Properties, path)) {
			return path
		}
	}
	return ""
}

// at is the value at a path of names with slashes between them.
func at(properties any, path string) any {
	for name := range strings.SplitSeq(path, "/") {
		object, _ := properties.(map[string]any)
		properties = object[name]
	}
	return properties
}

// harm has a line for each resource whose state is lost, and for each whose name is taken.
func (u upgrade) harm() (all []string) {
	taken := map[string]string{}
	for id, from := range u.from {
		if name := nameOf(from.Type, from.Properties); name != "" {
			taken[from.Type+" "+name] = id
		}
		_, stays := u.to[id]
		if slices.Contains(stateful, from.Type) && (!stays || u.replaces(id) != "") {
			all = append(all, from.Type+" "+id+" is lost, with all that is in it")
		}
	}
	for id, to := range u.to {
		name := nameOf(to.Type, to.Properties)
		by, isTaken := taken[to.Type+" "+name]
		if _, was := u.from[id]; isTaken && (!was || by != id || u.replaces(id) != "") {
			all = append(all, to.Type+" "+id+" cannot be made: "+by+" has its name "+name)
		}
	}
	slices.Sort(all)
	return all
}

func nameOf(kind string, properties map[string]any) string {
	value, ok := properties[names[kind]]
	if !ok {
		return ""
	}
	return fmt.Sprint(value)
}

// TestUpgrades compares the golden templates of each release with those of today: testdata/releases
// has what an upgrade changes. It fails if an upgrade loses anything. "make baseline" keeps the
// templates of today, as those of a release.
func TestUpgrades(t *testing.T) {
	var createOnly map[string][]string
	readJSON(t, "testdata/replacements.json", &createOnly)
	kept, err := filepath.Glob("testdata/releases/*/*.template.json")
	if err != nil || len(kept) < 2 {
		t.Fatalf("%d templates are kept: %v", len(kept), err)
	}
	for _, file := range kept {
		today := readTemplate(t, filepath.Join("testdata", filepath.Base(file)))
		for id, r := range today {
			if createOnly[r.Type] == nil && !strings.HasPrefix(r.Type, "Custom::") {
				t.Errorf("what replaces %s (%s) is not known: run .ci/replacements", r.Type, id)
			}
		}
		u := upgrade{readTemplate(t, file), today, createOnly}
		for _, harm := range u.harm() {
			t.Errorf("upgrade from %s: %s", filepath.Dir(file), harm)
		}
		golden.File(t, strings.TrimSuffix(file, ".template.json")+".changes.txt", strings.Join(u.changes(), "\n")+"\n")
	}
}

// TestHarmfulUpgrades checks that harm is seen.
func TestHarmfulUpgrades(t *testing.T) {
	const queue = `{"Q": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q", "FifoQueue": true, "VisibilityTimeout": 5}}}`
	createOnly := map[string][]string{"AWS::SQS::Queue": {"FifoQueue", "QueueName"}, "AWS::Events::Rule": {"Name"}, "AWS::X::Y": {"A/B"}}
	lost := "AWS::SQS::Queue Q is lost, with all that is in it"
	for name, tt := range map[string]struct {
		from, to      string
		changes, harm []string
	}{
		"the same":    {queue, queue, nil, nil},
		"updated":     {queue, strings.Replace(queue, "5", "6", 1), []string{"updated  AWS::SQS::Queue Q"}, nil},
		"renamed":     {queue, strings.Replace(queue, `"q"`, `"r"`, 1), []string{"replaced AWS::SQS::Queue Q: QueueName"}, []string{lost}},
		"same name":   {queue, strings.Replace(queue, "true", "false", 1), []string{"replaced AWS::SQS::Queue Q: FifoQueue"}, []string{"AWS::SQS::Queue Q cannot be made: Q has its name q", lost}},
		"other ID":    {queue, strings.Replace(queue, `"Q"`, `"P"`, 1), []string{"added    AWS::SQS::Queue P", "removed  AWS::SQS::Queue Q"}, []string{"AWS::SQS::Queue P cannot be made: Q has its name q", lost}},
		"a rule":      {`{"R": {"Type": "AWS::Events::Rule"}}`, `{"R": {"Type": "AWS::Events::Rule", "Properties": {"Name": "r"}}}`, []string{"replaced AWS::Events::Rule R: Name"}, nil},
		"rules swap":  {`{"R": {"Type": "AWS::Events::Rule", "Properties": {"Name": "r"}}}`, `{"S": {"Type": "AWS::Events::Rule", "Properties": {"Name": "r"}}}`, []string{"added    AWS::Events::Rule S", "removed  AWS::Events::Rule R"}, []string{"AWS::Events::Rule S cannot be made: R has its name r"}},
		"other type":  {queue, `{"Q": {"Type": "AWS::SNS::Topic"}}`, []string{"replaced AWS::SNS::Topic Q: it was AWS::SQS::Queue"}, []string{lost}},
		"nested path": {`{"Y": {"Type": "AWS::X::Y", "Properties": {"A": {"B": 1, "C": 1}}}}`, `{"Y": {"Type": "AWS::X::Y", "Properties": {"A": {"B": 2, "C": 1}}}}`, []string{"replaced AWS::X::Y Y: A/B"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var u upgrade
			if err := json.Unmarshal([]byte(tt.from), &u.from); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(tt.to), &u.to); err != nil {
				t.Fatal(err)
			}
			u.createOnly = maps.Clone(createOnly)
			golden.List(t, "changes", u.changes(), tt.changes)
			golden.List(t, "harm", u.harm(), tt.harm)
		})
	}
}
