package rehearse

import (
	"errors"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/story"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Report is the outcome of a rehearsal.
type Report struct {
	// Deliveries are what every target got of every event.
	Deliveries []*inbox.Delivery
	// Problems is the number of problems of the input, and Unreadable the number of those
	// that are files of events that cannot be read.
	Problems, Unreadable int
	// Index is the path of the page that shows everything.
	Index string
}

// Items are the results of all deliveries.
func (r Report) Items() []inbox.Item {
	var all []inbox.Item
	for _, d := range r.Deliveries {
		all = append(all, d.Items...)
	}
	return all
}

// Count returns how many results have the outcome.
func (r Report) Count(o result.Outcome) int {
	return len(slices.DeleteFunc(r.Items(), func(i inbox.Item) bool { return i.Outcome != o }))
}

// notices are those of all deliveries, without those of an event that was played twice.
func (r Report) notices() []*notice.Notice {
	var all []*notice.Notice
	for _, d := range r.Deliveries {
		for _, n := range d.Notices {
			if n != nil && !d.IsRepeated {
				all = append(all, n)
			}
		}
	}
	return all
}

// add writes the files of a delivery, and adds it to the report.
func (r *Report) add(d *inbox.Delivery, out string) error {
	r.Deliveries = append(r.Deliveries, d)
	d.Number = len(r.Deliveries)
	return d.Finish(out)
}

// write writes the pages, side by side.
func (r *Report) write(page inbox.Page, out string) (err error) {
	timeline := make(chan error, 1)
	if notices := r.notices(); len(notices) > 0 {
		page.Timeline = story.File
		go func() { timeline <- story.Write(out, page.App, notices) }()
	} else {
		timeline <- nil
	}
	r.Index, err = page.Write(out)
	return errors.Join(<-timeline, err)
}
