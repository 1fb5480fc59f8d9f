package fakeaws

import (
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

func init() { operations["secretsmanager.GetSecretValue"] = Account.getSecretValue }

// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
func (a Account) getSecretValue(r Request) answer.Answer {
	var in struct{ SecretID string }
	r.read(&in)
	return jsonAnswer(map[string]any{
		"ARN": in.SecretID, "VersionId": RequestID, "VersionStages": []string{"AWSCURRENT"}, "SecretString": a.secret(in.SecretID),
	})
}
