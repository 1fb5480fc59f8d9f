package evidence

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

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
	var answer consoleOutput
	if err := l.query(ctx, call, ec2Version, url.Values{"InstanceId": {id}}, &answer); err != nil {
		return event.NotFound[autoscaling.Console](l.problem(call, "EC2", err))
	}
	if answer.ID != "" && answer.ID != id {
		return event.NotFound[autoscaling.Console](l.problem(call, "EC2", errors.New("console output of another instance")))
	}
	output, err := unbase64(answer.Output)
	if err != nil {
		return event.NotFound[autoscaling.Console](l.problem(call, "EC2", fmt.Errorf("console output: %w", err)))
	}
	if len(output) == 0 {
		return event.NotFound[autoscaling.Console]("the instance left no console output")
	}
	return event.Found(crashIn(console.Read(console.Output{Text: string(output), Posted: instant(answer.Posted), Ended: ended})))
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
