package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
)

// TestCalls keeps a list of all that the notifier's code calls of AWS, which .ci/policies compares with
// what its role may do, and checks that docs/permissions.md names each action.
func TestCalls(t *testing.T) {
	all := map[string]bool{}
	err := filepath.WalkDir(filepath.Join(root, "lambda"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && d.Name() != "testdata" {
			for _, action := range callsOf(t, path) {
				all[action] = true
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	docs := read(t, "docs/permissions.md")
	for action := range all {
		if !strings.Contains(docs, "`"+action+"`") && !strings.Contains(docs, `"`+action+`"`) {
			t.Errorf("docs/permissions.md does not name %s", action)
		}
	}
	golden.File(t, "testdata/calls.txt", strings.Join(slices.Sorted(maps.Keys(all)), "\n")+"\n")
}

// open is a call of AWS whose service or operation is what a function is called with.
type open struct {
	function           string
	service, operation ast.Expr
	at                 map[string]int // the places of the function's parameters
}

// callsOf returns the actions that the code of a folder calls, also those that it names to a function of
// the same folder.
func callsOf(t *testing.T, folder string) (actions []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var files []*ast.File
	var opened []open
	for _, e := range entries {
		if !strings.HasSuffix(e.Name(), ".go") || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(folder, e.Name()), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
		actions = append(actions, literalCalls(file)...)
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				opened = append(opened, openOf(f)...)
			}
		}
	}
	for i := 0; i < len(opened); i++ { // which grows: what is called with a parameter is open, too
		for _, file := range files {
			found, more := closed(file, opened[i])
			actions, opened = append(actions, found...), append(opened, more...)
		}
	}
	return actions
}

// openOf returns the calls in a function whose service or operation is one of its parameters.
func openOf(f *ast.FuncDecl) (all []open) {
	at := parameters(f)
	ast.Inspect(f, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := fieldsOf(literal)
		service, operation := fields["Service"], fields["Operation"]
		if isParameter(service, at) || isParameter(operation, at) {
			all = append(all, open{f.Name.Name, service, operation, at})
		}
		return true
	})
	return all
}

// closed returns the actions that a file calls an open function with, and the functions that only hand
// on a parameter of theirs.
func closed(file *ast.File, o open) (actions []string, more []open) {
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		at := parameters(f)
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || nameOf(call.Fun) != o.function {
				return true
			}
			service, operation := given(o.service, o.at, call), given(o.operation, o.at, call)
			if isParameter(service, at) || isParameter(operation, at) {
				more = append(more, open{f.Name.Name, service, operation, at})
			} else if a := action(service, operation); a != "" {
				actions = append(actions, a)
			}
			return true
		})
	}
	return actions, more
}

// given is what a call of a function has for an expression in it.
func given(e ast.Expr, at map[string]int, call *ast.CallExpr) ast.Expr {
	if isParameter(e, at) && at[e.(*ast.Ident).Name] < len(call.Args) {
		return call.Args[at[e.(*ast.Ident).Name]]
	}
	return e
}

func isParameter(e ast.Expr, at map[string]int) bool {
	name, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	_, ok = at[name.Name]
	return ok
}

// parameters are the places of a function's parameters.
func parameters(f *ast.FuncDecl) map[string]int {
	at, n := map[string]int{}, 0
	for _, field := range f.Type.Params.List {
		for _, name := range field.Names {
			at[name.Name] = n
			n++
		}
	}
	return at
}

// nameOf is the name of a function or method that is called.
func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// fieldsOf are the fields that a literal names.
func fieldsOf(literal *ast.CompositeLit) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = pair.Value
			}
		}
	}
	return fields
}
