package health

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// categories are the names of the categories.
var categories = map[string]string{
	"issue":               "issue",
	"investigation":       "investigation",
	"scheduledChange":     "scheduled change",
	"accountNotification": "notification",
}

// scopes say which accounts get an event.
var scopes = map[string]string{"PUBLIC": "public", "ACCOUNT_SPECIFIC": "this account"}

// actions say what AWS wants the account to do.
//
// https://docs.aws.amazon.com/health/latest/APIReference/API_Event.html
var actions = map[string]struct{ name, sentence string }{
	"ACTION_REQUIRED":        {"required", "AWS asks you to act."},
	"ACTION_MAY_BE_REQUIRED": {"may be required", "You may have to act."},
	"INFORMATIONAL":          {"none: for information", ""},
}

// over reports whether what the event is about has ended. A public issue has been seen with an
// end and still the status "open".
func (s *Event) over(e *event.Event) bool {
	return s.Status == "closed" || s.Category != "accountNotification" && !s.End.IsZero() && !s.End.After(e.Time)
}

// severity says how bad it is, or that it no longer is once it is over. What opened nothing
// resolves nothing.
func (s *Event) severity(over bool) (notice.Severity, notice.Status) {
	severity, status := s.severityNow()
	if over {
		severity = notice.Info
		if status == notice.Open {
			status = notice.Resolved
		}
	}
	return severity, status
}

// severityNow says how bad it is while it lasts. Abuse and exposed credentials may cost the
// account. The account may not notice a public issue, so one of its own is worse. A notification
// is only that.
func (s *Event) severityNow() (notice.Severity, notice.Status) {
	switch {
	case s.Abuse, s.Risk:
		return notice.Critical, notice.Open
	case s.Category == "issue" && s.Scope != "PUBLIC":
		return notice.Error, notice.Open
	case s.Category == "issue", s.Category == "investigation":
		return notice.Warning, notice.Open
	case s.Category == "accountNotification" && s.Action != "ACTION_REQUIRED":
		return notice.Info, notice.Marker
	default:
		return notice.Warning, notice.Marker
	}
}

// what says the event's code in words: "instance retirement scheduled" for
// AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED.
func (s *Event) what() string {
	code := strings.TrimPrefix(s.Code, "AWS_")
	code = strings.TrimPrefix(code, s.Service+"_")
	return strings.ToLower(strings.Join(strings.FieldsFunc(code, func(r rune) bool { return r == '_' }), " "))
}

// maxQuote is how much of AWS's description the summary has, in characters.
const maxQuote = 200

// quote is the first line of AWS's description that is more than a greeting or a heading.
func (s *Event) quote() string {
	for line := range strings.Lines(s.Description) {
		if len(strings.Fields(line)) > 3 {
			return notice.Cut(strings.TrimSpace(line), maxQuote)
		}
	}
	return notice.Cut(strings.TrimSpace(s.Description), maxQuote)
}

// inEnglish returns the description in American English, else in another English, else the
// first.
func inEnglish(descriptions []event.Fields) string {
	best, rank := "", -1
	for _, d := range descriptions {
		text, language := d.Text("latestDescription"), d.Text("language")
		score := 0
		switch {
		case text == "":
			continue
		case language == "en_US":
			score = 2
		case strings.HasPrefix(language, "en"):
			score = 1
		}
		if score > rank {
			best, rank = text, score
		}
	}
	return best
}

// affected writes resources with their statuses: "i-1234567890abcdef0 (pending)".
func affected(entities []event.Fields) []string {
	var all []string
	for _, entity := range entities {
		value := entity.Text("entityValue")
		if value == "" {
			continue
		}
		if status := entity.Text("status"); status != "" {
			value += " (" + strings.ToLower(status) + ")"
		}
		all = append(all, value)
	}
	return all
}

// resource names what is affected, for the title: one resource without its ARN and its status, or
// how many.
func (s *Event) resource() string {
	const enough = 60
	switch len(s.Affected) {
	case 0:
		return ""
	case 1:
		name, _, _ := strings.Cut(s.Affected[0], " (")
		if parts := strings.SplitN(name, ":", 6); len(parts) == 6 && parts[0] == "arn" {
			name = parts[5]
		}
		if notice.Cut(name, enough) != name {
			return ""
		}
		return name
	default:
		return notice.Count(len(s.Affected), "resource")
	}
}

// exposure says whose credentials are exposed and where they were found, "" if AWS does not say.
func (s *Event) exposure() string {
	whose := event.Labeled("the user is ", event.Quoted(s.Metadata.Text("userName")))
	where := event.Labeled("the credentials were found at ", event.Quoted(s.Metadata.Text("exposedUrl")))
	return event.Joined(" and ", whose, where)
}

// details are what AWS says about the event besides, a line for each.
func (s *Event) details() []string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(s.Metadata)) {
		if value := s.Metadata.Text(key); value != "" && key != "accountId" {
			all = append(all, key+": "+value)
		}
	}
	return all
}

// serviceOf reads the service off the event's ARN, arn:…:event/SERVICE/CODE/ID, or else off its
// code, AWS_SERVICE_….
func serviceOf(arn, code string) string {
	_, path, _ := strings.Cut(arn, ":event/")
	if service, _, found := strings.Cut(path, "/"); found {
		return service
	}
	service, _, _ := strings.Cut(strings.TrimPrefix(code, "AWS_"), "_")
	if service == code {
		return ""
	}
	return service
}

// date is a time as AWS Health writes it.
type date struct {
	time.Time
	written string
}

// healthDate is a date as AWS Health writes it, "Thu, 27 Aug 2026 13:19:03 GMT". The day of the
// week is ignored: it has been seen to be wrong. Spaces around colons have been seen, too.
var healthDate = event.Regexp{Text: `(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{1,2}) ?: ?(\d{2}) ?: ?(\d{2}) (?:GMT|UTC)$`}

// readDate reads a time as AWS Health writes it, or as other services do.
func readDate(f event.Fields, key string) date {
	text := f.Text(key)
	if m := healthDate.Groups(text); m != nil {
		t, _ := time.Parse("2 Jan 2006 15:4:5", fmt.Sprintf("%s %s %s %s:%s:%s", m[1], m[2], m[3], m[4], m[5], m[6]))
		return date{t, text}
	}
	return date{f.Time(key), text}
}

// text writes the time, or what AWS wrote if that cannot be read.
func (d date) text(now time.Time) string { return cmp.Or(notice.Moment(d.Time, now), d.written) }
