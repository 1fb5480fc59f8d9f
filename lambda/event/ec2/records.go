package ec2

import (
	"cmp"
	"time"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Instance is EC2's record of an instance.
type Instance struct {
	Name     string // its Name tag
	Type     string
	Image    string // the AMI
	Zone     string
	Launched time.Time
	State    string
	// StateReason is why it is in that state, in EC2's words: a code and a message.
	StateReason string
	// Group is the Auto Scaling group that it belongs to, from its tags.
	Group string
}

// AddFacts adds what an instance was, in the zone that the event names if it does. Its
// name and its group stand further up.
func (m Instance) AddFacts(n *notice.Notice, zone string, now time.Time) {
	n.Add("Zone", cmp.Or(zone, m.Zone), "")
	n.Add("Type", m.Type, "")
	n.Add("Image", m.Image, "")
	n.Add("Launched", notice.Moment(m.Launched, now), "")
	n.Add("EC2 state", m.State, "")
	n.Add("EC2 says", m.StateReason, "")
}

// Names returns what an instance is called in a title and in a sentence.
func Names(id, name, group string) (title, sentence string) {
	sentence = cmp.Or(id, "without an id")
	if name != "" {
		sentence += " (" + name + ")"
	}
	return cmp.Or(name, id, "an unnamed instance"), sentence + event.Labeled(" of group ", group)
}
