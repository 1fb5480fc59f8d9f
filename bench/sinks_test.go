package bench

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
)

// BenchmarkSinks compares the notifier with itself without all sinks but mail: what
// they add to the package, and to a cold start that uses none of them.
func BenchmarkSinks(b *testing.B) {
	all, mail := buildNotifier(b, "arm64"), buildMailOnly(b, "arm64")
	added := zipped(b, all) - zipped(b, mail)
	if added <= 0 {
		b.Fatalf("the sinks add %.0f bytes; were they left out?", added)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(added/1e6, "zip-MB-added")

	aws := startAWS(b)
	all, mail = buildNotifier(b, runtime.GOARCH), buildMailOnly(b, runtime.GOARCH)
	delivery, share := terminationByMail(b), newShare(b, memories[0])
	var with, without lives
	for range max(b.N, 20) {
		with = append(with, live(b, function{program: all, env: aws.environment(memories[0])}, share, delivery, `"outcome":"sent"`, warm))
		without = append(without, live(b, function{program: mail, env: aws.environment(memories[0])}, share, delivery, `"outcome":"sent"`, warm))
	}
	with.report(b, "sinks", without)
}

// The other sinks in open.go, which lists all of them: their imports, and where they are opened.
var (
	otherImport = regexp.MustCompile(`(?m)^\t"[^"]*/lambda/sink/[^"]*"\n`)
	otherSink   = regexp.MustCompile(`(?m)^\t\tvia\w+\(.*\bsink\.\w+,.*\n`)
	keptImport  = regexp.MustCompile(`/sink/email"`)
	keptSink    = regexp.MustCompile(`sink\.Email,`)
)

// buildMailOnly compiles the notifier with mail as its only sink.
func buildMailOnly(b *testing.B, goarch string) (program string) {
	b.Helper()
	open, err := filepath.Abs("../lambda/notifier/open.go")
	if err != nil {
		b.Fatal(err)
	}
	source, err := os.ReadFile(open)
	if err != nil {
		b.Fatal(err)
	}
	without := func(text []byte, other, kept *regexp.Regexp) []byte {
		return other.ReplaceAllFunc(text, func(found []byte) []byte {
			if kept.Match(found) {
				return found
			}
			return nil
		})
	}
	source = without(without(source, otherImport, keptImport), otherSink, keptSink)

	dir := b.TempDir()
	mailOnly, overlay := filepath.Join(dir, "open.go"), filepath.Join(dir, "overlay.json")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{open: mailOnly}})
	if err != nil {
		b.Fatal(err)
	}
	for file, content := range map[string][]byte{mailOnly: source, overlay: replace} {
		if err := os.WriteFile(file, content, 0o600); err != nil {
			b.Fatal(err)
		}
	}
	program = filepath.Join(dir, "mail-only")
	build(b, []string{"GOOS=linux", "GOARCH=" + goarch, "CGO_ENABLED=0"}, program,
		"-trimpath", "-buildvcs=false", "-tags=lambda.norpc,nethttpomithttp2", "-ldflags=-s -w -buildid=", "-overlay="+overlay, "../lambda/notifier")
	return program
}
