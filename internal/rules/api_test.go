package rules

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/golden"
)

// TestAPI compares what the packages that users import export with files, so that a
// change of it shows up in review: it belongs into CHANGELOG.md.
func TestAPI(t *testing.T) {
	for _, pkg := range []string{"extraeye", "watch", "sink"} {
		golden.File(t, filepath.Join("testdata/api", pkg+".txt"), exported(t, filepath.Join(root, "constructs", pkg)))
	}
}

// exported writes the exported declarations of a package, without comments, in order.
func exported(t *testing.T, dir string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.FileExports(file)
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if !ofExported(decl) {
					continue
				}
				decl.Body = nil
			case *ast.GenDecl:
				if decl.Tok == token.IMPORT {
					continue
				}
			}
			var text bytes.Buffer
			if err := layout.Fprint(&text, fset, decl); err != nil {
				t.Fatal(err)
			}
			all = append(all, strings.ReplaceAll(text.String(), "\n\n", "\n")+"\n")
		}
	}
	if len(all) < 10 {
		t.Errorf("%s exports %d declarations; are they all read?", dir, len(all))
	}
	slices.Sort(all)
	return strings.Join(all, "\n")
}

var layout = printer.Config{Mode: printer.UseSpaces | printer.TabIndent, Tabwidth: 8}

// ofExported reports whether a function is not a method of an unexported type.
func ofExported(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	name, ok := of.(*ast.Ident)
	return !ok || name.IsExported()
}
