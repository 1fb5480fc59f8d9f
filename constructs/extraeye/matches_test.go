package extraeye_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/internal/golden"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/decode"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// matches are the watches whose rules match a recorded event: with every choice
// made, and with no more than the names.
type matches struct {
	All      []string `json:"all"`
	Defaults []string `json:"defaults"`
}

// TestSamplesAreMatched checks that every recorded event is matched by exactly the
// rules that mean it, and that every watch has an event.
func TestSamplesAreMatched(t *testing.T) {
	samples := recorded(t)
	named := namesIn(samples)
	all, defaults := rulesOf(t, named.all()), rulesOf(t, named.defaults())
	got, seen := map[string]matches{}, map[string]bool{}
	for name, raw := range samples {
		m := matches{all.match(t, raw), defaults.match(t, raw)}
		got[name] = m
		for _, kind := range m.All {
			seen[kind] = true
		}
		e := decode.Decode(raw, wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: wire.AllStopReasons}})
		_, unknown := e.Subject.(*decode.Unknown)
		meant := !unknown
		if _, task := e.Subject.(*ecs.Task); task {
			meant = e.SkipReason() == "" // one that has not stopped is not
		}
		if meant != (len(m.All) == 1) || len(m.All) > 1 {
			t.Errorf("%s is matched by %q; is it one that the notifier tells: %t", name, m.All, meant)
		}
		if slices.ContainsFunc(m.Defaults, func(kind string) bool { return !slices.Contains(m.All, kind) }) {
			t.Errorf("%s is matched by %q, but only by default", name, m.Defaults)
		}
	}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Watch]()) {
		kind, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Type.Kind() == reflect.Pointer && !seen[kind] && kind != "pattern" { // which has no events of its own
			t.Errorf("no recorded event is of watch %s", kind)
		}
	}

	const file = "testdata/matches.json"
	golden.JSON(t, file, got)
}

// recorded are the recorded events, by name.
func recorded(t *testing.T) map[string]json.RawMessage {
	t.Helper()
	files, err := filepath.Glob("../../lambda/event/*/testdata/*.json")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d recorded events: %v", len(files), err)
	}
	all := map[string]json.RawMessage{}
	for _, file := range files {
		if strings.HasSuffix(file, ".notice.json") {
			continue
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".json")] = raw
	}
	return all
}

// names are the names of things that the recorded events are about.
type sampleNames struct{ groups, applications, clusters, instances, alarms []string }

func namesIn(samples map[string]json.RawMessage) sampleNames {
	found := map[string]map[string]bool{"group": {}, "application": {}, "cluster": {}, "instance": {}, "alarm": {}}
	add := func(what, name string) {
		if name != "" {
			found[what][name] = true
		}
	}
	for _, raw := range samples {
		var e struct {
			Resources []string
			Detail    struct {
				AutoScalingGroupName, Application, ClusterARN, AlarmName string
				InstanceID                                               string `json:"instance-id"`
			}
		}
		_ = json.Unmarshal(raw, &e) // what is of another type stays empty
		add("group", e.Detail.AutoScalingGroupName)
		add("application", e.Detail.Application)
		add("instance", e.Detail.InstanceID)
		add("alarm", e.Detail.AlarmName)
		add("cluster", e.Detail.ClusterARN)
		for _, r := range e.Resources { // arn:aws:ecs:region:account:service/cluster/name
			if before, service, ok := strings.Cut(r, ":service/"); ok {
				cluster, _, _ := strings.Cut(service, "/")
				add("cluster", before+":cluster/"+cluster)
			}
		}
	}
	list := func(what string) []string { return slices.Sorted(maps.Keys(found[what])) }
	return sampleNames{list("group"), list("application"), list("cluster"), list("instance"), list("alarm")}
}

func (n sampleNames) all() []watch.Watch {
	return []watch.Watch{
		watch.Terminations{Groups: n.groups},
		watch.Launches{Groups: n.groups, Successful: true},
		watch.InstanceRefreshes{Groups: n.groups, States: watch.AllRefreshStates},
		watch.Lifecycle{Groups: n.groups},
		watch.Instances{InstanceIDs: n.instances, States: watch.AllInstanceStates},
		watch.SpotInterruptions{Recommendations: true},
		watch.Deployments{Applications: n.applications, States: watch.AllStates},
		watch.DeploymentInstances{Applications: n.applications, States: watch.AllStates},
		watch.ECSTasks{Clusters: n.clusters},
		watch.ECSDeployments{Clusters: n.clusters, States: watch.AllECSStates},
		watch.ECSServices{Clusters: n.clusters, SteadyStates: true},
		watch.Alarms{Names: n.alarms, States: watch.AllAlarmStates},
		watch.Health{Categories: watch.AllHealthCategories},
		watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("some.service")}, Title: "Something happened"},
	}
}

func (n sampleNames) defaults() []watch.Watch {
	return []watch.Watch{
		watch.Terminations{Groups: n.groups}, watch.Launches{Groups: n.groups}, watch.InstanceRefreshes{Groups: n.groups},
		watch.Lifecycle{Groups: n.groups}, watch.Instances{InstanceIDs: n.instances}, watch.SpotInterruptions{},
		watch.Deployments{Applications: n.applications}, watch.DeploymentInstances{Applications: n.applications},
		watch.ECSTasks{Clusters: n.clusters}, watch.ECSDeployments{Clusters: n.clusters}, watch.ECSServices{Clusters: n.clusters},
		watch.Alarms{Names: n.alarms}, watch.Health{},
	}
}

// watchRules are event patterns with the kind of watch that they are of.
type watchRules []struct {
	kind    string
	pattern *eventpattern.Pattern
}

// rulesOf synthesizes the watches, and reads the patterns that came of them.
func rulesOf(t *testing.T, watches []watch.Watch) watchRules {
	t.Helper()
	stack := newStack(t)
	eye := watchAll(stack, watches)
	if codes, texts := reported(stack); len(codes) > 0 {
		t.Fatal(texts)
	}
	all := template(t, stack)
	var rules watchRules
	kinds := watching(t, all, stack, eye)
	for i, rule := range eye.Rules() {
		rules = append(rules, struct {
			kind    string
			pattern *eventpattern.Pattern
		}{kinds[i].Kind(), patternOf(t, all, stack, rule)})
	}
	return rules
}

func patternOf(t *testing.T, template map[string]any, stack awscdk.Stack, rule awsevents.CfnRule) *eventpattern.Pattern {
	t.Helper()
	properties := template["Resources"].(map[string]any)[*stack.GetLogicalId(rule)].(map[string]any)["Properties"].(map[string]any)
	raw, err := json.Marshal(properties["EventPattern"])
	if err != nil {
		t.Fatal(err)
	}
	p, err := eventpattern.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// match returns the kinds of the rules that match an event, each once.
func (r watchRules) match(t *testing.T, raw json.RawMessage) []string {
	t.Helper()
	e, err := eventpattern.ParseEvent(raw)
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{}
	for _, rule := range r {
		if rule.pattern.Match(e) && !slices.Contains(kinds, rule.kind) {
			kinds = append(kinds, rule.kind)
		}
	}
	return kinds
}
