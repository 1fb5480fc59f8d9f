// Package lambdaruntime runs the compiled code of a Lambda function on this
// machine, as Lambda would: a process of its own with a clean environment, fed
// one invocation after the other through a Runtime API on the loopback interface.
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
	// Name, Region, Account and Partition make up who the function is.
	Name, Region, Account, Partition string
	// MemoryMB is what the function is told of its memory; it is not limited.
	MemoryMB int
	// Timeout ends an invocation.
	Timeout time.Duration
	// Endpoint is where the function finds every AWS service.
	Endpoint string
	// Environment is what it has of its own, as NAME=value.
	Environment []string
}

// Function is a function that can be invoked. Its process starts with the first
// invocation; one that crashed or ran out of time starts anew with the next.
type Function struct {
	config Config

	mu      sync.Mutex
	process *process
}

// New makes a function. The caller closes it.
func New(c Config) *Function { return &Function{config: c} }

// Error is how an invocation failed, in the words that Lambda has for it.
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

// Answer is what came of an invocation that reached the function.
type Answer struct {
	// Response is the function's answer; nil when Err is set.
	Response []byte
	Err      *Error
	// Log is what the function wrote meanwhile: its end, and about it, for what
	// comes late belongs to the next answer.
	Log string
}

// Invoke runs the function once. It waits for an invocation that is under way.
// The error says that there was no running it at all.
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
		if end == exitedEarly && !fresh { // the invocation before broke it
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

// ending says what state an invocation left the process in.
type ending int

const (
	answered    ending = iota // ready for the next one
	exitedEarly               // ended before it took the invocation
	unusable                  // ended, or has to be
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
		case o := <-inv.answer: // with its last breath
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
