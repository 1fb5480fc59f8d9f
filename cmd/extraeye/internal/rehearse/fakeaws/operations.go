// Package fakeaws answers the AWS APIs that the notifier calls, plausibly for the
// event that is being played. There is a file for each service.
//
// To add an operation, add its answer to operations in the file of its service.
package fakeaws

import (
	"maps"
	"net/http"
	"slices"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
)

// operations are all that the notifier calls, as <service>.<Operation>.
var operations = map[string]func(Account, Request) answer.Answer{}

// SecretReads are the operations that read secrets.
var SecretReads = []string{"secretsmanager.GetSecretValue", "ssm.GetParameter"}

// Operations returns the names of all operations, as <service>.<Operation>.
func Operations() []string { return slices.Sorted(maps.Keys(operations)) }

// Answer answers a request.
func (a Account) Answer(r Request) answer.Answer {
	if operation := operations[r.Name()]; operation != nil {
		return operation(a, r)
	}
	return notAnswered(r)
}

func notAnswered(r Request) answer.Answer {
	return failure(r, "NotAnswered", r.Name()+" has no answer in this rehearsal")
}

// Unavailable answers as a service that is down.
func Unavailable(r Request) answer.Answer {
	a := failure(r, "ServiceUnavailable", "The service is down in this rehearsal")
	a.Status = http.StatusServiceUnavailable
	return a
}

// failure is an error document in the protocol of the service.
func failure(r Request, code, message string) answer.Answer {
	switch r.protocol {
	case ec2Query:
		return xmlError(el("Response", el("Errors", el("Error", el("Code", code), el("Message", message))), el("RequestID", RequestID)))
	case awsQuery:
		return xmlError(el("ErrorResponse", el("Error", el("Code", code), el("Message", message)), el("RequestId", RequestID)))
	}
	return jsonError(code, message)
}
