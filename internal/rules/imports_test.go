package rules

import (
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/extraeye/extraeye"

// TestImports holds the packages to the two tables in docs/architecture.md: what a
// folder may import, and the floors below lambda/.
func TestImports(t *testing.T) {
	folders, floors := importTables(t)
	used := map[string]bool{}
	for pkg, imports := range packages(t) {
		folder, inside, _ := strings.Cut(pkg, "/")
		may, ok := folders[folder]
		if !ok {
			t.Errorf("%s: docs/architecture.md does not say what %s may import", pkg, folder)
		}
		floor := 0
		if folder == "lambda" {
			floor = floorOf(floors, inside, used)
			if floor == 0 {
				t.Errorf("%s: docs/architecture.md does not say on which floor it is", pkg)
			}
		}
		for _, imported := range imports {
			to, below, _ := strings.Cut(imported, "/")
			if !slices.Contains(may, to) {
				t.Errorf("%s imports %s, and %s may import %q only", pkg, imported, folder, may)
			}
			if folder == "lambda" && to == "lambda" && floorOf(floors, below, used) >= floor {
				t.Errorf("%s imports %s, which is not on a floor below it", pkg, imported)
			}
		}
	}
	for name := range floors {
		if !used[name] {
			t.Errorf("docs/architecture.md names lambda/%s, which does not exist", name)
		}
	}
}

// floorOf returns the floor of a package below lambda/, or 0 if the page has none.
func floorOf(floors map[string]int, name string, used map[string]bool) int {
	for _, known := range []string{name, filepath.Dir(name) + "/*"} {
		if floor, ok := floors[known]; ok {
			used[known] = true
			return floor
		}
	}
	return 0
}

// packages returns our packages by their path in the module, with what they import of
// each other. Tests and their fixtures are left out.
func packages(t *testing.T) map[string][]string {
	t.Helper()
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, root+"/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]string{}
	for line := range strings.Lines(string(out)) {
		var own []string
		for path := range strings.FieldsSeq(line) {
			if name, ok := strings.CutPrefix(path, module+"/"); ok {
				own = append(own, name)
			}
		}
		all[own[0]] = own[1:]
	}
	if len(all) < 20 {
		t.Fatalf("found %d packages; are they all looked at?", len(all))
	}
	return all
}

var quotedName = regexp.MustCompile("`([^`]+)`")

// importTables reads the tables in docs/architecture.md.
func importTables(t *testing.T) (folders map[string][]string, floors map[string]int) {
	t.Helper()
	_, section, _ := strings.Cut(read(t, "docs/architecture.md"), "\n## What may import what\n")
	section, _, _ = strings.Cut(section, "\n## ")
	folders, floors = map[string][]string{}, map[string]int{}
	floor := 0
	for line := range strings.Lines(section) {
		var names []string
		for _, found := range quotedName.FindAllStringSubmatch(line, -1) {
			names = append(names, found[1])
		}
		switch {
		case strings.HasPrefix(line, "| `"):
			folders[names[0]] = names[1:]
		case strings.HasPrefix(line, "| ") && len(names) > 0:
			floor++
			for _, name := range names {
				floors[name] = floor
			}
		}
	}
	if len(folders) < 5 || floor < 5 {
		t.Fatalf("docs/architecture.md has %d folders and %d floors; are the tables read?", len(folders), floor)
	}
	return folders, floors
}
