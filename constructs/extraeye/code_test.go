package extraeye_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/internal/bundle"
)

// TestCompiledOnlyIfSelected checks the asset of a selected stack and of one that
// is not.
func TestCompiledOnlyIfSelected(t *testing.T) {
	out := t.TempDir()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out, Context: &map[string]any{"aws:cdk:bundling-stacks": []string{"selected"}}})
	for _, id := range []string{"selected", "other"} {
		extraeye.NewNotifier(awscdk.NewStack(app, &id, nil), "Notifier", nil)
	}
	app.Synth(nil)
	var bootstraps, placeholders []string
	assets, _ := filepath.Glob(filepath.Join(out, "asset.*"))
	for _, a := range assets {
		b, _ := filepath.Glob(filepath.Join(a, "bootstrap"))
		p, _ := filepath.Glob(filepath.Join(a, "not-compiled"))
		bootstraps, placeholders = append(bootstraps, b...), append(placeholders, p...)
	}
	if len(bootstraps) != 1 || len(placeholders) != 1 {
		t.Fatalf("%d notifiers and %d placeholders in %q, want one each", len(bootstraps), len(placeholders), assets)
	}
	info, err := os.Stat(bootstraps[0])
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode()&0o111 == 0 {
		t.Errorf("the notifier is not executable: %s", info.Mode())
	}
	if built, err := bundle.Build("linux", "arm64"); err != nil || !sameFile(t, bootstraps[0], filepath.Join(built, "bootstrap")) {
		t.Errorf("the asset is not the notifier for arm64: %v", err)
	}
}

// TestNotCompiled checks that a notifier that cannot be compiled is reported, not
// panicked about.
func TestNotCompiled(t *testing.T) {
	t.Setenv("PATH", "") // no go command
	out := t.TempDir()
	app := awscdk.NewApp(&awscdk.AppProps{Outdir: &out})
	stack := awscdk.NewStack(app, jsii.String("some-stack"), nil)
	extraeye.NewNotifier(stack, "Notifier", &extraeye.NotifierProps{Architecture: awslambda.Architecture_X86_64()})
	if codes, texts := cdktest.Reported(stack); len(codes) != 1 || codes[0] != "E402" {
		t.Errorf("reported %q: %q", codes, texts)
	}
}

func sameFile(t *testing.T, a, b string) bool {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	return string(x) == string(y)
}
