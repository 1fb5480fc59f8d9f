package page

import "time"

// clock writes times in the readers' zone.
type clock struct {
	zone   *time.Location
	utc    bool   // the zone is UTC, for all that is shown
	format string // of a time within the span
	days   bool   // the span has several days
}

func newClock(zone *time.Location, s span) clock {
	c := clock{zone: zone, format: "15:04"}
	if s.to.Sub(s.from) < 20*time.Minute {
		c.format = "15:04:05"
	}
	from, to := s.from.In(zone), s.to.In(zone)
	c.days = from.Format(time.DateOnly) != to.Format(time.DateOnly)
	_, first := from.Zone()
	_, last := to.Zone()
	c.utc = first == 0 && last == 0
	return c
}

// at is a time of a day.
func (c clock) at(t time.Time) string { return t.In(c.zone).Format(c.format) }

// moment is a time, with its day if the span has several.
func (c clock) moment(t time.Time) string {
	if !c.days {
		return c.at(t)
	}
	return t.In(c.zone).Format("2 Jan ") + c.at(t)
}

// between is a time, or when something began and ended.
func (c clock) between(from, to time.Time) (begin, end string) {
	begin, end = c.at(from), c.at(to)
	if c.day(from) != c.day(to) {
		end = to.In(c.zone).Format("2 Jan ") + end
	}
	return begin, end
}

func (c clock) day(t time.Time) string { return t.In(c.zone).Format("Mon 2 Jan 2006") }

// span says of when the page is, in the readers' zone and in UTC.
func (c clock) span(s span) string {
	if s.from.IsZero() {
		return ""
	}
	text := within(s, c.zone, "")
	if c.utc {
		return text
	}
	return text + " (" + within(s, time.UTC, c.day(s.from)) + ")"
}

// within says a span in a zone, without its day if that is known.
func within(s span, zone *time.Location, known string) string {
	from, to := s.from.In(zone), s.to.In(zone)
	const day = "Mon 2 Jan 2006"
	begin, end := from.Format(day+", 15:04"), to.Format("15:04 MST")
	if from.Format(day) == known && to.Format(day) == known {
		begin = from.Format("15:04")
	}
	if from.Format(day) != to.Format(day) {
		end = to.Format(day + ", 15:04 MST")
		return begin + " – " + end
	}
	return begin + "–" + end
}

// steps are the distances that ticks may have.
var steps = []time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute,
	30 * time.Minute, time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 2 * 24 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 28 * 24 * time.Hour, 91 * 24 * time.Hour, 364 * 24 * time.Hour,
}

// tick is a time at the axis.
type tick struct {
	at   float64
	text string // may be empty
}

// ticks returns at most most ticks, at round times of the readers' zone. There are none for
// a span of many years.
func (c clock) ticks(s span, most int) []tick {
	for _, step := range steps {
		if seconds(s.from, s.to) <= step.Seconds()*float64(most) {
			return c.every(step, s)
		}
	}
	return nil
}

// every returns the ticks at the multiples of a step since midnight. Clocks may be changed
// in between.
func (c clock) every(step time.Duration, s span) []tick {
	var all []tick
	year, month, day := s.from.In(c.zone).Date()
	for n, before := 0, (time.Time{}); ; n++ {
		t := time.Date(year, month, day, 0, 0, n*int(step/time.Second), 0, c.zone)
		if t.After(s.to) {
			return all
		}
		if t.Before(s.from) || !t.After(before) {
			continue
		}
		before = t
		text := t.In(c.zone).Format("15:04")
		switch {
		case step < time.Minute:
			text = t.In(c.zone).Format("15:04:05")
		case step >= 24*time.Hour || text == "00:00":
			text = t.In(c.zone).Format("2 Jan")
		}
		all = append(all, tick{s.at(t), text})
	}
}
