package samples

import (
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// tagsOf are the paths of tags in events, whose keys are the user's own.
var tagsOf = []string{"detail.alarmTags."}

// withTags returns an event with the tags that a rule asks for. The next turn takes the
// next value of each.
func withTags(raw []byte, event any, asked []alternative, turn int) ([]byte, any) {
	tagged, found := event, false
	for _, a := range asked {
		if a.mayFit(event) {
			for _, c := range a {
				if c.isTag() {
					tagged, found = grow(tagged, c.steps(), c.tag(turn)), true
				}
			}
		}
	}
	if !found {
		return raw, event
	}
	grown, err := plainjson.Marshal(tagged)
	if err != nil {
		panic(err) // it was read from JSON
	}
	return grown, tagged
}

func (c condition) isTag() bool {
	path := strings.Join(c.path, ".")
	return slices.ContainsFunc(tagsOf, func(prefix string) bool { return strings.HasPrefix(path, prefix) })
}

// tag returns a value of a tag: what is asked for or, if anything is, some text.
func (c condition) tag(turn int) any {
	want := c.wants[turn%len(c.wants)]
	if values := examples(want); len(values) > 0 {
		return values[0]
	}
	return "some " + c.path[len(c.path)-1]
}
