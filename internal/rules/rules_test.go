package rules

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

const root = "../.."

// TestImportWall checks that the function never reaches CDK: it would be six times
// its size, and could not run.
func TestImportWall(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-test", root+"/lambda/...", root+"/internal/wire").Output()
	if err != nil {
		t.Fatal(err)
	}
	seen := false
	for pkg := range strings.FieldsSeq(string(out)) {
		seen = seen || strings.HasSuffix(pkg, "/lambda/notifier")
		for _, beyond := range []string{"github.com/aws/aws-cdk-go", "github.com/aws/jsii-runtime-go", "github.com/aws/constructs-go", "github.com/extraeye/extraeye/constructs"} {
			if strings.HasPrefix(pkg, beyond) {
				t.Errorf("lambda reaches %s", pkg)
			}
		}
	}
	if !seen {
		t.Errorf("lambda/notifier is not among %d packages", len(strings.Fields(string(out))))
	}
}

// TestCommandIsSmall checks what the command is made of: this module, the library for its
// command line, one for YAML, and of the SDK what finds credentials. It reads what CDK wrote, but links
// neither CDK nor jsii, which take minutes to compile, and no other client of the SDK.
func TestCommandIsSmall(t *testing.T) {
	allowed := []string{
		"github.com/extraeye/extraeye/",
		"github.com/spf13/cobra",
		"github.com/spf13/pflag",
		"github.com/inconshreveable/mousetrap", // of cobra, on Windows
		"github.com/aws/aws-lambda-go/lambdacontext",
		"github.com/aws/aws-sdk-go-v2/aws",
		"github.com/aws/aws-sdk-go-v2/config",
		"github.com/aws/aws-sdk-go-v2/credentials",
		"github.com/aws/aws-sdk-go-v2/feature/ec2/imds",
		"github.com/aws/aws-sdk-go-v2/internal",
		"github.com/aws/aws-sdk-go-v2/service/internal",
		"github.com/aws/aws-sdk-go-v2/service/signin",
		"github.com/aws/aws-sdk-go-v2/service/sso",
		"github.com/aws/aws-sdk-go-v2/service/ssooidc",
		"github.com/aws/aws-sdk-go-v2/service/sts",
		"github.com/aws/smithy-go",
		"github.com/goccy/go-yaml", // for files of services
	}
	seen := map[string]bool{}
	for _, goos := range []string{"linux", "darwin", "windows"} {
		list := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", root+"/cmd/extraeye")
		list.Env = append(os.Environ(), "GOOS="+goos, "CGO_ENABLED=0")
		out, err := list.Output()
		if err != nil {
			t.Fatal(err)
		}
		for pkg := range strings.FieldsSeq(string(out)) {
			i := slices.IndexFunc(allowed, func(prefix string) bool { return strings.HasPrefix(pkg+"/", strings.TrimSuffix(prefix, "/")+"/") })
			if i < 0 || strings.HasPrefix(pkg, "github.com/extraeye/extraeye/constructs/") {
				t.Errorf("on %s, the command links %s", goos, pkg)
				continue
			}
			seen[allowed[i]] = true
		}
	}
	for _, prefix := range allowed {
		if !seen[prefix] {
			t.Errorf("the command does not link %s", prefix)
		}
	}
}

// TestSinksDoNotKnowEachOther checks that no sink imports another, on either side.
func TestSinksDoNotKnowEachOther(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, root+"/lambda/sink/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		imports := strings.Fields(line)
		for _, i := range imports[1:] {
			if strings.Contains(i, "/lambda/sink/") {
				t.Errorf("%s imports %s", imports[0], i)
			}
		}
	}
}

// TestOneModule checks that nothing is left out of the module's zip: a nested
// module would be, and the function's source with it.
func TestOneModule(t *testing.T) {
	walk(t, func(path string) {
		if filepath.Base(path) == "go.mod" && filepath.Dir(path) != filepath.Clean(root) {
			t.Errorf("%s makes a module of its own", path)
		}
	})
}

// TestNoBinaries checks that everything in the repository can be read, except for
// pictures.
func TestNoBinaries(t *testing.T) {
	walk(t, func(path string) {
		if filepath.Ext(path) == ".png" {
			return
		}
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(content[:min(len(content), 8000)], 0) >= 0 {
			t.Errorf("%s is binary", path)
		}
	})
}

// TestPropsAreDocumented checks that every field that a user sets says whether it
// is required, or what it is by default.
func TestPropsAreDocumented(t *testing.T) {
	fields := 0
	for _, dir := range []string{"extraeye", "watch", "sink"} {
		files, err := filepath.Glob(filepath.Join(root, "constructs", dir, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files in %s: %v", dir, err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") {
				continue
			}
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok || !spec.Name.IsExported() {
					return true
				}
				if s, ok := spec.Type.(*ast.StructType); ok {
					for _, f := range s.Fields.List {
						for _, name := range f.Names {
							if !name.IsExported() {
								continue
							}
							fields++
							doc := f.Doc.Text()
							if !strings.HasPrefix(doc, name.Name+" ") || !strings.Contains(doc, "\nRequired.\n") && !strings.Contains(doc, "\nDefault: ") {
								t.Errorf("%s: %s.%s does not begin with its name and end with \"Required.\" or \"Default: …\"", file, spec.Name, name)
							}
						}
					}
				}
				return true
			})
		}
	}
	if fields < 20 {
		t.Errorf("found %d fields; are they all looked at?", fields)
	}
}

// TestEverySinkAndWatchIsWhole walks the contract: each field has its file on
// both sides and its rows in the documentation.
func TestEverySinkAndWatchIsWhole(t *testing.T) {
	sinks, watches, delivery := read(t, "docs/sinks.md"), read(t, "docs/watches.md"), read(t, "docs/delivery.md")
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		name := strings.ToLower(f.Name)
		for _, path := range []string{"constructs/sink/" + name + ".go", "lambda/sink/" + name + "/" + name + ".go"} {
			if _, err := os.Stat(filepath.Join(root, path)); err != nil {
				t.Errorf("wire.Sink.%s: %v", f.Name, err)
			}
		}
		if !strings.Contains(sinks, "| `sink."+f.Name+"` |") {
			t.Errorf("wire.Sink.%s has no row in docs/sinks.md", f.Name)
		}
	}
	decoders := decoderFiles(t)
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Watch]()) {
		if f.Type.Kind() != reflect.Pointer {
			continue
		}
		if _, err := os.Stat(filepath.Join(root, "constructs/watch", strings.ToLower(f.Name)+".go")); err != nil {
			t.Errorf("wire.Watch.%s: %v", f.Name, err)
		}
		if !slices.Contains(decoders, strings.ToLower(f.Name)) {
			t.Errorf("wire.Watch.%s has no file of its name in a package below lambda/event", f.Name)
		}
		for name, page := range map[string]string{"docs/watches.md": watches, "docs/delivery.md": delivery} {
			if !strings.Contains(page, "| `watch."+f.Name+"` |") {
				t.Errorf("wire.Watch.%s has no row in %s", f.Name, name)
			}
		}
	}
}

// read returns a file of the repository.
func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, path))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// decoderFiles are the names of the files that read events. A file is known by its own
// name and by its service's and its own: ecs/tasks.go is "tasks" and "ecstasks".
func decoderFiles(t *testing.T) []string {
	t.Helper()
	var names []string
	for _, pattern := range []string{"lambda/event/*/*.go", "lambda/decode/*.go"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("no files are %s: %v", pattern, err)
		}
		for _, file := range files {
			name := strings.TrimSuffix(filepath.Base(file), ".go")
			names = append(names, name, filepath.Base(filepath.Dir(file))+name)
		}
	}
	return names
}

// walk visits the files that belong to the repository.
func walk(t *testing.T, visit func(path string)) {
	t.Helper()
	files := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			switch d.Name() {
			case ".git", "build", "cdk.out", "dist", "node_modules":
				return filepath.SkipDir
			}
			return nil
		}
		files++
		visit(path)
		return nil
	})
	if err != nil || files < 50 {
		t.Fatalf("visited %d files: %v", files, err)
	}
}
