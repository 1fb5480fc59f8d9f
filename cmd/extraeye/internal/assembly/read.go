package assembly

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
)

// knownSchema is the newest major version of the cloud assembly's schema that this
// reader was tried with. Majors are raised for every addition, so a newer one is
// read all the same.
//
// https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
const knownSchema = 54

// The bounds of an assembly, so that a hostile one ends.
const (
	maxNesting = 20 // stages in stages, stacks in stacks
	maxNotes   = 200
)

// manifest is the part of manifest.json that matters here.
type manifest struct {
	Version   string
	Artifacts map[string]artifact
}

type artifact struct {
	Type        string
	Environment string
	DisplayName string
	Metadata    metadata
	// MetadataFile holds the metadata in newer assemblies.
	MetadataFile string `json:"additionalMetadataFile"`
	Properties   struct {
		TemplateFile  string
		StackName     string
		DirectoryName string
		File          string
	}
}

// metadata is keyed by construct path.
type metadata map[string][]struct {
	Type string
	Data any
}

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
	quiet   bool            // while resolving what no rule depends on
	steps   int
}

func (l *loader) assembly(dir string, depth int) error {
	name := path.Join(l.dir, dir, "manifest.json")
	raw, err := l.root.ReadFile(path.Join(dir, "manifest.json"))
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s does not exist, so %s is no cloud assembly: run cdk synth first, or name the directory it writes to", name, path.Join(l.dir, dir))
		}
		return fmt.Errorf("read %s: %w", name, err)
	}
	var m manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		if schema(raw) > knownSchema {
			return fmt.Errorf("%s has schema version %d, newer than the %d that extraeye knows: update extraeye: %w", name, schema(raw), knownSchema, err)
		}
		return fmt.Errorf("%s is not the manifest of a cloud assembly, run cdk synth again: %w", name, err)
	}
	if m.Version == "" {
		return fmt.Errorf("%s is not the manifest of a cloud assembly, it has no version: run cdk synth again", name)
	}
	if v := schema(raw); v > knownSchema && depth == 0 {
		l.note("%s has schema version %d, newer than the %d that extraeye knows: if something is missing, update extraeye", name, v, knownSchema)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		a := m.Artifacts[id]
		var err error
		switch a.Type {
		case "aws:cloudformation:stack":
			err = l.stack(dir, id, a)
		case "cdk:cloud-assembly":
			if depth == maxNesting {
				return fmt.Errorf("%s: stages are nested more than %d deep", name, maxNesting)
			}
			err = l.assembly(path.Join(dir, a.Properties.DirectoryName), depth+1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func schema(raw []byte) int {
	var v struct{ Version string }
	json.Unmarshal(raw, &v) // what cannot be read is version 0
	major, _, _ := strings.Cut(v.Version, ".")
	n, _ := strconv.Atoi(major)
	return n
}

func (l *loader) stack(dir, id string, a artifact) error {
	t, err := l.template(path.Join(dir, a.Properties.TemplateFile))
	if err != nil {
		return fmt.Errorf("stack %s: %w", id, err)
	}
	t.Stack = Stack{Name: orElse(a.Properties.StackName, id), ID: id, DisplayName: orElse(a.DisplayName, id)}
	t.Account, t.Region = environment(a.Environment)
	t.Partition, t.suffix = partition(t.Region)
	t.dir, t.paths = dir, l.constructPaths(dir, a)
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

// constructPaths returns logical id → construct paths, from the manifest or the
// file beside it. Templates only carry paths when the CDK command line made them.
func (l *loader) constructPaths(dir string, a artifact) map[string][]string {
	m := a.Metadata
	if a.MetadataFile != "" {
		raw, err := l.root.ReadFile(path.Join(dir, a.MetadataFile))
		if err == nil {
			err = json.Unmarshal(raw, &m)
		}
		if err != nil {
			l.note("the construct paths of %s cannot be read: %v", a.MetadataFile, err)
		}
	}
	out := map[string][]string{}
	for _, p := range slices.Sorted(maps.Keys(m)) {
		for _, e := range m[p] {
			if id, ok := e.Data.(string); ok && e.Type == "aws:cdk:logicalId" {
				out[id] = append(out[id], strings.TrimPrefix(p, "/"))
			}
		}
	}
	return out
}

// note records something that the reader of a rehearsal should know, once.
func (l *loader) note(format string, args ...any) {
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

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}
