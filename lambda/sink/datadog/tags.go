package datadog

import (
	"slices"
	"strings"
	"unicode"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxTag bounds a tag, in characters.
	//
	// https://docs.datadoghq.com/getting_started/tagging/#define-tags
	maxTag = 200
	// maxTags bounds their number. Version 1 documents no limit; this is that of version 2.
	//
	// https://docs.datadoghq.com/api/latest/events/post-an-event
	maxTags = 100
)

// tags are what the notice is known by, and then the sink's own.
func tags(n *notice.Notice, cfg wire.Datadog) []string {
	version := ""
	if n.Release != nil {
		version = n.Release.Version
	}
	var all []string
	for _, t := range [][2]string{
		{"source", "extraeye"}, {"service", n.Service}, {"kind", string(n.Kind)}, {"severity", string(n.Severity)},
		{"region", n.Region}, {"account", n.Account}, {"version", version}, {"event", n.ID},
	} {
		if value := notice.Line(t[1]); value != "" {
			all = append(all, tag(t[0]+":"+value))
		}
	}
	for _, t := range cfg.Tags {
		if t = tag(t); t != "" && !slices.Contains(all, t) {
			all = append(all, t)
		}
	}
	return all[:min(len(all), maxTags)]
}

// tag writes s with as many characters as a tag may have, and of the kinds that it
// may have, as Datadog itself does with all but commas.
//
// https://docs.datadoghq.com/getting_started/tagging/#define-tags
func tag(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("_-:./", r) {
			return unicode.ToLower(r)
		}
		return '_'
	}, notice.Cut(notice.Line(s), maxTag)), "_")
}
