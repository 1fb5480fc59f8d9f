package assembly

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// knownSchema is the newest major version of the cloud assembly's schema that this
// reader was tested with. Majors are raised for every addition, so a newer one is
// read all the same.
//
// https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
const knownSchema = 54

const manifestFile = "manifest.json"

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

// manifest reads the manifest in a folder of the assembly.
func (l *loader) manifest(dir string, depth int) (manifest, error) {
	var m manifest
	name := path.Join(l.dir, dir, manifestFile)
	raw, err := l.root.ReadFile(path.Join(dir, manifestFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, fmt.Errorf("%s does not exist, so %s is not a cloud assembly: run cdk synth first, or name the directory it writes to", name, path.Join(l.dir, dir))
	}
	if err != nil {
		return m, fmt.Errorf("read %s: %w", name, err)
	}
	version := schema(raw)
	err = json.Unmarshal(raw, &m)
	switch {
	case err != nil && version > knownSchema:
		return m, fmt.Errorf("%s has schema version %d, newer than the %d that extraeye knows: update extraeye: %w", name, version, knownSchema, err)
	case err != nil:
		return m, fmt.Errorf("%s is not the manifest of a cloud assembly, run cdk synth again: %w", name, err)
	case m.Version == "":
		return m, fmt.Errorf("%s is not the manifest of a cloud assembly, it has no version: run cdk synth again", name)
	case version > knownSchema && depth == 0:
		l.notef("%s has schema version %d, newer than the %d that extraeye knows: if something is missing, update extraeye", name, version, knownSchema)
	}
	return m, nil
}

func schema(raw []byte) int {
	var v struct{ Version string }
	_ = json.Unmarshal(raw, &v) // what cannot be read is version 0
	major, _, _ := strings.Cut(v.Version, ".")
	n, _ := strconv.Atoi(major)
	return n
}

// metadata returns an artifact's metadata, from the manifest or the file beside it.
func (l *loader) metadata(dir string, a artifact) metadata {
	m := a.Metadata
	if a.MetadataFile == "" {
		return m
	}
	raw, err := l.root.ReadFile(path.Join(dir, a.MetadataFile))
	if err == nil {
		err = json.Unmarshal(raw, &m)
	}
	if err != nil {
		l.notef("the construct paths of %s cannot be read: %v", a.MetadataFile, err)
	}
	return m
}

// constructPaths returns logical id → construct paths. Templates only carry paths
// when the CDK command line made them.
func (m metadata) constructPaths() map[string][]string {
	out := map[string][]string{}
	for path, id := range m.texts("aws:cdk:logicalId") {
		out[id] = append(out[id], path)
	}
	return out
}

// errors returns the errors that constructs were marked with.
func (m metadata) errors() []error {
	var all []error
	for path, message := range m.texts("aws:cdk:error") {
		all = append(all, fmt.Errorf("%s: %s", path, acknowledgeable.ReplaceAllString(message, "")))
	}
	return all
}

// acknowledgeable is the id that CDK adds to a message so that it can be acknowledged.
var acknowledgeable = regexp.MustCompile(` \(Annotation::[^)]*\)$`)

// texts returns the entries of a type, with the paths of their constructs, in the
// order of the paths.
func (m metadata) texts(kind string) iter.Seq2[string, string] {
	return func(yield func(path, text string) bool) {
		for _, p := range slices.Sorted(maps.Keys(m)) {
			for _, e := range m[p] {
				if text, ok := e.Data.(string); ok && e.Type == kind && !yield(strings.TrimPrefix(p, "/"), text) {
					return
				}
			}
		}
	}
}
