package sinktest_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestEverySinkConforms walks the contract: the tests of each sink in it must run
// the suite.
func TestEverySinkConforms(t *testing.T) {
	for _, field := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		dir := filepath.Join("..", strings.ToLower(field.Name))
		files, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		found := false
		for _, file := range files {
			parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(parsed, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Run" {
						pkg, ok := f.X.(*ast.Ident)
						found = found || ok && pkg.Name == "sinktest"
					}
				}
				return true
			})
		}
		if !found {
			t.Errorf("wire.Sink.%s: no test in lambda/sink/%s calls sinktest.Run", field.Name, strings.ToLower(field.Name))
		}
	}
}
