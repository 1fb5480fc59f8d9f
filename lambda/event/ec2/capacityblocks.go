package ec2

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// CapacityBlock is a Capacity Block that ends soon, and its instances with it.
type CapacityBlock struct {
	ReservationID string
	// Ends is when the reservation ends. Its instances are terminated before.
	Ends time.Time

	// Instances are EC2's records of the instances that run in it.
	Instances event.Finding[[]Instance]
}

// decodeCapacityBlock reads "Capacity Block Expiration Warning".
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
func decodeCapacityBlock(e *event.Event, detail event.Fields) event.Subject {
	return &CapacityBlock{
		ReservationID: cmp.Or(detail.Text("capacity-reservation-id"), e.Resource(":capacity-reservation/")),
		Ends:          detail.Time("end-date"),
	}
}

// SkipReason leaves out a block in which no instance of the watch's groups runs. One whose
// instances are not known is reported.
func (b *CapacityBlock) SkipReason(w wire.Watch) string {
	if w.SpotInterruptions == nil || len(w.SpotInterruptions.Groups) == 0 || !b.Instances.Known ||
		slices.ContainsFunc(b.Instances.Value, func(i Instance) bool { return slices.Contains(w.SpotInterruptions.Groups, i.Group) }) {
		return ""
	}
	return "no instance in the Capacity Block is in a group that the watch names"
}

// blockNotice is how long before the first instance of a Capacity Block is terminated EC2
// warns of it.
//
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/capacity-blocks-monitor.html
const blockNotice = 10 * time.Minute

// Describe implements [event.Subject].
func (b *CapacityBlock) Describe(n *notice.Notice, e *event.Event, now time.Time) {
	block := "Capacity Block " + cmp.Or(b.ReservationID, "without an id")
	var begins time.Time
	if !e.Time.IsZero() {
		begins = e.Time.Add(blockNotice)
	}
	from := when(begins, now)
	n.Kind = notice.KindInstance
	n.Severity, n.Status = notice.Warning, notice.Open
	n.Key = e.Key("ec2", "capacity-block", b.ReservationID)
	n.Title = "EC2 terminates " + b.which() + event.Labeled(" from ", clock(begins)) + ": " + block + " ends"
	n.Summary = block + " ends" + event.Labeled(" at ", when(b.Ends, now)) +
		". EC2 begins to terminate its instances" + event.Labeled(" at ", from) + "."
	if b.Instances.Known && len(b.Instances.Value) == 0 {
		n.Severity, n.Status = notice.Info, notice.Marker
		n.Title = block + " ends" + event.Labeled(" at ", clock(b.Ends))
		n.Summary = block + " ends" + event.Labeled(" at ", when(b.Ends, now)) + ". No instance runs in it."
	}

	n.Add("Capacity Block", b.ReservationID, "")
	n.Add("Ends", when(b.Ends, now), "")
	n.Add("Terminated from", from, "")
	n.Add("Instances", b.list(), "")
	n.Add("Warned", notice.Moment(e.Time, now), "")
	var missing event.Gaps
	missing.Add("Instances", b.Instances.Problem)
	missing.AddTo(n)
}

// which names the instances as a title does.
func (b *CapacityBlock) which() string {
	var names []string
	for _, i := range b.Instances.Value {
		name, _ := Names(i.ID, i.Name, "")
		names = append(names, name)
	}
	if len(names) == 0 {
		return "instances"
	}
	return event.FirstOf(names)
}

// list names the instances, a line for each.
func (b *CapacityBlock) list() string {
	var lines []string
	for _, i := range b.Instances.Value {
		_, line := Names(i.ID, i.Name, i.Group)
		lines = append(lines, strings.TrimSpace(line))
	}
	return event.Listed(lines)
}
