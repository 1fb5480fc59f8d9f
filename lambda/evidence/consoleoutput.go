package evidence

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/event"
)

// lastWords returns the lines of an instance's console output that say why it crashed, which
// may be none. EC2 has the last 64 KB, posted shortly after an instance was terminated and
// kept for at least an hour.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
func (l *Lookups) lastWords(ctx context.Context, region, id string) event.Finding[[]string] {
	if id == "" {
		return event.NotFound[[]string]("the event names no instance")
	}
	call := awsapi.Call{Service: "ec2", Operation: "GetConsoleOutput", Region: region}
	var answer struct {
		Output string `xml:"output"` // base64, in lines
	}
	if err := l.API.Query(ctx, call, ec2Version, url.Values{"InstanceId": {id}}, &answer); err != nil {
		return event.NotFound[[]string](l.problem(call, "EC2", err))
	}
	output, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(answer.Output), ""))
	if err != nil {
		return event.NotFound[[]string](l.problem(call, "EC2", fmt.Errorf("console output: %w", err)))
	}
	if len(output) == 0 {
		return event.NotFound[[]string]("the instance left no console output")
	}
	return event.Found(console.Read(console.Output{Text: string(output)}).Lines)
}
