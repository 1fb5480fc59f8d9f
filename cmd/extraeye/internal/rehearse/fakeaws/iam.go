package fakeaws

import "github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"

func init() { operations["iam.ListAccountAliases"] = Account.listAccountAliases }

// listAccountAliases gives the account a name.
//
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccountAliases.html
func (a Account) listAccountAliases(Request) answer.Answer {
	return queryAnswer("https://iam.amazonaws.com/doc/2010-05-08/", "ListAccountAliases",
		el("IsTruncated", "false"), el("AccountAliases", el("member", "some-company-production")))
}
