package grouped

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

// counts are how many members there are of each value.
type counts struct {
	label  string
	values []value
}

type value struct {
	text string
	n    int
}

// count counts the members by everything that any of them is counted by, in the members' order.
func count(members []Member) (all []counts) {
	for _, m := range members {
		for _, by := range m.counted.By {
			if by.Value == "" {
				continue
			}
			at := slices.IndexFunc(all, func(c counts) bool { return c.label == by.Label })
			if at < 0 {
				at, all = len(all), append(all, counts{label: by.Label})
			}
			all[at].add(by.Value)
		}
	}
	for _, c := range all {
		slices.SortFunc(c.values, func(a, b value) int { return cmp.Or(cmp.Compare(b.n, a.n), strings.Compare(a.text, b.text)) })
	}
	return all
}

func (c *counts) add(text string) {
	at := slices.IndexFunc(c.values, func(v value) bool { return v.text == text })
	if at < 0 {
		at, c.values = len(c.values), append(c.values, value{text: text})
	}
	c.values[at].n++
}

// each writes each value with its number.
func (c *counts) each() (all []string) {
	for _, v := range c.values {
		all = append(all, fmt.Sprintf("%d %s", v.n, v.text))
	}
	return all
}

// text writes the counts in a sentence: "31 ELB health check and 6 unknown cause".
func (c *counts) text() string { return event.And(c.each()) }

// lines writes them one below the other.
func (c *counts) lines() string { return event.Listed(c.each()) }
