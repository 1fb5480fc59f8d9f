package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
	"github.com/extraeye/extraeye/lambda/sink/amazonq"
	"github.com/extraeye/extraeye/lambda/sink/datadog"
	"github.com/extraeye/extraeye/lambda/sink/email"
	"github.com/extraeye/extraeye/lambda/sink/grafana"
	"github.com/extraeye/extraeye/lambda/sink/newrelic"
	"github.com/extraeye/extraeye/lambda/sink/pagerduty"
	"github.com/extraeye/extraeye/lambda/sink/slack"
	"github.com/extraeye/extraeye/lambda/sink/teams"
	"github.com/extraeye/extraeye/lambda/sink/topic"
	"github.com/extraeye/extraeye/lambda/sink/webhook"
)

// clients are what sinks reach the world with. Making them opens no connection
// and reads no secret.
type clients struct {
	aws     *awsapi.Client
	secrets *secret.Store
	post    *post.Client
	guarded *post.Client // connects to public addresses only
}

func newClients(aws *awsapi.Client, rehearsal string) *clients {
	return &clients{aws, secret.New(aws), post.New(post.NewHTTPClient(rehearsal)), post.New(post.NewGuardedHTTPClient(rehearsal))}
}

// open returns the sender for a sink and the sink's name in JSON. It is the one
// place that knows all sinks.
func (c *clients) open(sink wire.Sink) (name string, sender notice.Sender, err error) {
	set := 0
	is := func(n string, s notice.Sender) { name, sender, set = n, s, set+1 }
	if cfg := sink.Email; cfg != nil {
		is("email", email.New(c.aws, *cfg))
	}
	if cfg := sink.Topic; cfg != nil {
		is("topic", topic.New(c.aws, *cfg))
	}
	if cfg := sink.Slack; cfg != nil {
		is("slack", slack.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.Teams; cfg != nil {
		is("teams", teams.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.PagerDuty; cfg != nil {
		is("pagerduty", pagerduty.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.NewRelic; cfg != nil {
		is("newrelic", newrelic.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.Datadog; cfg != nil {
		is("datadog", datadog.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.Grafana; cfg != nil {
		is("grafana", grafana.New(c.post, c.secrets, *cfg))
	}
	if cfg := sink.Webhook; cfg != nil {
		p := c.guarded
		if cfg.AllowPrivate {
			p = c.post
		}
		is("webhook", webhook.New(p, c.secrets, *cfg))
	}
	if cfg := sink.AmazonQ; cfg != nil {
		is("amazonq", amazonq.New(c.aws, *cfg))
	}
	switch set {
	case 0:
		return "", nil, errors.New("the input names no sink that this notifier knows")
	case 1:
		return name, sender, nil
	default:
		return "", nil, errors.New("the input names several sinks")
	}
}

// misfit says what an input without exactly one known sink seems to be, and what
// to do with it.
func misfit(payload []byte) string {
	var input struct {
		DetailType     json.RawMessage            `json:"detail-type"`
		RequestPayload json.RawMessage            `json:"requestPayload"`
		Sink           map[string]json.RawMessage `json:"sink"`
	}
	// What is of another type stays empty.
	_ = json.Unmarshal(payload, &input)
	switch {
	case input.DetailType != nil:
		return `it is an event without its delivery; send it as {"watch": …, "sink": …, "event": <the event>}, as the rule that matched it does`
	case input.RequestPayload != nil:
		return "it is the record of a failed invocation; send what stands under requestPayload"
	case len(input.Sink) > 0:
		names := slices.Sorted(maps.Keys(input.Sink))
		return fmt.Sprintf("it names %q; deploy rules and notifier from the same version of extraeye", strings.Join(names, ", "))
	default:
		return "it has no sink"
	}
}
