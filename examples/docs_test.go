package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// program has a function for each block of Go in the documentation that is no program of its own.
// What the text around a block takes for granted is an argument.
const program = `package main

import (
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awscloudwatch"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/extraeye"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
)

var _ = []any{awsevents.NewRule, awskms.NewKey, awssecretsmanager.NewSecret, watch.AllCauses, time.Now}

var orders awscloudwatch.IMetric

func main() {
	defer jsii.Close()
	app := awscdk.NewApp(nil)
	orders = awscloudwatch.NewMetric(&awscloudwatch.MetricProps{Namespace: jsii.String("Shop"), MetricName: jsii.String("Orders")})
	groups, applications := []string{"some-service", "other-service"}, []string{"some-service"}
	chat := sink.Email{From: "ops@example.com", To: []string{"team@example.com"}}
	pager := sink.Email{From: "ops@example.com", To: []string{"pager@example.com"}}
	for name, block := range blocks {
		stack := awscdk.NewStack(app, &name, nil)
		var eye *extraeye.Eye
		if usesEye[name] {
			eye = extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{})
		}
		parameter := awsssm.StringParameter_FromSecureStringParameterAttributes(stack, jsii.String("Parameter"), &awsssm.SecureStringParameterAttributes{ParameterName: jsii.String("/some-service/teams")})
		block(stack, eye, groups, applications, chat, pager, parameter, awskms.Key_FromKeyArn(stack, jsii.String("Key"), jsii.String("arn:aws:kms:eu-west-1:123456789012:key/12345678-1234-1234-1234-123456789012")))
	}
	app.Synth(nil)
}
`

var goBlock = regexp.MustCompile("(?s)\n```go\n(.*?\n)```\n")

// block is a block of Go in a page.
type block struct{ name, text string }

func (b block) isProgram() bool { return strings.HasPrefix(b.text, "package main\n") }

// usesEye reports whether the block takes an Eye for granted.
func (b block) usesEye() bool {
	return eyeItself.MatchString(b.text) && !strings.Contains(b.text, "eye :=")
}

var eyeItself = regexp.MustCompile(`\beye\b`)

func blocksOfGo(t *testing.T) (all []block) {
	t.Helper()
	for _, glob := range []string{"../*.md", "../docs/*.md"} {
		pages, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for i, found := range goBlock.FindAllSubmatch(text, -1) {
				name := fmt.Sprintf("%s-%d", strings.TrimSuffix(filepath.Base(page), ".md"), i+1)
				all = append(all, block{name, string(found[1])})
			}
		}
	}
	if len(all) < 4 {
		t.Fatalf("found %d blocks", len(all))
	}
	return all
}

// TestBlocksOfGo builds and synthesizes each block of Go in the documentation. Those that are no
// programs are functions of one, each with a stack.
func TestBlocksOfGo(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and synthesizes an app")
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	dir, overlay := t.TempDir(), map[string]string{}
	add := func(folder, code string) {
		file := filepath.Join(dir, folder+".go")
		if err := os.WriteFile(file, []byte(code), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay[filepath.Join(root, "examples", folder, "main.go")] = file
	}
	services := writeServices(t, dir)
	var functions, eyes strings.Builder
	for _, b := range blocksOfGo(t) {
		if b.isProgram() {
			add(strings.ToLower(b.name), b.text)
			continue
		}
		fmt.Fprintf(&functions, "%q: func(stack awscdk.Stack, eye *extraeye.Eye, groups, applications []string, chat, pager sink.Sink, parameter awsssm.IParameter, key awskms.IKey) {\n%s\n},\n", b.name, strings.ReplaceAll(statements(t, b), "services.yaml", services))
		fmt.Fprintf(&eyes, "%q: %v,\n", b.name, b.usesEye())
	}
	add("blocks", program+"var usesEye = map[string]bool{\n"+eyes.String()+"}\n\nvar blocks = map[string]func(awscdk.Stack, *extraeye.Eye, []string, []string, sink.Sink, sink.Sink, awsssm.IParameter, awskms.IKey){\n"+functions.String()+"}\n")
	list, err := json.Marshal(map[string]any{"Replace": overlay})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(file, list, 0o644); err != nil {
		t.Fatal(err)
	}
	for path := range overlay {
		name := filepath.Base(filepath.Dir(path))
		app := filepath.Join(dir, name)
		if text, err := exec.Command("go", "build", "-overlay", file, "-o", app, "./"+name).CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, text)
			continue
		}
		out := filepath.Join(dir, name+".out")
		synthesize(t, app, out, map[string]any{}, "CDK_VALIDATION=false")
		if found := errorsIn(t, out); len(found) > 0 {
			t.Errorf("%s: %q", name, found)
		}
	}
}

// writeServices writes the file of a fleet that its page shows, and returns where it is.
func writeServices(t *testing.T, dir string) string {
	t.Helper()
	page, err := os.ReadFile("../docs/fleet.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(page), "\n```yaml\n")
	text, _, _ = strings.Cut(text, "```\n")
	file := filepath.Join(dir, "services.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// statements writes a block so that it compiles alone: a value that stands alone is assigned to
// nothing.
func statements(t *testing.T, b block) string {
	t.Helper()
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, b.name, "package p\nfunc f() {{\n"+b.text+"}}\n", parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	body := file.Decls[0].(*ast.FuncDecl).Body.List[0].(*ast.BlockStmt)
	for i, s := range body.List {
		if alone, ok := s.(*ast.ExprStmt); ok {
			if _, isCall := alone.X.(*ast.CallExpr); !isCall {
				body.List[i] = &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent("_")}, Tok: token.ASSIGN, Rhs: []ast.Expr{alone.X}}
			}
		}
	}
	var code bytes.Buffer
	if err := format.Node(&code, files, body); err != nil {
		t.Fatal(err)
	}
	return code.String()
}

// errorsIn are the errors that constructs reported in an assembly.
func errorsIn(t *testing.T, assembly string) (found []string) {
	t.Helper()
	type entries map[string][]struct {
		Type string
		Data any
	}
	files, err := filepath.Glob(filepath.Join(assembly, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		var m struct {
			Artifacts map[string]struct{ Metadata entries }
		}
		var metadata entries
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		_ = json.Unmarshal(raw, &m) // most files are something else
		_ = json.Unmarshal(raw, &metadata)
		all := []entries{metadata}
		for _, a := range m.Artifacts {
			all = append(all, a.Metadata)
		}
		for _, of := range all {
			for path, list := range of {
				for _, e := range list {
					if e.Type == "aws:cdk:error" {
						found = append(found, fmt.Sprint(path, ": ", e.Data))
					}
				}
			}
		}
	}
	return found
}
