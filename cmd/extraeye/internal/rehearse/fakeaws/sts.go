package fakeaws

import (
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// AssumeRole is the operation that gives credentials for another account or Region.
const AssumeRole = "sts.AssumeRole"

func init() { operations[AssumeRole] = Account.assumeRole }

// assumeRole lets the notifier look things up in whatever account an event is from.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (a Account) assumeRole(Request) answer.Answer {
	return queryAnswer("https://sts.amazonaws.com/doc/2011-06-15/", "AssumeRole", el("Credentials",
		el("AccessKeyId", "ASIAREHEARSAL"), el("SecretAccessKey", "rehearsal"), el("SessionToken", "rehearsal"), el("Expiration", time.Now().Add(time.Hour))))
}
