package timeline

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Summary says in one line what happened: what was released, what died and after which
// release, how long alarms were in alarm, and how long it took to recover.
func Summary(t *Timeline) string {
	s := summary{service: notice.Line(t.Service)}
	for i := range t.Rows {
		s.add(&t.Rows[i])
	}
	s.sort()
	text := notice.Dotted(s.releasesText(), s.deathsText(), s.alarmsText(), s.recoveryText())
	switch {
	case text != "":
		return text
	case len(t.Rows) > 0:
		return "No release, no death and no alarm"
	case len(t.Failed) > 0:
		return "Nothing was found, but not everything could be asked"
	}
	return "Nothing happened"
}

// summary is what a timeline is summed up from.
type summary struct {
	service                  string
	releases, deaths, alarms []*Row // in the order of their start
	delivered                []*Row // those of the releases that are over and succeeded, in the order of their end
}

func (s *summary) add(r *Row) {
	switch {
	case r.IsDeath():
		s.deaths = append(s.deaths, r)
	case r.IsAlarm():
		s.alarms = append(s.alarms, r)
	case r.Release != nil:
		s.releases = append(s.releases, r)
		if _, over := r.Over(); over && r.IsDelivered() {
			s.delivered = append(s.delivered, r)
		}
	}
}

func (s *summary) sort() {
	for _, rows := range [][]*Row{s.releases, s.deaths, s.alarms} {
		slices.SortStableFunc(rows, func(a, b *Row) int { return a.Start.Compare(b.Start) })
	}
	slices.SortStableFunc(s.delivered, func(a, b *Row) int { return ended(a).Compare(ended(b)) })
}

// releasesText counts releases and rollbacks, each once however many rows it has.
func (s *summary) releasesText() string {
	var parts []string
	for _, rollback := range []bool{false, true} {
		unsuccessful := map[string]bool{}
		for _, r := range s.releases {
			if r.Release.Rollback == rollback {
				id := cmp.Or(r.Release.ID, r.Key+r.Start.String())
				unsuccessful[id] = unsuccessful[id] || r.Release.State == wire.DeploymentFailed || r.Release.State == wire.DeploymentStopped
			}
		}
		noun, failed := "release", 0
		if rollback {
			noun = "rollback"
		}
		for _, is := range unsuccessful {
			if is {
				failed++
			}
		}
		text := notice.Count(len(unsuccessful), noun)
		if failed > 0 {
			text += fmt.Sprintf(" (%d unsuccessful)", failed)
		}
		if len(unsuccessful) > 0 {
			parts = append(parts, text)
		}
	}
	return strings.Join(parts, " and ")
}

// deathsText counts deaths, and says what they have in common.
func (s *summary) deathsText() string {
	if len(s.deaths) == 0 {
		return ""
	}
	instances, tasks := 0, 0
	var causes, releases []string
	for _, r := range s.deaths {
		if r.Kind == notice.KindTask {
			tasks++
		} else {
			instances++
		}
		causes, releases = append(causes, r.cause()), append(releases, s.before(r.Start))
	}
	var parts []string
	if instances > 0 {
		parts = append(parts, notice.Count(instances, "instance")+" killed")
	}
	if tasks > 0 {
		parts = append(parts, notice.Count(tasks, "task")+" stopped")
	}
	text := strings.Join(parts, " and ")
	if cause, n := mostCommon(causes); cause != "" {
		text += ", " + share(n, len(s.deaths)) + cause
	}
	if release, n := mostCommon(releases); release != "" {
		text += ", " + share(n, len(s.deaths)) + "after " + release
	}
	return text
}

// before is the version that was delivered last before a time.
func (s *summary) before(t time.Time) (version string) {
	after, _ := slices.BinarySearchFunc(s.delivered, t, func(r *Row, t time.Time) int {
		if ended(r).After(t) {
			return 1
		}
		return -1
	})
	if after == 0 {
		return ""
	}
	r := s.delivered[after-1].Release
	return cmp.Or(notice.Line(r.Version), notice.Line(r.Commit), notice.Line(r.ID))
}

// ended is when a row that is over ended.
func ended(r *Row) time.Time {
	end, _ := r.Over()
	return end
}

// mostCommon is what more than half of the texts are, and how many; "" if there is none.
func mostCommon(texts []string) (text string, n int) {
	counts := map[string]int{}
	for _, t := range texts {
		if counts[t]++; 2*counts[t] > len(texts) {
			text, n = t, counts[t]
		}
	}
	return text, n
}

// share says how many of all, before what they are.
func share(n, all int) string {
	switch {
	case all == 1:
		return ""
	case n == all:
		return "all "
	}
	return fmt.Sprintf("%d of them ", n)
}

// alarmsText names the alarm, or counts them, and says for how long.
func (s *summary) alarmsText() string {
	lasted, names := map[string]time.Duration{}, []string{}
	on := ""
	for _, r := range s.alarms {
		name := s.alarmName(r)
		if _, known := lasted[name]; !known {
			names = append(names, name)
		}
		end, over := r.Over()
		if !over {
			on = name
			end = r.Start
		}
		lasted[name] += end.Sub(r.Start)
	}
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1 && on != "":
		return names[0] + " still in alarm"
	case len(names) == 1:
		return names[0] + " in alarm" + forTime(lasted[names[0]])
	}
	text := notice.Count(len(names), "alarm")
	if on != "" {
		return text + ", " + on + " still in alarm"
	}
	longest := slices.MaxFunc(names, func(a, b string) int { return cmp.Compare(lasted[a], lasted[b]) })
	return text + ", the longest " + longest + forTime(lasted[longest])
}

func forTime(d time.Duration) string {
	if d < time.Second {
		return ""
	}
	return " for " + notice.Duration(d)
}

// alarmName is the name of an alarm, without that of the service.
func (s *summary) alarmName(r *Row) string {
	name := cmp.Or(r.fact("Alarm"), notice.Line(r.Title), "an alarm")
	if rest, ok := strings.CutPrefix(name, s.service+"-"); ok && rest != "" {
		name = rest
	}
	return notice.Cut(name, 60)
}

// soon is how long after the last death an alarm may begin that belongs to it.
const soon = 15 * time.Minute

// recoveryText says how long after the first death everything was well again: the alarms at the
// time of the deaths are over or, without one, a rollback came after the last death.
func (s *summary) recoveryText() string {
	if len(s.deaths) == 0 {
		return ""
	}
	first, last := s.deaths[0].Start, s.deaths[len(s.deaths)-1].Start
	var well time.Time
	for _, r := range s.alarms {
		end, over := r.Over()
		if !over {
			return ""
		}
		if end.After(last) && end.After(well) && r.Start.Before(last.Add(soon)) {
			well = end
		}
	}
	for _, r := range s.delivered {
		if well.IsZero() && r.Release.Rollback && ended(r).After(last) {
			well = ended(r)
		}
	}
	if well.IsZero() || first.IsZero() {
		return ""
	}
	return "recovered " + notice.Duration(well.Sub(first)) + " after the first death"
}
