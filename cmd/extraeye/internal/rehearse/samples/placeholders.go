package samples

import (
	"regexp"
	"strings"
)

// The placeholders for names in the built-in events.
const (
	partition         = "arn:aws:"
	account           = "123456789012"
	region            = "us-east-1"
	group             = "sample-group"
	application       = "sample-application"
	deploymentGroup   = "sample-deployment-group"
	cluster           = "sample-cluster"
	service           = "sample-service"
	serviceDeployment = "sample-deployment-id"
	alarm             = "sample-alarm"
	hook              = "sample-hook"
	healthService     = "SAMPLESERVICE"
)

// names has the names to put in place of placeholders.
type names map[string]string

// someDeployment is the id of an ECS service deployment.
const someDeployment = "0EYSiB0qap8xf0N76FsbE"

// usualNames are the names that are used unless a rule asks for others.
func usualNames(at Setting) names {
	return names{
		partition:         "arn:" + at.Partition + ":",
		account:           at.Account,
		region:            at.Region,
		group:             "some-service-production",
		application:       "some-service",
		deploymentGroup:   "production",
		cluster:           "production",
		service:           "some-service",
		serviceDeployment: someDeployment,
		alarm:             "some-service-errors",
		hook:              "warm-up",
		healthService:     "EC2",
	}
}

// placeholders finds the placeholders in a text, and the ids: a rule can ask for one.
var placeholders = regexp.MustCompile(strings.Join([]string{
	partition, account, region, group, application, deploymentGroup, cluster, service, serviceDeployment, alarm, hook, healthService, ids.String(),
}, "|"))

// form is a text with placeholders in it.
type form struct {
	placeholders []string
	pattern      *regexp.Regexp // with a group for each
}

// formOf returns nil for a text without placeholders.
func formOf(text string) *form {
	f := &form{}
	expression, rest := "(?s)^", 0
	for _, at := range placeholders.FindAllStringIndex(text, -1) {
		found := text[at[0]:at[1]]
		f.placeholders = append(f.placeholders, found)
		expression += regexp.QuoteMeta(text[rest:at[0]])
		if rest = at[1]; found == partition {
			expression += "(arn:[^:]+:)"
		} else {
			expression += "(.+?)"
		}
	}
	if f.placeholders == nil {
		return nil
	}
	f.pattern = regexp.MustCompile(expression + regexp.QuoteMeta(text[rest:]) + "$")
	return f
}

// read returns the names in a value of this form, nil if it has another.
func (f *form) read(value any) names {
	text, ok := value.(string)
	if !ok {
		return nil
	}
	match := f.pattern.FindStringSubmatch(text)
	if match == nil {
		return nil
	}
	n := names{}
	for i, placeholder := range f.placeholders {
		n[placeholder] = match[i+1]
	}
	return n
}

// texts returns the strings at a path of an event, those of arrays too.
func texts(v any, path []string) []string {
	switch v := v.(type) {
	case map[string]any:
		if len(path) > 0 {
			return texts(v[path[0]], path[1:])
		}
	case []any:
		var all []string
		for _, item := range v {
			all = append(all, texts(item, path)...)
		}
		return all
	case string:
		if len(path) == 0 {
			return []string{v}
		}
	}
	return nil
}
