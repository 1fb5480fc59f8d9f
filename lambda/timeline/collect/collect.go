// Package collect reads what happened to a service from AWS's own records: one file per record.
//
// Each record becomes the event that EventBridge sent of it, as far as the record says, and the
// event a notice, by what the notifier does it with; so a row says what the notice did.
package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/journal"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// Collector asks AWS.
type Collector struct {
	API *awsapi.Client
	// Account and Region are those that API calls.
	Account, Region string
	// Who asks CloudTrail, too: who deployed, who terminated an instance, and what else somebody
	// changed.
	Who bool
	// Brief reads only when things happened: no instance refreshes, no console, and not where a
	// deployment failed.
	Brief bool
	// Limit is how long each source may take. Zero: a minute.
	Limit time.Duration
	// Done hears of each source that has been read. It may be nil, and is called from several
	// goroutines.
	Done func(source string)

	now func() time.Time // nil: time.Now
}

// source is one of AWS's records of a service.
type source struct {
	// name is what people call it, with how much is asked about: "Auto Scaling (2 groups)".
	name string
	// keeps is how far back AWS has it; zero if that is not known.
	keeps time.Duration
	read  func(context.Context)
}

const day = 24 * time.Hour

// NotWho is what is not asked without [Collector.Who].
const NotWho = "CloudTrail (-who)"

// before is how long before a timeline begins records are read, for what its rows came after.
const before = day

// Collect reads all sources side by side. What cannot be read is a line in the timeline.
func (c *Collector) Collect(ctx context.Context, scope Scope, from, to time.Time) *timeline.Timeline {
	r := c.reader(scope, from, to)
	t := &timeline.Timeline{Service: scope.Service, Account: c.Account, Region: c.Region, From: from, To: to}
	sources := r.sources()
	r.run(ctx, sources)
	if c.Who {
		r.run(ctx, []source{{name: "CloudTrail", keeps: 90 * day, read: r.readTrail}})
	}
	for _, s := range sources {
		t.Asked = append(t.Asked, s.name)
		if oldest := r.now.Add(-s.keeps); s.keeps > 0 && from.Before(oldest) {
			t.NotAsked = append(t.NotAsked, fmt.Sprintf("%s before %s: AWS keeps %d days", s.name, oldest.UTC().Format(time.DateOnly), s.keeps/day))
		}
	}
	if c.Who {
		t.Asked = append(t.Asked, "CloudTrail")
	} else {
		t.NotAsked = append(t.NotAsked, NotWho)
	}
	t.NotAsked = append(t.NotAsked, scope.Unrecorded...)
	t.Rows, t.Failed = r.rows(), r.failed()
	return t
}

// reader reads one timeline. Each source writes fields of its own.
type reader struct {
	*Collector
	scope    Scope
	from, to time.Time
	now      time.Time
	lookups  *evidence.Lookups
	paces    map[string]*pace

	activities   []activity
	whole        bool // there are no other activities
	requests     map[string]event.Finding[autoscaling.Request]
	consoles     map[string]event.Finding[autoscaling.Console]
	refreshes    []refresh
	deployments  []deployment
	services     []serviceRecord
	tasks        []json.RawMessage
	alarms       []alarmChange
	alarmRecords map[string]alarmRecord
	trail        []trailEvent
	lines        []journal.Line

	mu       sync.Mutex
	problems []string
}

func (c *Collector) reader(scope Scope, from, to time.Time) *reader {
	r := &reader{
		Collector: c, scope: scope, from: from, to: to, now: c.clock(),
		lookups: &evidence.Lookups{API: c.API, Log: slog.New(slog.DiscardHandler), Unshared: true},
		paces:   map[string]*pace{},
	}
	for service, every := range paces {
		r.paces[service] = &pace{every: every}
	}
	return r
}

func (c *Collector) clock() time.Time {
	if c.now == nil {
		return time.Now()
	}
	return c.now()
}

// sources are what the service has records in. A new source is a line here and a file of its own.
func (r *reader) sources() []source {
	var all []source
	add := func(n int, name, noun string, keeps time.Duration, read func(context.Context)) {
		if n > 0 {
			all = append(all, source{fmt.Sprintf("%s (%s)", name, notice.Count(n, noun)), keeps, read})
		}
	}
	add(len(r.scope.Groups), "Auto Scaling", "group", 42*day, r.readActivities)
	if !r.Brief {
		add(len(r.scope.Groups), "instance refreshes", "group", 0, r.readRefreshes)
	}
	add(len(r.scope.Applications), "CodeDeploy", "application", 0, r.readDeployments)
	add(len(r.scope.ECSServices), "ECS deployments", "service", 90*day, r.readServiceDeployments)
	add(len(r.scope.ECSServices), "stopped ECS tasks, of the last hour", "service", 0, r.readTasks)
	add(len(r.scope.Alarms), "CloudWatch alarms", "name", 30*day, r.readAlarms)
	add(len(r.scope.Journals), "journal", "log group", 0, r.readJournal)
	return all
}

// run reads sources side by side, each within its time.
func (r *reader) run(ctx context.Context, sources []source) {
	limit := r.Limit
	if limit == 0 {
		limit = time.Minute
	}
	var all sync.WaitGroup
	for _, s := range sources {
		all.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, limit)
			defer cancel()
			s.read(ctx)
			if r.Done != nil {
				r.Done(s.name)
			}
		})
	}
	all.Wait()
}

// problemf notes that something could not be read, or not all of it.
func (r *reader) problemf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problems = append(r.problems, fmt.Sprintf(format, args...))
}

func (r *reader) failed() []string {
	slices.Sort(r.problems)
	return slices.Compact(r.problems)
}

// rows are the rows of all records, each once.
func (r *reader) rows() []timeline.Row {
	rows := slices.Concat(r.activityRows(), r.refreshRows(), r.deploymentRows(), r.serviceRows(), r.alarmRows(), r.trailRows())
	rows = timeline.Merge(timeline.Distinct(rows), timeline.Distinct(r.journalRows()))
	rows = slices.DeleteFunc(rows, func(row timeline.Row) bool {
		return row.Start.After(r.to) || !row.End.IsZero() && row.End.Before(r.from)
	})
	timeline.Sort(rows)
	return rows
}
