package fakeaws

import (
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// AssumeRole is called for an event of another account or Region, if a fleet has roles there.
const AssumeRole = "sts.AssumeRole"

func init() { operations[AssumeRole] = Account.assumeRole }

// assumeRole lets everybody in, for an hour from now, whenever the event is.
//
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
func (a Account) assumeRole(r Request) answer.Answer {
	return queryAnswer("https://sts.amazonaws.com/doc/2011-06-15/", "AssumeRole",
		el("Credentials",
			el("AccessKeyId", "ASIAEXAMPLE"), el("SecretAccessKey", "example"), el("SessionToken", "example"),
			el("Expiration", time.Now().Add(time.Hour).UTC().Format(time.RFC3339))),
		el("AssumedRoleUser", el("AssumedRoleId", "AROAEXAMPLE:extraeye"), el("Arn", r.form.Get("RoleArn"))))
}
