// Package lambdaruntime runs the compiled code of a Lambda function on this machine as
// Lambda would: in a process of its own with a clean environment, which gets one
// invocation after the other from a Runtime API on the loopback interface.
package lambdaruntime

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Config says what to run, and as what.
type Config struct {
	// Bootstrap is the path of the executable.
	Bootstrap string
	// Name, Region, Account and Partition make up the function's ARN.
	Name, Region, Account, Partition string
	// MemoryMB is the memory size that the function sees. Its memory is not limited.
	MemoryMB int
	// Timeout is how long an invocation may take.
	Timeout time.Duration
	// Endpoint is the URL of every AWS service.
	Endpoint string
	// Environment are variables of its own, as NAME=value.
	Environment []string
}

// Function is a function that can be invoked. Its process starts with the first
// invocation; one that crashed or timed out is started again for the next.
type Function struct {
	config Config

	mu      sync.Mutex
	process *process
}

// New makes a function. The caller closes it.
func New(c Config) *Function { return &Function{config: c} }

// Error is how an invocation failed, as Lambda reports it.
type Error struct {
	// Type is the type of the function's error, or one of Lambda's own, such as
	// Runtime.ExitError and Sandbox.Timedout.
	Type    string
	Message string
}

func (e *Error) Error() string {
	if e.Type == "" {
		return e.Message
	}
	return e.Type + ": " + e.Message
}

// Answer is the result of an invocation that reached the function.
type Answer struct {
	// Response is the function's answer; nil when Err is set.
	Response []byte
	Err      *Error
	// Log is the end of what the function wrote during the invocation. What it wrote
	// last may be in the log of the next answer.
	Log string
}

// Invoke runs the function once. It waits for an invocation that is under way.
// It returns an error if the function cannot be started.
func (f *Function) Invoke(ctx context.Context, payload []byte) (Answer, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for {
		fresh := f.process == nil
		if fresh {
			p, err := start(f.config)
			if err != nil {
				return Answer{}, err
			}
			f.process = p
		}
		p := f.process
		result, end := p.invoke(ctx, payload, f.config.Timeout)
		if end != answered {
			p.stop()
			f.process = nil
		}
		if end == exitedEarly && !fresh { // after the invocation before
			continue
		}
		return Answer{Response: result.response, Err: result.err, Log: p.log.String()}, nil
	}
}

// Close ends the process.
func (f *Function) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.process != nil {
		f.process.stop()
		f.process = nil
	}
}

// initTimeout is the time that Lambda gives a function to start.
//
// https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
const initTimeout = 10 * time.Second

// ending is the state of the process after an invocation.
type ending int

const (
	answered    ending = iota // ready for the next one
	exitedEarly               // ended before it took the invocation
	unusable                  // ended, or must be ended
)

// invoke hands the payload over and waits for the answer.
func (p *process) invoke(ctx context.Context, payload []byte, timeout time.Duration) (outcome, ending) {
	inv := newInvocation(payload, time.Now().Add(timeout))
	select {
	case p.api.next <- inv:
	case <-p.exited:
		return outcome{err: p.exitError()}, exitedEarly
	case <-time.After(initTimeout):
		return failed("Sandbox.Timedout", "the function did not ask for work within %s", initTimeout), unusable
	case <-ctx.Done():
		return failed("", "%v", ctx.Err()), unusable
	}
	select {
	case o := <-inv.answer:
		return o, answered
	case <-p.exited:
		select {
		case o := <-inv.answer: // it answered just before
			return o, unusable
		default:
			return outcome{err: p.exitError()}, unusable
		}
	case <-time.After(time.Until(inv.deadline)):
		return failed("Sandbox.Timedout", "the function did not answer within %s", timeout), unusable
	case <-ctx.Done():
		return failed("", "%v", ctx.Err()), unusable
	}
}

func failed(kind, format string, a ...any) outcome {
	return outcome{err: &Error{Type: kind, Message: fmt.Sprintf(format, a...)}}
}
