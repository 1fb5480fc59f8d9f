//go:build ruler

package eventpattern

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	pairs     = 210_000
	seeds     = 3
	timed     = 4 * time.Second
	samples   = "../../cmd/extraeye/internal/rehearse/samples/events/*.json"
	templates = "../../constructs/watch/testdata/watches.template.json"
)

// TestRuler asks AWS's own engine about the conformance table and about random pairs of
// patterns and events. It fails on a disagreement that the package comment does not list,
// and if one that it lists does not occur. It needs Java 17 and Maven.
func TestRuler(t *testing.T) {
	table := conformance(t)
	var all [][2]string
	for _, e := range table {
		all = append(all, [2]string{string(e.Pattern), string(e.Event)})
	}
	for seed := range uint64(seeds) {
		g := newGenerator(seed)
		for range pairs / seeds {
			pattern, event := g.pair()
			all = append(all, [2]string{pattern, event})
		}
	}
	timing := realPairs(t)
	answers, java, theirs := engine(t, all, timing)

	for i, e := range table {
		want := e.Match
		if e.Ruler != nil {
			want = e.Ruler
		}
		if got := answers[i]; got != fmt.Sprint(want) {
			t.Errorf("%s: the engine says %s, the table %v", e.Name, got, want)
		}
	}
	compare(t, all[len(table):], answers[len(table):], java)
	ours := eventsPerSecond(t, timing)
	t.Logf("%d pairs of the watches' rules and the rehearsal's events: %.0f events per second, the engine %.0f: %.2f x", len(timing), ours, theirs, ours/theirs)
}

// compare compares the engine's answers with this package's.
func compare(t *testing.T, pairs [][2]string, answers []string, java int) {
	verdicts, differ := map[string]int{}, map[string]int{}
	unlisted := 0
	for i, p := range pairs {
		a, verdict, err := ask(p[0], p[1])
		if err != nil {
			t.Fatalf("%s\n%s\n%v", p[0], p[1], err)
		}
		verdicts[verdict]++
		if verdict == answers[i] {
			continue
		}
		a.engine = answers[i]
		listed := false
		for _, d := range differences {
			if d.has(a) && occurs(d, java) {
				differ[d.begins]++
				listed = true
			}
		}
		if !listed {
			unlisted++
			t.Errorf("%+q\n%+q\n%s (%v), the engine says %s", p[0], p[1], verdict, a.err, a.engine)
		}
		if unlisted > 20 {
			t.Fatal("and so on")
		}
	}
	for _, d := range differences {
		t.Logf("%6d pairs: %s …", differ[d.begins], d.begins)
		if differ[d.begins] == 0 && occurs(d, java) {
			t.Errorf("the engine no longer differs in: %s …", d.begins)
		}
	}
	for verdict, percent := range map[string]int{"true": 25, "false": 25, "invalid": 5} {
		if verdicts[verdict]*100 < percent*len(pairs) {
			t.Errorf("%d of %d pairs are %s, less than %d %%", verdicts[verdict], len(pairs), verdict, percent)
		}
	}
	t.Logf("%d pairs: %v", len(pairs), maps.Collect(maps.All(verdicts)))
}

// occurs reports whether the engine differs in this, running on that version of Java.
func occurs(d difference, java int) bool { return d.fixed == 0 || java < d.fixed }

// engine returns the engine's answers about the pairs, its version of Java, and how many
// events per second it matches.
func engine(t *testing.T, ask, timing [][2]string) (answers []string, java int, speed float64) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write(t, file("ask"), ask)
	write(t, file("timing"), timing)
	maven := exec.Command("mvn", "--quiet", "--batch-mode", "-Dstyle.color=never", "-DbuildDirectory="+file("target"), "compile", "exec:java",
		"-Dexec.arguments="+strings.Join([]string{file("ask"), file("answers"), file("timing"), fmt.Sprint(timed.Seconds())}, ","))
	maven.Dir = "testdata/ruler"
	if out, err := maven.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	raw, err := os.ReadFile(file("answers"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(raw)), "\n")
	if len(lines) != len(ask)+1 {
		t.Fatalf("%d lines for %d questions", len(lines), len(ask))
	}
	if _, err := fmt.Sscan(lines[len(ask)], &java, &speed); err != nil {
		t.Fatal(err)
	}
	return lines[:len(ask)], java, speed
}

func write(t *testing.T, path string, pairs [][2]string) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	encoder := json.NewEncoder(out)
	for _, p := range pairs {
		if err := encoder.Encode(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := out.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

// realPairs are the rules that all watches make, each with all events of the rehearsal.
func realPairs(t *testing.T) [][2]string {
	var template struct {
		Resources map[string]struct {
			Properties struct{ EventPattern json.RawMessage }
		}
	}
	raw, err := os.ReadFile(templates)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &template); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(samples)
	if err != nil {
		t.Fatal(err)
	}
	var all [][2]string
	for _, r := range template.Resources {
		if _, err := Parse(r.Properties.EventPattern); err != nil {
			continue // no rule, or one with references
		}
		for _, f := range files {
			event, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, [2]string{string(r.Properties.EventPattern), string(event)})
		}
	}
	if len(all) < 500 {
		t.Fatalf("only %d pairs", len(all))
	}
	return all
}

// eventsPerSecond does what the engine does to measure its speed: patterns are compiled
// once, events are read each time.
func eventsPerSecond(t *testing.T, pairs [][2]string) float64 {
	var patterns []*Pattern
	for _, p := range pairs {
		parsed, err := Parse([]byte(p[0]))
		if err != nil {
			t.Fatal(err)
		}
		patterns = append(patterns, parsed)
	}
	events := 0
	start := time.Now()
	for ; time.Since(start) < timed; events += len(pairs) {
		for i, p := range pairs {
			e, err := ParseEvent([]byte(p[1]))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := patterns[i].Match(e); err != nil {
				t.Fatal(err)
			}
		}
	}
	return float64(events) / time.Since(start).Seconds()
}
