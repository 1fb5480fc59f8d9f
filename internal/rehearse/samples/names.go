package samples

import (
	"encoding/json"
	"fmt"
	"strings"
)

// The stand-ins for names in the built-in events.
const (
	partition       = "arn:aws:"
	account         = "123456789012"
	region          = "us-east-1"
	group           = "sample-group"
	application     = "sample-application"
	deploymentGroup = "sample-deployment-group"
)

var standIns = []string{partition, account, region, group, application, deploymentGroup}

// names are the names that a pattern asks for, by their stand-ins.
type names map[string][]string

// fields says where a pattern asks for which name.
var fields = map[string]string{
	"account":                     account,
	"region":                      region,
	"detail.AutoScalingGroupName": group,
	"detail.application":          application,
	"detail.deploymentGroup":      deploymentGroup,
}

func readNames(eventPattern json.RawMessage) (names, error) {
	var root any
	if err := json.Unmarshal(eventPattern, &root); err != nil {
		return nil, fmt.Errorf("read the event pattern: %w", err)
	}
	n := names{}
	n.collect("", root)
	return n, nil
}

func (n names) collect(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			switch {
			case name == "$or":
				n.alternatives(path, member)
			case path == "":
				n.collect(name, member)
			default:
				n.collect(path+"."+name, member)
			}
		}
	case []any:
		standIn, ok := fields[path]
		if !ok {
			return
		}
		for _, want := range v {
			if name := example(want); name != "" {
				n[standIn] = append(n[standIn], name)
			}
		}
	}
}

func (n names) alternatives(path string, v any) {
	list, _ := v.([]any)
	for _, alternative := range list {
		n.collect(path, alternative)
	}
}

// example returns a name that fits one element of a pattern's array, or "".
func example(want any) string {
	switch want := want.(type) {
	case string:
		return want
	case map[string]any:
		if prefix, ok := want["prefix"].(string); ok {
			return prefix + "production"
		}
		if suffix, ok := want["suffix"].(string); ok {
			return "some" + suffix
		}
		if wildcard, ok := want["wildcard"].(string); ok {
			return strings.ReplaceAll(wildcard, "*", "production")
		}
		name, _ := want["equals-ignore-case"].(string)
		return name
	}
	return ""
}

// pick chooses the names of the i-th sample: each sample the next one, so that
// many names are seen.
func (n names) pick(i int, at Setting) map[string]string {
	picked := map[string]string{
		partition:       "arn:" + at.Partition + ":",
		account:         at.Account,
		region:          at.Region,
		group:           "some-service-production",
		application:     "some-service",
		deploymentGroup: "production",
	}
	for standIn, list := range n {
		picked[standIn] = list[i%len(list)]
	}
	return picked
}
