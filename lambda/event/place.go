package event

import "github.com/extraeye/extraeye/lambda/notice"

// addPlace says first where it happened, if that is another account or Region than the function's
// own. A link into the console cannot choose the account: its session is of whichever one somebody
// signed in to, and only a session itself knows the host name that it has beside others.
//
// https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/multisession.html
func (e *Event) addPlace(n *notice.Notice) {
	other := e.Account != "" && e.Account != e.Here.Account
	if e.Here.Account == "" || !other && (e.Region == "" || e.Region == e.Here.Region) {
		return
	}
	place := Joined(", ", n.Where(), n.Region)
	if other {
		place += "; sign in to it before you follow a link"
	}
	n.Add("Account", place, "")
}
