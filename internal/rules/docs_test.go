package rules

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

var (
	codeBlock = regexp.MustCompile("(?ms)^```.*?^```$")
	codeSpan  = regexp.MustCompile("`[^`\n]*`")
	link      = regexp.MustCompile(`\]\(([^)\s]+)\)|\b(?:src|href)="([^"]+)"`)
	heading   = regexp.MustCompile(`(?m)^#{1,6} (.+)$`)
)

// TestLinks checks that each link from a page to a file or a heading of the repository leads
// there. Links to the repository's own address count, those to others do not.
func TestLinks(t *testing.T) {
	const own = "https://github.com/extraeye/extraeye/blob/main/"
	links := 0
	for _, page := range pages(t) {
		text := codeBlock.ReplaceAllString(read(t, page), "")
		for _, found := range link.FindAllStringSubmatch(codeSpan.ReplaceAllString(text, ""), -1) {
			target := found[1] + found[2]
			if rest, ok := strings.CutPrefix(target, own); ok {
				target = "/" + rest
			}
			if strings.Contains(target, ":") {
				continue
			}
			links++
			file, anchor, hasAnchor := strings.Cut(target, "#")
			switch {
			case file == "":
				file = page
			case strings.HasPrefix(file, "/"):
				file = file[1:]
			default:
				file = path.Join(path.Dir(page), file)
			}
			if _, err := os.Stat(filepath.Join(root, file)); err != nil {
				t.Errorf("%s: %s is not there", page, target)
			} else if hasAnchor && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s: %s has no heading #%s", page, file, anchor)
			}
		}
	}
	if links < 30 {
		t.Errorf("found %d links; are they read?", links)
	}
}

// pages are all pages of Markdown.
func pages(t *testing.T) (all []string) {
	t.Helper()
	walk(t, func(file string) {
		rel, err := filepath.Rel(root, file)
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(file) == ".md" {
			all = append(all, filepath.ToSlash(rel))
		}
	})
	return all
}

// anchors are those that GitHub gives the headings of a page.
//
// https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links
func anchors(text string) (all []string) {
	for _, found := range heading.FindAllStringSubmatch(codeBlock.ReplaceAllString(text, ""), -1) {
		anchor := strings.Map(func(r rune) rune {
			switch {
			case r == ' ':
				return '-'
			case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
				return unicode.ToLower(r)
			}
			return -1
		}, found[1])
		same, name := 0, anchor
		for slices.Contains(all, name) {
			same++
			name = anchor + "-" + strconv.Itoa(same)
		}
		all = append(all, name)
	}
	return all
}

// TestErrorsPage checks that docs/errors.md explains each code that there is, in their order, and
// no other. That each is provoked is checked where the constructs are.
func TestErrorsPage(t *testing.T) {
	const file = "constructs/internal/binding/problem.go"
	parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, file), nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	constants, listed := map[string]bool{}, map[string]bool{}
	ast.Inspect(parsed, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ValueSpec:
			if kind, ok := n.Type.(*ast.Ident); ok && kind.Name == "Code" {
				constants[n.Names[0].Name] = true
				code, err := strconv.Unquote(n.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				codes = append(codes, code)
			}
		case *ast.FuncDecl:
			if n.Name.Name == "Codes" {
				ast.Inspect(n.Body, func(n ast.Node) bool {
					if name, ok := n.(*ast.Ident); ok && name.Name != "Code" {
						listed[name.Name] = true
					}
					return true
				})
			}
		}
		return true
	})
	for name := range constants {
		if !listed[name] {
			t.Errorf("%s: Codes does not return %s", file, name)
		}
	}
	var explained []string
	for _, found := range regexp.MustCompile(`(?m)^## ([EW]\d+)$`).FindAllStringSubmatch(read(t, "docs/errors.md"), -1) {
		explained = append(explained, found[1])
	}
	if len(codes) < 20 || !slices.Equal(explained, codes) {
		t.Errorf("docs/errors.md explains %v, the codes are %v", explained, codes)
	}
}
