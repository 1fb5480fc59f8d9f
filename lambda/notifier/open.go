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

// clients are what sinks send with. Making them opens no connection and reads no
// secret.
type clients struct {
	aws     *awsapi.Client
	secrets *secret.Store
	post    *post.Client
	public  *post.Client // connects to public addresses only
}

func newClients(aws *awsapi.Client, fake string) *clients {
	return &clients{aws, secret.New(aws), post.New(post.NewHTTPClient(fake)), post.New(post.NewGuardedHTTPClient(fake))}
}

// open opens the one sink that is set. It is the only place that lists all sinks: by their names in
// JSON, and what people know the destination by.
func (c *clients) open(sink wire.Sink) opened {
	s := only(
		viaAWS(c, "email", "SES", sink.Email, email.New),
		viaAWS(c, "topic", "SNS", sink.Topic, topic.New),
		viaAWS(c, "amazonq", "SNS", sink.AmazonQ, amazonq.New),
		viaPost(c.guardIf(sink.Slack != nil && sink.Slack.Webhook != nil), "slack", "Slack", sink.Slack, slack.New),
		viaPost(c.guardIf(true), "teams", "Teams", sink.Teams, teams.New),
		viaPost(c, "pagerduty", "PagerDuty", sink.PagerDuty, pagerduty.New),
		viaPost(c, "newrelic", "New Relic", sink.NewRelic, newrelic.New),
		viaPost(c, "datadog", "Datadog", sink.Datadog, datadog.New),
		viaPost(c, "grafana", "Grafana", sink.Grafana, grafana.New),
		viaPost(c.guardIf(sink.Webhook != nil && !sink.Webhook.AllowPrivate), "webhook", "the webhook", sink.Webhook, webhook.New),
	)
	s.sink = sink
	return s
}

// guardIf returns clients that connect to public addresses only if guard is set, as it is
// for an address that comes from a secret or that anybody may write into a sink.
func (c *clients) guardIf(guard bool) *clients {
	if !guard {
		return c
	}
	return &clients{c.aws, c.secrets, c.public, c.public}
}

// opened is a sink that can be sent to, or an error that says why it cannot.
type opened struct {
	name, title string
	sink        wire.Sink
	sender      notice.Sender
	err         error
}

// viaAWS opens a sink that calls AWS, or nothing if it is not set.
func viaAWS[Config any, Sender notice.Sender](c *clients, name, title string, cfg *Config, open func(*awsapi.Client, Config) Sender) []opened {
	if cfg == nil {
		return nil
	}
	return []opened{{name: name, title: title, sender: open(c.aws, *cfg)}}
}

// viaPost opens a sink that posts to a destination outside of AWS, or nothing if it is
// not set.
func viaPost[Config any, Sender notice.Sender](c *clients, name, title string, cfg *Config, open func(*post.Client, *secret.Store, Config) Sender) []opened {
	if cfg == nil {
		return nil
	}
	return []opened{{name: name, title: title, sender: open(c.post, c.secrets, *cfg)}}
}

// only returns the one sink that is set.
func only(sinks ...[]opened) opened {
	switch set := slices.Concat(sinks...); len(set) {
	case 0:
		return opened{name: "unknown", title: "the sink", err: errors.New("the input names no sink that this notifier knows")}
	case 1:
		return set[0]
	default:
		return opened{name: "unknown", title: "the sink", err: errors.New("the input names several sinks in one")}
	}
}

// misfit says what an input without exactly one known sink seems to be, and what
// to do with it.
func misfit(payload []byte) string {
	var input struct {
		DetailType     json.RawMessage              `json:"detail-type"`
		RequestPayload json.RawMessage              `json:"requestPayload"`
		Sinks          []map[string]json.RawMessage `json:"sinks"`
	}
	// What is of another type stays empty.
	_ = json.Unmarshal(payload, &input)
	switch {
	case input.DetailType != nil:
		return `it is an event without its delivery; send it as {"watch": …, "sinks": [ … ], "event": <the event>}, as the rule that matched it does`
	case input.RequestPayload != nil:
		return "it is the record of a failed invocation; send what is under requestPayload"
	case len(input.Sinks) > 0 && len(input.Sinks[0]) > 0:
		names := slices.Sorted(maps.Keys(input.Sinks[0]))
		return fmt.Sprintf("it names %q; deploy rules and notifier from the same version of extraeye", strings.Join(names, ", "))
	default:
		return "it has no sink"
	}
}
