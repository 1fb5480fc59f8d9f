package event

import (
	"regexp"
	"strings"
	"sync"
)

// Regexp is a regular expression that is compiled when it is first used. The notifier starts
// anew for many events, and most of them need none.
type Regexp struct {
	// Text is the regular expression. It must compile.
	Text string

	once     sync.Once
	compiled *regexp.Regexp
}

func (r *Regexp) compile() *regexp.Regexp {
	r.once.Do(func() { r.compiled = regexp.MustCompile(r.Text) })
	return r.compiled
}

// Groups returns the first match and its groups, nil if there is none.
func (r *Regexp) Groups(text string) []string { return r.compile().FindStringSubmatch(text) }

// All returns all matches with their groups.
func (r *Regexp) All(text string) [][]string { return r.compile().FindAllStringSubmatch(text, -1) }

// Group returns a group of the first match without spaces around it, "" if there is none.
func (r *Regexp) Group(text string, i int) string {
	if m := r.Groups(text); m != nil {
		return strings.TrimSpace(m[i])
	}
	return ""
}
