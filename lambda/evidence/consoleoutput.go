package evidence

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// consoleOutput is the part of GetConsoleOutput's answer that is read.
type consoleOutput struct {
	ID     string `xml:"instanceId"`
	Posted string `xml:"timestamp"`
	Output string `xml:"output"` // base64, in lines
}

// consoleAnswer is what 64 KB take up in an answer: a third more in base64, and line breaks.
const consoleAnswer = 90 << 10

// console returns what an instance's console says about a crash. The time is when its group
// decided to terminate it. EC2 has the last 64 KB of a console's output, posted shortly after
// the instance was terminated and kept for at least an hour.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
func (l *Lookups) console(ctx context.Context, region, id string, ended time.Time) event.Finding[autoscaling.Console] {
	if id == "" {
		return event.NotFound[autoscaling.Console]("the event names no instance")
	}
	call := ec2Call(region, "GetConsoleOutput")
	call.Answer = consoleAnswer
	// What is shared is what was read of a console, and not the text.
	found, err := readOnce(ctx, l, call, id+" "+ended.String(), func(ctx context.Context) (autoscaling.Console, int, error) {
		return l.readConsole(ctx, call, id, ended)
	})
	switch {
	case errors.Is(err, errNoConsole):
		return event.NotFound[autoscaling.Console](err.Error())
	case err != nil:
		return event.NotFound[autoscaling.Console](l.problem(call, "EC2", err))
	}
	return event.Found(found)
}

var errNoConsole = errors.New("the instance left no console output")

// readConsole asks for a console and reads it. It returns how many bytes are kept of it.
func (l *Lookups) readConsole(ctx context.Context, call awsapi.Call, id string, ended time.Time) (found autoscaling.Console, size int, err error) {
	var answer consoleOutput
	if _, err := l.queryAlone(ctx, call, ec2Version, url.Values{"InstanceId": {id}}, &answer); err != nil {
		return found, 0, err
	}
	if answer.ID != "" && answer.ID != id {
		return found, 0, errors.New("console output of another instance")
	}
	output, err := unbase64(answer.Output)
	if err != nil {
		return found, 0, fmt.Errorf("console output: %w", err)
	}
	if len(output) == 0 {
		return found, 0, errNoConsole
	}
	found = crashIn(console.Read(console.Output{Text: string(output), Posted: instant(answer.Posted), Ended: ended}))
	for i, line := range found.Lines {
		found.Lines[i] = strings.Clone(line) // which else keeps the whole text
		size += len(line)
	}
	return found, size, nil
}

// unbase64 decodes base64 with spaces and line breaks in it. The decoder skips line breaks
// itself, and EC2 puts nothing else between its lines.
func unbase64(text string) ([]byte, error) {
	if output, err := base64.StdEncoding.DecodeString(strings.TrimSpace(text)); err == nil {
		return output, nil
	}
	return base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
}

// crashIn is what a report on a console says about a crash.
func crashIn(r console.Report) autoscaling.Console {
	return autoscaling.Console{
		Lines: r.Lines, Crash: r.Cause(), Kind: r.Kind.String(),
		Minor: r.Kind == console.ServiceFailure, Whole: r.Whole,
	}
}
