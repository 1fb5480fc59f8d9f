package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/owner"
)

// fleet is the table of teams, read when it is first needed: until then, it is not known in which
// account the function runs.
type fleet struct {
	text []byte
	err  error

	once  sync.Once
	table *wire.Table
}

// openFleet reads the table's file. A function that has none serves no fleet.
func openFleet(path string, log *slog.Logger) *fleet {
	text, err := os.ReadFile(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		log.Error("the table of teams cannot be read", "error", err.Error())
	}
	return &fleet{text: text, err: err}
}

// read reads the table for where the function runs.
func (f *fleet) read(ctx context.Context) (*wire.Table, error) {
	f.once.Do(func() {
		if f.err != nil {
			return
		}
		here := wire.Here{Partition: "aws", Region: os.Getenv("AWS_REGION")}
		if own, known := awsapi.Own(ctx); known {
			here = wire.Here{Partition: own.Partition, Region: own.Region, Account: own.AccountID}
		}
		f.table, f.err = wire.ReadTable(f.text, here)
		f.text = nil
	})
	return f.table, f.err
}

// lookUps are the roles for other accounts and Regions, nil if there are none.
func (f *fleet) lookUps(ctx context.Context) *wire.LookUps {
	if f == nil {
		return nil
	}
	table, err := f.read(ctx)
	if err != nil {
		return nil
	}
	return table.LookUps
}

// fleetOrder is what becomes known of whose an event is.
type fleetOrder struct {
	table        *wire.Table
	tag, problem string
	how          string // it was decided
}

// fleetOrder begins to decide whose an event is.
func (h *handler) fleetOrder(ctx context.Context) (*fleetOrder, error) {
	if h.fleet == nil {
		return nil, errors.New("the input is for the teams of a fleet, and the function has no table of them; deploy the stack of the fleet again")
	}
	table, err := h.fleet.read(ctx)
	if err != nil {
		return nil, fmt.Errorf("the input is for the teams of a fleet: %w", err)
	}
	return &fleetOrder{table: table}, nil
}

// askTags asks for the tags of what no table names, while other things are looked up. The
// function that it returns waits for the answers.
func (h *handler) askTags(ctx context.Context, orders []*order) (wait func()) {
	var all sync.WaitGroup
	for _, o := range orders {
		if o.fleet == nil || o.skip != "" || o.fleet.table.TeamTag == "" || owner.Named(o.fleet.table, o.event.Things()) {
			continue
		}
		all.Go(func() {
			err := h.try(func() error {
				o.fleet.tag, o.fleet.problem = h.lookups.Tag(ctx, o.event, o.fleet.table.TeamTag)
				return nil
			})
			if err != nil {
				o.fleet.problem = err.Error()
			}
		})
	}
	return all.Wait
}

// assign decides whose an event is, and notifies that team.
func (h *handler) assign(o *order) {
	q := owner.Question{Account: o.event.Account, Tag: func() (string, string) { return o.fleet.tag, o.fleet.problem }}
	_ = h.try(func() error { q.Things = o.event.Things(); return nil }) // else it is of no team
	if o.event.Drill != nil {
		q.Tag, q.Drill = nil, o.event.Drill.Team // nothing is asked
	}
	to := owner.Decide(o.fleet.table, q)
	for _, sink := range to.Sinks {
		o.sinks = append(o.sinks, h.clients.open(sink))
	}
	o.fleet.how = to.How
	name := cmp.Or(to.Called(), o.watch.Service)
	o.watch.Service = name // of what is asked later
	if o.skip == "" && len(to.Sinks) == 0 {
		o.skip = "it is " + to.How + ", and the fleet has nobody to notify about that"
	}
	if o.notice == nil {
		return
	}
	o.notice.Service = name
	o.notice.Add("Team", to.How, "")
}

// team says whose the event is, if a table decides that.
func (o *order) team() string {
	if o.fleet == nil {
		return ""
	}
	return o.fleet.how
}
