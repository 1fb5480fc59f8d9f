package event

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// unwanted says why a watch does not want an event that its rule matches for another watch,
// "" if it may. An event without one of the fields is not left out: no rule would have matched
// it, so that somebody sends it by hand.
func unwanted(f Fields, only map[string][]string) string {
	for _, path := range slices.Sorted(maps.Keys(only)) {
		values := f.texts(path)
		wanted := func(value string) bool { return slices.Contains(only[path], value) }
		if len(values) > 0 && !slices.ContainsFunc(values, wanted) {
			return fmt.Sprintf("%s is %s, which this watch does not report", path, strings.Join(values, ", "))
		}
	}
	return ""
}

// texts returns the text at a path, or the texts in an array there.
func (f Fields) texts(path string) []string {
	steps, err := wire.ParsePath(path)
	if err != nil {
		return nil
	}
	value, _ := f.At(steps)
	return Fields{"": value}.Texts("")
}
