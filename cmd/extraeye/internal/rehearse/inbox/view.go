package inbox

import (
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// maxShown is how many deliveries the page shows. A browser takes seconds to open more.
const maxShown = 2000

// Shown returns the deliveries that the page shows: the first ones, and all that failed.
func (p Page) Shown() []*Delivery {
	var shown []*Delivery
	for n, d := range p.Deliveries {
		if n < maxShown || d.failed() {
			shown = append(shown, d)
		}
	}
	return shown
}

// Hidden is the number of deliveries that the page does not show.
func (p Page) Hidden() int { return len(p.Deliveries) - len(p.Shown()) }

// Group is the deliveries of one event.
type Group struct {
	Name, DetailType string
	Deliveries       []*Delivery
}

// Groups returns the deliveries that the page shows by event, in their order.
func (p Page) Groups() []Group {
	var groups []Group
	id := ""
	for _, d := range p.Shown() {
		i := d.Items[0]
		if last := len(groups) - 1; last < 0 || groups[last].Name != i.File || id != i.EventID {
			groups = append(groups, Group{Name: i.File, DetailType: i.DetailType})
		}
		id = i.EventID
		last := &groups[len(groups)-1]
		last.Deliveries = append(last.Deliveries, d)
	}
	return groups
}

// Count is the number of results with an outcome.
type Count struct {
	Outcome result.Outcome
	N       int
}

// Counts counts the results of each outcome that there is.
func (p Page) Counts() []Count {
	n := map[result.Outcome]int{}
	for _, d := range p.Deliveries {
		for _, i := range d.Items {
			n[i.Outcome]++
		}
	}
	var counts []Count
	for _, o := range result.Outcomes {
		if n[o] > 0 {
			counts = append(counts, Count{o, n[o]})
		}
	}
	return counts
}

// initial is the letter of the sender's badge.
func initial(from string) string {
	for _, r := range strings.ToUpper(strings.Trim(from, `" `)) {
		return string(r)
	}
	return "?"
}
