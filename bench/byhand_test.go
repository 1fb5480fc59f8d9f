package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkByHand synthesizes an Eye for one service beside an app that writes the same resources
// with nothing but CDK.
func BenchmarkByHand(b *testing.B) {
	dir := b.TempDir()
	eye, plain := filepath.Join(dir, "eye"), filepath.Join(dir, "plain")
	build(b, nil, eye, "./services")
	build(b, nil, plain, "./plain")
	function := filepath.Join(dir, "function")
	err := os.Mkdir(function, 0o755)
	if err == nil {
		err = os.WriteFile(filepath.Join(function, "bootstrap"), []byte("#!/bin/sh\n"), 0o755)
	}
	if err != nil {
		b.Fatal(err)
	}
	synthesize(b, eye, "services", "eye", "1") // fills jsii's cache
	var ours, byHand []time.Duration
	for range max(b.N, 7) {
		made, took := synthesize(b, eye, "services", "eye", "1")
		ours = append(ours, took)
		written, took := synthesize(b, plain, "plain", function)
		byHand = append(byHand, took)
		if made.types() != written.types() {
			b.Fatalf("an Eye has\n%s\nand the app by hand\n%s", made.types(), written.types())
		}
	}
	b.ReportMetric(0, "ns/op")
	writeTable(b, "by-hand", [][]string{
		{"synthesis of the same resources", "", "beside CDK alone"},
		{"with CDK alone", milliseconds(median(byHand)), ""},
		{"an Eye", milliseconds(median(ours)), times(median(ours), median(byHand))},
	})
}

// BenchmarkCompile compiles an app with an Eye, and one that imports of CDK what every app with a
// rule and a function does, with empty build caches.
func BenchmarkCompile(b *testing.B) {
	var eye, bare []time.Duration
	for b.Loop() {
		bare = append(bare, compile(b, "./bare"))
		eye = append(eye, compile(b, "./services"))
	}
	b.ReportMetric(0, "ns/op")
	writeTable(b, "compile", [][]string{
		{"first compilation", "", "beside CDK alone"},
		{"awscdk, awsevents and awslambda", seconds(median(bare)), ""},
		{"an Eye", seconds(median(eye)), times(median(eye), median(bare))},
	})
}

// compile compiles a program without any cache.
func compile(b *testing.B, program string) time.Duration {
	b.Helper()
	dir := b.TempDir()
	began := time.Now()
	build(b, []string{"GOCACHE=" + filepath.Join(dir, "cache")}, filepath.Join(dir, "app"), program)
	return time.Since(began)
}

func seconds(ms float64) string { return fmt.Sprintf("%.1f s", ms/1000) }

func times(one, other float64) string { return fmt.Sprintf("%.2f x", one/other) }
