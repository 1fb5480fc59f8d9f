package main

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The gates keep a cold start short and a user's first synth cheap. None depends
// on the clock.
const (
	maxZip         = 3_800_000 // bytes, of which it has 3,514,000 with Go 1.26 and 3,691,000 with Go 1.27
	maxAllocations = 600       // in package initialization
)

// TestZipSize packs the function as it is deployed: for arm64.
func TestZipSize(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the notifier")
	}
	out := filepath.Join(t.TempDir(), "bootstrap")
	if text, err := goCommand([]string{"GOOS=linux", "GOARCH=arm64"}, append(append([]string{"build"}, flags...), "-o", out, ".")...); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	program, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	file, err := z.Create("bootstrap")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write(program); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d bytes, zipped %d", len(program), packed.Len())
	if packed.Len() > maxZip {
		t.Errorf("the zip has %d bytes, at most %d are allowed", packed.Len(), maxZip)
	}
}

// TestNoReflectedMethods asks the linker whether anything looks methods up by
// name, which would make it keep all methods of everything.
func TestNoReflectedMethods(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles the notifier")
	}
	out, err := goCommand(nil, "build", "-tags", "lambda.norpc,nethttpomithttp2", "-ldflags=-dumpdep", "-o", os.DevNull, ".")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if !bytes.Contains(out, []byte("main.main -> ")) {
		t.Fatal("the linker did not print its graph")
	}
	if n := bytes.Count(out, []byte("<ReflectMethod>")); n != 0 {
		t.Errorf("%d functions look methods up by name", n)
	}
}

// TestInitAllocations adds up what package initialization allocates.
func TestInitAllocations(t *testing.T) {
	runtime := httptest.NewServer(http.NotFoundHandler())
	defer runtime.Close()
	cmd := exec.Command(notifier(t))
	cmd.Env = []string{"GODEBUG=inittrace=1", "AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(runtime.URL, "http://")}
	out, _ := cmd.CombinedOutput() // it ends with an error: there is nothing to run
	allocations := 0
	traces := regexp.MustCompile(`(?m)^init \S+ @.* (\d+) bytes, (\d+) allocs$`).FindAllSubmatch(out, -1)
	if len(traces) == 0 {
		t.Fatalf("no traces in:\n%s", out)
	}
	for _, trace := range traces {
		n, err := strconv.Atoi(string(trace[2]))
		if err != nil {
			t.Fatal(err)
		}
		allocations += n
	}
	t.Logf("%d allocations in %d packages", allocations, len(traces))
	if allocations > maxAllocations {
		t.Errorf("package initialization makes %d allocations, at most %d are allowed:\n%s", allocations, maxAllocations, out)
	}
}

// TestForbiddenPackages keeps out what makes the function large or slow to compile.
func TestForbiddenPackages(t *testing.T) {
	out, err := goCommand(nil, "list", "-deps", "-tags", "lambda.norpc,nethttpomithttp2", ".")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	packages := strings.Fields(string(out))
	if len(packages) < 50 {
		t.Fatalf("only %d packages", len(packages))
	}
	for _, p := range packages {
		for _, forbidden := range []string{
			"github.com/aws/aws-cdk-go", "github.com/aws/jsii-runtime-go", "github.com/aws/constructs-go",
			"github.com/aws/aws-sdk-go-v2/config", "github.com/aws/aws-sdk-go-v2/service", "github.com/extraeye/extraeye/constructs",
			"text/template", "html/template", "net/rpc", "testing",
		} {
			if p == forbidden || strings.HasPrefix(p, forbidden+"/") {
				t.Errorf("the notifier links %s", p)
			}
		}
	}
}
