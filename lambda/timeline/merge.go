package timeline

import (
	"slices"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// apart is how far apart AWS's record of something and the event of it may be. The event of a
// termination comes when it is over, which hooks and load balancers delay; an instance has one only.
const (
	apart       = 2 * time.Minute
	terminating = 24 * time.Hour
)

// NotNotified is the label of the fact that says why nobody was notified of what a journal has.
const NotNotified = "Not notified"

// Merge joins AWS's own records with the rows of a journal. What is in both is one row: with the
// times and the id of the record, and with the words and the facts of whichever has more of them,
// as AWS keeps the last words of an instance for an hour only.
func Merge(records, journal []Row) []Row {
	type thing struct {
		kind notice.Kind
		key  string
	}
	byThing := map[thing][]int{}
	all := slices.Clone(records)
	for i, r := range records {
		byThing[thing{r.Kind, r.Key}] = append(byThing[thing{r.Kind, r.Key}], i)
	}
	for _, row := range journal {
		nearest := -1
		for _, i := range byThing[thing{row.Kind, row.Key}] {
			if all[i].covers(&row) && (nearest < 0 || all[i].distance(&row) < all[nearest].distance(&row)) {
				nearest = i
			}
		}
		if nearest < 0 {
			all = append(all, row)
			continue
		}
		all[nearest].enrich(&row)
	}
	return all
}

// distance is how far a row of a journal is from the end of a record.
func (r *Row) distance(row *Row) time.Duration {
	end, over := r.Over()
	if !over {
		end = r.Start
	}
	return row.Start.Sub(end).Abs()
}

// covers reports whether a record is about what a row of a journal about the same thing is.
func (r *Row) covers(row *Row) bool {
	if r.Release != nil && row.Release != nil {
		return r.Release.ID == row.Release.ID
	}
	end, over := r.Over()
	late := apart
	if r.Kind == notice.KindTermination {
		late = terminating
	}
	return !row.Start.Before(r.Start.Add(-apart)) && (!over || !row.Start.After(end.Add(late)))
}

// enrich takes the words of a row of a journal if it is about the same state and has more to say.
func (r *Row) enrich(row *Row) {
	sameState := r.Status == row.Status && (r.Release == nil || row.Release == nil || r.Release.State == row.Release.State)
	switch {
	case !sameState:
		return
	case len(row.Facts) <= len(r.Facts):
		if why := row.fact(NotNotified); why != "" {
			r.Facts = append(slices.Clip(r.Facts), notice.Fact{Label: NotNotified, Value: why})
		}
		return
	}
	r.Title, r.Severity = row.Title, row.Severity
	has := map[string]bool{}
	for _, f := range row.Facts {
		has[f.Label] = true
	}
	facts := slices.Clone(row.Facts)
	for _, f := range r.Facts {
		if !has[f.Label] {
			facts = append(facts, f)
		}
	}
	r.Facts = facts
}
