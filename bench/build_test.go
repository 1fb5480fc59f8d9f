package bench

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/extraeye/extraeye/internal/bundle"
)

// buildNotifier compiles the notifier as it is deployed.
func buildNotifier(b *testing.B, goarch string) (program string) {
	b.Helper()
	dir, err := bundle.Build("linux", goarch)
	if err != nil {
		b.Fatal(err)
	}
	return filepath.Join(dir, "bootstrap")
}

// buildHere compiles a function of this folder in the same way.
func buildHere(b *testing.B, name, goarch string) (program string) {
	b.Helper()
	program = filepath.Join(b.TempDir(), name)
	build(b, []string{"GOOS=linux", "GOARCH=" + goarch, "CGO_ENABLED=0"}, program,
		"-trimpath", "-buildvcs=false", "-tags=lambda.norpc,nethttpomithttp2", "-ldflags=-s -w -buildid=", "./"+name)
	return program
}

func build(b *testing.B, env []string, program string, args ...string) {
	b.Helper()
	cmd := exec.Command("go", append([]string{"build", "-o", program}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
}

// zipped returns the size of the program as it is uploaded.
func zipped(b *testing.B, program string) float64 {
	b.Helper()
	content, err := os.ReadFile(program)
	if err != nil {
		b.Fatal(err)
	}
	var packed bytes.Buffer
	z := zip.NewWriter(&packed)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestCompression) })
	file, err := z.Create("bootstrap")
	if err == nil {
		_, err = file.Write(content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		b.Fatal(err)
	}
	return float64(packed.Len())
}
