package collect

import (
	"context"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// logsTarget names the API of CloudWatch Logs and its version.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
const logsTarget = "Logs_20140328"

// pageOfLines is how many lines are read at once. A line has one to three kilobytes, and an answer a
// megabyte at most.
const pageOfLines = 1000

// readJournal reads the lines of the service in the journals. Each stands at the time of its event,
// but for one that came so late that it stands at its own.
func (r *reader) readJournal(ctx context.Context) {
	type page struct {
		Events []struct{ Message string }
		Next   string `json:"nextToken"`
	}
	to := r.to.Add(day)
	if to.After(r.now) {
		to = r.now
	}
	for _, group := range r.scope.Journals {
		in := map[string]any{"logGroupName": group, "startTime": r.from.UnixMilli(), "endTime": to.UnixMilli(), "limit": pageOfLines}
		if pattern := linesOf(r.scope.Service); pattern != "" {
			in["filterPattern"] = pattern
		}
		call := call("logs", "FilterLogEvents")
		foreign := 0
		r.pages(ctx, call, "journal "+group, func(ctx context.Context, token string) (string, error) {
			var out page
			if token != "" {
				in["nextToken"] = token
			}
			if err := r.json(ctx, call, logsTarget, in, &out); err != nil {
				return "", err
			}
			for _, e := range out.Events {
				if !r.readLine(e.Message) {
					foreign++
				}
			}
			return out.Next, nil
		})
		if foreign > 0 {
			r.problemf("journal %s: %s the notifier did not write", group, notice.Count(foreign, "line"))
		}
	}
}

// plainName is a name that a filter pattern can have in quotes as it is.
var plainName = regexp.MustCompile(`^[\w ./:@-]+$`)

// linesOf is a filter pattern for the lines of a service, "" if it cannot be written as one.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
func linesOf(service string) string {
	if !plainName.MatchString(service) {
		return ""
	}
	return `{ $.service = "` + service + `" }`
}

// readLine keeps a line if it is of the service, and reports whether it is one.
func (r *reader) readLine(text string) bool {
	var l journal.Line
	if json.Unmarshal([]byte(text), &l) != nil || l.Time.IsZero() || l.Event == "" {
		return false
	}
	if r.scope.Service == "" || l.Service == r.scope.Service {
		r.mu.Lock()
		r.lines = append(r.lines, l)
		r.mu.Unlock()
	}
	return true
}

// journalRows are a row for each event, whatever the watches and the attempts that have lines of it.
func (r *reader) journalRows() []timeline.Row {
	type one struct {
		event, key string
		kind       notice.Kind
		status     notice.Status
	}
	lines := slices.Clone(r.lines)
	slices.SortStableFunc(lines, func(a, b journal.Line) int { return a.Decided.Compare(b.Decided) })
	var order []one
	best := map[one]journal.Line{}
	for _, l := range lines {
		is := one{l.Event, l.Key, l.Kind, l.Status}
		was, known := best[is]
		if !known {
			order = append(order, is)
		}
		if !known || l.Notified || !was.Notified {
			best[is] = l
		}
	}
	var rows []timeline.Row
	for _, is := range order {
		rows = append(rows, lineRow(best[is]))
	}
	return rows
}

// lineRow is the row of a line.
func lineRow(l journal.Line) timeline.Row {
	n := &notice.Notice{
		ID: l.Event, Time: l.Time.UTC(), Kind: l.Kind.OrUnknown(), Severity: l.Severity, Status: l.Status,
		Title: l.Title, Summary: l.Summary, Facts: l.Facts, Key: l.Key, Release: l.Release,
	}
	if !slices.Contains(wire.AllSeverities(), n.Severity) {
		n.Severity = notice.Info
	}
	if !slices.Contains([]notice.Status{notice.Open, notice.Resolved, notice.Marker}, n.Status) {
		n.Status = notice.Marker
	}
	if !l.Notified {
		n.Add(timeline.NotNotified, l.Why, "")
	}
	if l.Link.URL != "" {
		n.Links = []notice.Link{l.Link}
	}
	return timeline.FromNotice(n, timeline.FromJournal)
}
