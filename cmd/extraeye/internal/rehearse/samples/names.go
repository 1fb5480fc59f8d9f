package samples

import (
	"regexp"
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
	cluster         = "sample-cluster"
	service         = "sample-service"
	alarm           = "sample-alarm"
	hook            = "sample-hook"
	healthService   = "SAMPLESERVICE"
)

// names are what takes the places of stand-ins.
type names map[string]string

// ordinary are the names that are used unless others are asked for.
func ordinary(at Setting) names {
	return names{
		partition:       "arn:" + at.Partition + ":",
		account:         at.Account,
		region:          at.Region,
		group:           "some-service-production",
		application:     "some-service",
		deploymentGroup: "production",
		cluster:         "production",
		service:         "some-service",
		alarm:           "some-service-errors",
		hook:            "warm-up",
		healthService:   "EC2",
	}
}

// standIns finds the stand-ins in a text, and the ids: a rule can ask for one.
var standIns = regexp.MustCompile(strings.Join([]string{
	partition, account, region, group, application, deploymentGroup, cluster, service, alarm, hook, healthService, ids.String(),
}, "|"))

// offers returns the names to dress an event in so that a pattern may match it,
// the likeliest first: what each alternative asks for where the event has a stand-in.
func offers(event any, asked []leaves, nth int) []names {
	var all []names
	for _, alternative := range asked {
		if !alternative.maySuit(event) {
			continue
		}
		var choices [][]names
		most := 1
		for _, l := range alternative {
			if c := l.names(event); len(c) > 0 {
				choices, most = append(choices, c), max(most, len(c))
			}
		}
		for n := range most {
			offer := names{}
			for _, c := range choices {
				for standIn, name := range c[(nth+n)%len(c)] {
					offer[standIn] = name
				}
			}
			all = append(all, offer)
		}
	}
	if n := len(asked); n > 1 && len(all) > 0 { // each event the next alternative
		nth %= len(all)
		all = append(all[nth:len(all):len(all)], all[:nth]...)
	}
	return all
}

// maySuit reports whether the event is of a source and a detail-type that are asked
// for; no name changes these.
func (a leaves) maySuit(event any) bool {
	for _, l := range a {
		if path := strings.Join(l.path, "."); path == "source" || path == "detail-type" {
			found := texts(event, l.path)
			if len(found) != 1 || !l.accepts(found[0]) {
				return false
			}
		}
	}
	return true
}

// names returns what the leaf's values say of the stand-ins at its path: where the
// event has "service:sample-service" and "service:web" is asked for, the service is web.
func (l leaf) names(event any) []names {
	var all []names
	for _, have := range texts(event, l.path) {
		form := formOf(have)
		if form == nil {
			continue
		}
		for _, want := range l.wants {
			for _, example := range examples(want) {
				if n := form.read(example); n != nil {
					all = append(all, n)
					break
				}
			}
		}
	}
	return all
}

// form is a text with stand-ins in it.
type form struct {
	standIns []string
	pattern  *regexp.Regexp // with a group for each
}

func formOf(text string) *form {
	f := &form{}
	expression, rest := "(?s)^", 0
	for _, at := range standIns.FindAllStringIndex(text, -1) {
		found := text[at[0]:at[1]]
		f.standIns = append(f.standIns, found)
		expression += regexp.QuoteMeta(text[rest:at[0]])
		if rest = at[1]; found == partition {
			expression += "(arn:[^:]+:)"
		} else {
			expression += "(.+?)"
		}
	}
	if f.standIns == nil {
		return nil
	}
	f.pattern = regexp.MustCompile(expression + regexp.QuoteMeta(text[rest:]) + "$")
	return f
}

// read returns the names that stand in a value of this form, nil if it has another.
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
	for i, standIn := range f.standIns {
		n[standIn] = match[i+1]
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
