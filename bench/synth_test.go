package bench

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"
)

// BenchmarkSynth synthesizes an app that watches 1, 300 and 3,000 services, as one Eye and as a Fleet,
// in turn. The notifier is not compiled, and the template not validated: both take as long for the one
// as for the other.
func BenchmarkSynth(b *testing.B) {
	sizes, app := []int{1, 300, 3000}, filepath.Join(b.TempDir(), "app")
	build(b, nil, app, "./services")
	synthesize(b, app, "services", "eye", "1") // fills jsii's cache
	took, made := map[string][]time.Duration{}, map[string]template{}
	name := func(kind string, services int) string { return fmt.Sprint(kind, "-", services) }
	for range max(b.N, 5) {
		for _, services := range sizes {
			for _, kind := range []string{"eye", "fleet"} {
				t, one := synthesize(b, app, "services", kind, strconv.Itoa(services))
				took[name(kind, services)] = append(took[name(kind, services)], one)
				made[name(kind, services)] = t
			}
		}
	}
	b.ReportMetric(0, "ns/op")
	rows := [][]string{{"services", "as", "synthesis", "of one", "rules", "resources", "template"}}
	for _, kind := range []string{"eye", "fleet"} {
		for _, services := range sizes {
			name := name(kind, services)
			t, ms := made[name], median(took[name])
			times := ms / median(took[kind+"-1"])
			b.ReportMetric(ms, name+"-ms")
			b.ReportMetric(times, name+"-time-x")
			rows = append(rows, []string{
				fmt.Sprint(services), kind, fmt.Sprintf("%.2f s", ms/1000), fmt.Sprintf("%.2f x", times),
				fmt.Sprint(t.count("AWS::Events::Rule")), fmt.Sprint(t.count("")), fmt.Sprintf("%.0f KB", t.kilobytes),
			})
		}
	}
	writeTable(b, "synthesis", rows)
}

type template struct {
	Resources map[string]struct{ Type string }
	kilobytes float64 // without indentation, as it is limited
}

// count counts the resources of a type, or all.
func (t template) count(kind string) float64 {
	n := 0
	for _, r := range t.Resources {
		if kind == "" || r.Type == kind {
			n++
		}
	}
	return float64(n)
}

// types is how many resources of each type there are.
func (t template) types() string {
	counts := map[string]int{}
	for _, r := range t.Resources {
		counts[r.Type]++
	}
	return fmt.Sprint(counts)
}

// synthesize runs an app of one stack.
func synthesize(b *testing.B, app, stack string, args ...string) (t template, took time.Duration) {
	b.Helper()
	out := b.TempDir()
	cmd := exec.Command(app, args...)
	cmd.Env = append(os.Environ(), "CDK_OUTDIR="+out, `CDK_CONTEXT_JSON={"aws:cdk:bundling-stacks":[]}`,
		"CDK_VALIDATION=false", "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=20")
	began := time.Now()
	if text, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, text)
	}
	took = time.Since(began)
	raw, err := os.ReadFile(filepath.Join(out, stack+".template.json"))
	if err == nil {
		err = json.Unmarshal(raw, &t)
	}
	var compact bytes.Buffer
	if err != nil || len(t.Resources) == 0 || json.Compact(&compact, raw) != nil {
		b.Fatalf("%d resources: %v", len(t.Resources), err)
	}
	t.kilobytes = float64(compact.Len()) / 1000
	return t, took
}

// median is in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2]) / float64(time.Millisecond)
}
