package watch_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
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
	all := rulesOf(t, func(c cdktest.WatchCase) watch.Watch { return c.Widest(named) })
	defaults := rulesOf(t, func(c cdktest.WatchCase) watch.Watch { return c.Minimal(named) })
	got, seen := map[string]matches{}, map[string]bool{}
	for name, raw := range samples {
		m := matches{all.match(t, raw), defaults.match(t, raw)}
		got[name] = m
		for _, kind := range m.All {
			seen[kind] = true
		}
		e := decode.Decode(raw, wire.Watch{ECSTasks: &wire.ECSTasks{Reasons: wire.AllStopReasons()}})
		_, unknown := e.Subject.(*decode.Unknown)
		meant := !unknown
		if _, task := e.Subject.(*ecs.Task); task {
			meant = e.SkipReason() == "" // one that has not stopped is not
		}
		if meant != (len(m.All) == 1) || len(m.All) > 1 {
			t.Errorf("%s is matched by %q; is it one that the notifier reports: %t", name, m.All, meant)
		}
		if slices.ContainsFunc(m.Defaults, func(kind string) bool { return !slices.Contains(m.All, kind) }) {
			t.Errorf("%s is matched by %q, but only by default", name, m.Defaults)
		}
	}
	cdktest.EachWatch(t, func(kind string, _ cdktest.WatchCase) {
		if !seen[kind] && kind != "pattern" { // which has no events of its own
			t.Errorf("no recorded event is of watch %s", kind)
		}
	})
	golden.JSON(t, "testdata/matches.json", got)
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

// namesIn are the names of what the recorded events are about.
func namesIn(samples map[string]json.RawMessage) cdktest.WatchNames {
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
	return cdktest.WatchNames{
		Groups: list("group"), Applications: list("application"), Clusters: list("cluster"),
		Instances: list("instance"), Alarms: list("alarm"),
	}
}

// watchRules are event patterns with the kind of watch that they are of.
type watchRules []watchRule

type watchRule struct {
	kind    string
	pattern *eventpattern.Pattern
}

// rulesOf synthesizes one of each watch, and reads the patterns that came of them.
func rulesOf(t *testing.T, of func(cdktest.WatchCase) watch.Watch) watchRules {
	t.Helper()
	var watches []watch.Watch
	cdktest.EachWatch(t, func(_ string, c cdktest.WatchCase) { watches = append(watches, of(c)) })
	stack := cdktest.Stack(t)
	eye := cdktest.Watch(stack, watches...)
	cdktest.Correct(t, stack)
	var rules watchRules
	for _, rule := range cdktest.Rules(t, stack, eye) {
		pattern, err := eventpattern.Parse([]byte(rule.Pattern))
		if err != nil {
			t.Fatal(err)
		}
		rules = append(rules, watchRule{rule.Deliveries[0].Watch.Kind(), pattern})
	}
	return rules
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
		matched, err := rule.pattern.Match(e)
		if err != nil {
			t.Fatal(err)
		}
		if matched && !slices.Contains(kinds, rule.kind) {
			kinds = append(kinds, rule.kind)
		}
	}
	return kinds
}
