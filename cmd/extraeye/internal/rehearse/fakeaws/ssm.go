package fakeaws

import (
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() { operations["ssm.GetParameter"] = Account.getParameter }

// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
func (a Account) getParameter(r Request) answer.Answer {
	var in struct{ Name string }
	r.read(&in)
	return jsonAnswer(map[string]any{"Parameter": map[string]any{
		"Name": in.Name, "Type": "SecureString", "Version": 1, "Value": a.secret(in.Name),
	}})
}
