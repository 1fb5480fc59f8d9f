package fakeaws

import (
	"encoding/json"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/internal/wire"
)

// StartExecution is the operation with which the notifier hands over what is to be done later.
const StartExecution = "states.StartExecution"

func init() { operations[StartExecution] = Account.startExecution }

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
func (a Account) startExecution(r Request) answer.Answer {
	var in struct{ StateMachineARN, Name string }
	r.read(&in)
	return jsonAnswer(map[string]any{"executionArn": in.StateMachineARN + ":" + in.Name, "startDate": seconds(time.Now())})
}

// ReadExecution reads what the input of StartExecution hands over.
func ReadExecution(input string) (l wire.Later, ok bool) {
	var in struct{ Input string }
	ok = json.Unmarshal([]byte(input), &in) == nil && json.Unmarshal([]byte(in.Input), &l) == nil && l.Retry.Notice != nil
	return l, ok
}
