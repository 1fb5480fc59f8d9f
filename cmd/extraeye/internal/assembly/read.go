package assembly

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strings"
)

// The bounds of an assembly, so that a hostile one cannot keep us busy.
const (
	maxNesting = 20 // stages in stages, stacks in stacks
	maxNotes   = 200
)

// Read reads the cloud assembly in a directory, usually cdk.out.
func Read(dir string, opt Options) (*App, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("cloud assembly %s does not exist: run cdk synth first, or name the directory it writes to", dir)
		}
		return nil, fmt.Errorf("cloud assembly %s: %w", dir, err)
	}
	defer root.Close()

	l := &loader{root: root, dir: dir, opt: opt, used: map[string]bool{}}
	if err := l.assembly(".", 0); err != nil {
		return nil, err
	}
	return l.app()
}

// loader reads templates; all of them, for stacks refer to each other.
type loader struct {
	root    *os.Root
	dir     string
	opt     Options
	stacks  []*template
	exports map[string]export
	notes   []string
	used    map[string]bool // of Options.Resolve
	broken  []error         // nested stacks that cannot be read
	errors  []error         // of constructs
	quiet   bool            // while resolving what no rule depends on
	steps   int
}

// assembly reads the assembly in a folder, and those of the stages in it.
func (l *loader) assembly(dir string, depth int) error {
	m, err := l.manifest(dir, depth)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		if err := l.artifact(dir, id, m.Artifacts[id], depth); err != nil {
			return err
		}
	}
	return nil
}

func (l *loader) artifact(dir, id string, a artifact, depth int) error {
	m := l.metadata(dir, a)
	if l.isShown(id, a.DisplayName, a.Properties.StackName) {
		l.errors = append(l.errors, m.errors()...)
	}
	switch a.Type {
	case "aws:cloudformation:stack":
		return l.stack(dir, id, a, m)
	case "cdk:cloud-assembly":
		if depth == maxNesting {
			return fmt.Errorf("%s: stages are nested more than %d deep", path.Join(l.dir, dir, manifestFile), maxNesting)
		}
		return l.assembly(path.Join(dir, a.Properties.DirectoryName), depth+1)
	}
	return nil
}

// isShown reports whether a stack of these names is to be reported.
func (l *loader) isShown(names ...string) bool {
	return l.opt.Stack == "" || slices.Contains(names, l.opt.Stack)
}

func (l *loader) stack(dir, id string, a artifact, m metadata) error {
	t, err := l.template(path.Join(dir, a.Properties.TemplateFile))
	if err != nil {
		return fmt.Errorf("stack %s: %w", id, err)
	}
	t.Stack = Stack{Name: cmp.Or(a.Properties.StackName, id), ID: id, DisplayName: cmp.Or(a.DisplayName, id)}
	t.Account, t.Region = environment(a.Environment)
	t.Partition, t.suffix = partition(t.Region)
	t.dir, t.paths = dir, m.constructPaths()
	l.stacks = append(l.stacks, t)
	l.nested(t, []string{path.Join(dir, a.Properties.TemplateFile)})
	return nil
}

// environment reads aws://account/region.
func environment(s string) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(s, "aws://"), "/")
	if account == "" || account == "unknown-account" {
		account = UnknownAccount
	}
	if region == "" || region == "unknown-region" {
		region = UnknownRegion
	}
	return account, region
}

// partition returns a region's partition and domain.
func partition(region string) (name, suffix string) {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn", "amazonaws.com.cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov", "amazonaws.com"
	}
	return "aws", "amazonaws.com"
}

// notef records something that the reader of a rehearsal should know, once.
func (l *loader) notef(format string, args ...any) {
	if n := fmt.Sprintf(format, args...); !l.quiet && len(l.notes) < maxNotes && !slices.Contains(l.notes, n) {
		l.notes = append(l.notes, n)
	}
}

// resolved returns the value that the user gave what is left open.
func (l *loader) resolved(key string) (string, bool) {
	v, ok := l.opt.Resolve[key]
	if ok {
		l.used[key] = true
	}
	return v, ok
}

// problems returns what is wrong with the nested stacks, and with the values that
// nothing asked for.
func (l *loader) problems() []error {
	found := l.broken
	for _, key := range slices.Sorted(maps.Keys(l.opt.Resolve)) {
		if !l.used[key] {
			found = append(found, fmt.Errorf("-resolve %s is not used: no rule depends on a resource, attribute, parameter or export of that name; the notes name what is left open", key))
		}
	}
	return found
}
