package ec2

import (
	"cmp"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Instance is EC2's record of an instance. Every field may be empty.
type Instance struct {
	ID       string
	Name     string // its Name tag
	Type     string
	Image    string // the AMI
	Zone     string
	Launched time.Time
	State    string
	// StateReason is why it is in that state, as EC2 says it: "code: message".
	StateReason string
	// StateSince is when a user's request brought it into that state. EC2 does not say it of
	// other reasons.
	StateSince time.Time
	// Group is the Auto Scaling group that it belongs to, "" if none.
	Group string
}

// AddFacts adds everything but the name and the group, which come earlier in a notice. The
// zone is that of the event, if the event names one.
func (i Instance) AddFacts(n *notice.Notice, zone string, now time.Time) {
	n.Add("Zone", cmp.Or(zone, i.Zone), "")
	n.Add("Type", i.Type, "")
	n.Add("Image", i.Image, "")
	n.Add("Launched", notice.Moment(i.Launched, now), "")
	n.Add("EC2 state", i.State, "")
	n.Add("EC2 says", i.StateReason, "")
}

// Names returns how a title and how a sentence name an instance: by its name, and by its id,
// its name and its group. Each argument may be "".
func Names(id, name, group string) (title, sentence string) {
	sentence = cmp.Or(id, "without an id")
	if name != "" {
		sentence += " (" + name + ")"
	}
	return cmp.Or(name, id, "an unnamed instance"), sentence + event.Labeled(" of group ", group)
}
