package rules

import (
	"cmp"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// asking are the folders whose code asks AWS for a command, by the command's section in
// docs/permissions.md.
var asking = map[string][]string{
	"the timeline": {"cmd/extraeye/internal/scope", "cmd/extraeye/internal/session", "cmd/extraeye/internal/stack", "lambda/timeline"},
	"coverage":     {"cmd/extraeye/internal/coverage", "cmd/extraeye/internal/scope", "cmd/extraeye/internal/session", "cmd/extraeye/internal/stack"},
	"drills":       {"cmd/extraeye/internal/drill", "cmd/extraeye/internal/scope", "cmd/extraeye/internal/session", "cmd/extraeye/internal/stack"},
	"redrive":      {"cmd/extraeye/internal/deadletters", "cmd/extraeye/internal/scope", "cmd/extraeye/internal/session", "cmd/extraeye/internal/stack"},
}

// changing are the actions of these commands that are not read-only.
var changing = map[string][]string{
	"drills":  {"events:PutEvents"},
	"redrive": {"lambda:InvokeFunction", "sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:ReceiveMessage"},
}

// ofVerdict is a file whose calls are for a verdict alone, and not for a timeline.
const ofVerdict = "lambda/timeline/collect/release.go"

// lookedUp are the calls of the notifier's look-ups that a timeline uses, by the method.
var lookedUp = map[string][]string{
	"Console":       {"ec2:GetConsoleOutput"},
	"RequestedBy":   {"cloudtrail:LookupEvents"},
	"FailedTargets": {"codedeploy:ListDeploymentTargets", "codedeploy:BatchGetDeploymentTargets"},
}

// iamServices are the services whose actions have another prefix than their requests.
var iamServices = map[string]string{"monitoring": "cloudwatch"}

// iamActions are the actions that have another name than their requests.
var iamActions = map[string]string{"lambda:Invoke": "lambda:InvokeFunction"}

// TestCommandPermissions compares the policies in docs/permissions.md with the calls in the code.
func TestCommandPermissions(t *testing.T) {
	for command, folders := range asking {
		t.Run(command, func(t *testing.T) {
			got, want := policyOf(t, command), called(t, folders)
			if !slices.Equal(got, want) {
				t.Errorf("docs/permissions.md has\n%s\nand the code calls\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			for _, action := range got {
				_, operation, _ := strings.Cut(action, ":")
				reads := slices.ContainsFunc([]string{"Describe", "List", "Get", "BatchGet", "Lookup", "Filter"}, func(verb string) bool { return strings.HasPrefix(operation, verb) })
				if reads == slices.Contains(changing[command], action) {
					t.Errorf("%s is read-only: %t", action, reads)
				}
			}
		})
	}
}

// policyOf returns the actions of the policy in a section of docs/permissions.md.
func policyOf(t *testing.T, command string) (actions []string) {
	t.Helper()
	_, section, _ := strings.Cut(read(t, "docs/permissions.md"), "\n## For "+command+"\n")
	_, section, _ = strings.Cut(section, "```json\n")
	section, _, _ = strings.Cut(section, "```")
	var policy struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal([]byte(section), &policy); err != nil || len(policy.Statement) == 0 {
		t.Fatalf("docs/permissions.md has no policy for %s: %v", command, err)
	}
	for _, s := range policy.Statement {
		actions = append(actions, s.Action...)
	}
	slices.Sort(actions)
	return actions
}

// called returns the actions that the code of folders calls.
func called(t *testing.T, folders []string) []string {
	t.Helper()
	called := map[string]bool{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
			if err == nil && strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(filepath.ToSlash(path), ofVerdict) {
				for _, action := range calls(t, path) {
					called[action] = true
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	delete(called, "sts:GetCallerIdentity") // needs no permission
	return slices.Sorted(maps.Keys(called))
}

// calls returns the actions that a file calls: those of call("service", "Operation"), of
// awsapi.Call{Service: "service", Operation: "Operation"}, and of look-ups.
func calls(t *testing.T, path string) (actions []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if name, ok := call.Fun.(*ast.Ident); ok && name.Name == "call" && len(call.Args) == 2 {
			actions = append(actions, action(call.Args[0], call.Args[1]))
		}
		if method, ok := call.Fun.(*ast.SelectorExpr); ok {
			if of, ok := method.X.(*ast.SelectorExpr); ok && of.Sel.Name == "lookups" {
				if lookedUp[method.Sel.Name] == nil {
					t.Errorf("%s: it is not known what %s calls", path, method.Sel.Name)
				}
				actions = append(actions, lookedUp[method.Sel.Name]...)
			}
		}
		return true
	})
	actions = append(actions, literalCalls(file)...)
	return slices.DeleteFunc(actions, func(a string) bool { return a == "" })
}

// literalCalls returns the actions of awsapi.Call{Service: "service", Operation: "Operation"} in a file.
func literalCalls(file *ast.File) (actions []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, ok := n.(*ast.CompositeLit); ok {
			fields := fieldsOf(literal)
			if a := action(fields["Service"], fields["Operation"]); a != "" {
				actions = append(actions, a)
			}
		}
		return true
	})
	return actions
}

// action is "service:Operation" of two texts, "" if they are not literal.
func action(service, operation ast.Expr) string {
	var parts [2]string
	for i, e := range []ast.Expr{service, operation} {
		literal, ok := e.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return ""
		}
		parts[i], _ = strconv.Unquote(literal.Value)
	}
	if of, ok := iamServices[parts[0]]; ok {
		parts[0] = of
	}
	name := parts[0] + ":" + parts[1]
	return cmp.Or(iamActions[name], name)
}
