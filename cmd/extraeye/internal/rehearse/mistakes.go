package rehearse

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// mistakes returns the errors that an app's constructs were marked with: such a
// stack is synthesized all the same, but the CDK CLI would not deploy it. What
// cannot be read is left to the reader of the assembly.
//
// https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
func mistakes(assembly fs.FS, dir, stack string) []error {
	type entries map[string][]struct {
		Type string
		Data any
	}
	var manifest struct {
		Artifacts map[string]struct {
			Type, DisplayName string
			Metadata          entries
			MetadataFile      string `json:"additionalMetadataFile"`
			Properties        struct{ DirectoryName, StackName string }
		}
	}
	readInto(assembly, path.Join(dir, "manifest.json"), &manifest)
	var found []error
	for _, id := range slices.Sorted(maps.Keys(manifest.Artifacts)) {
		a := manifest.Artifacts[id]
		if nested := a.Properties.DirectoryName; a.Type == "cdk:cloud-assembly" && nested != "" && strings.Count(dir, "/") < 20 {
			found = append(found, mistakes(assembly, path.Join(dir, nested), stack)...)
		}
		if stack != "" && !slices.Contains([]string{id, a.DisplayName, a.Properties.StackName}, stack) {
			continue
		}
		if a.MetadataFile != "" {
			readInto(assembly, path.Join(dir, a.MetadataFile), &a.Metadata)
		}
		for _, construct := range slices.Sorted(maps.Keys(a.Metadata)) {
			for _, e := range a.Metadata[construct] {
				if text, ok := e.Data.(string); ok && e.Type == "aws:cdk:error" {
					found = append(found, fmt.Errorf("%s: %s", strings.TrimPrefix(construct, "/"), annotation.ReplaceAllString(text, "")))
				}
			}
		}
	}
	return found
}

// annotation is what CDK adds for those who want to acknowledge a message.
var annotation = regexp.MustCompile(` \(Annotation::[^)]*\)$`)

func readInto(assembly fs.FS, name string, v any) {
	if raw, err := fs.ReadFile(assembly, name); err == nil {
		json.Unmarshal(raw, v) // what is not of the schema stays empty
	}
}
