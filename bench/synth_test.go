package bench

import (
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

// BenchmarkSynth synthesizes an app whose one Eye watches 300 services, and the
// same app with one service. The notifier is not compiled, and the template not
// validated: both take as long for the one as for the other.
func BenchmarkSynth(b *testing.B) {
	const services = 300
	app := filepath.Join(b.TempDir(), "app")
	build(b, nil, app, "./services")
	synthesize(b, app, "services", "1") // fills jsii's cache
	var one, many []time.Duration
	var small, large template
	for range max(b.N, 5) {
		var took time.Duration
		small, took = synthesize(b, app, "services", "1")
		one = append(one, took)
		large, took = synthesize(b, app, "services", strconv.Itoa(services))
		many = append(many, took)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(median(one), "one-ms")
	b.ReportMetric(median(many), "many-ms")
	b.ReportMetric(median(many)/median(one), "time-x")
	b.ReportMetric(large.count("")/small.count(""), "resources-x")
	b.ReportMetric(large.count(""), "resources")
	b.ReportMetric(large.count("AWS::Events::Rule"), "rules")
	b.ReportMetric(large.count("AWS::Events::Rule")/services, "rules/service")
}

type template struct {
	Resources map[string]struct{ Type string }
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
func synthesize(b *testing.B, app, stack, argument string) (t template, took time.Duration) {
	b.Helper()
	out := b.TempDir()
	cmd := exec.Command(app, argument)
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
	if err != nil || len(t.Resources) == 0 {
		b.Fatalf("%d resources: %v", len(t.Resources), err)
	}
	return t, took
}

// median is in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2]) / float64(time.Millisecond)
}
