package event

import (
	"encoding/json"
	"fmt"
	"strings"
)

// maxListed is how many of a list are told.
const maxListed = 20

// listed writes a list, a line for each, and how many there are more.
func listed(all []string) string {
	if more := len(all) - maxListed; more > 0 {
		all = append(all[:maxListed:maxListed], fmt.Sprintf("and %d more", more))
	}
	return strings.Join(all, "\n")
}

// first names the first of a list and how many there are more; the list is not empty.
func first(all []string) string {
	if len(all) == 1 {
		return all[0]
	}
	return fmt.Sprintf("%s and %d more", all[0], len(all)-1)
}

// objects returns the elements of an array that are objects.
func (f fields) objects(key string) []fields {
	var elements []json.RawMessage
	if json.Unmarshal(f[key], &elements) != nil {
		return nil
	}
	var all []fields
	for _, e := range elements {
		if o, ok := object(e); ok {
			all = append(all, o)
		}
	}
	return all
}
