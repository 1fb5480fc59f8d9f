package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/decode"
)

// BenchmarkParts measures the parts of a warm delivery beside each other, without a network: what is
// done once, and then what each sink does with the notice.
func BenchmarkParts(b *testing.B) {
	h := benchmarked(b)
	payload := []byte(`{"watch":{"terminations":{}},"sinks":[` + byMail + `],"event":` + readRecorded(b, killed) + `}`)
	var in input
	if err := json.Unmarshal(payload, &in); err != nil {
		b.Fatal(err)
	}
	watch := in.Orders()[0].Watch
	found := decode.Decode(in.Event, watch)
	ctx, cancel := invoked(b)
	defer cancel()
	h.lookups.Gather(ctx, found)
	n := found.Notice(time.Now())
	n.Time = time.Now() // New Relic accepts nothing old
	parts := []struct {
		name string
		run  func()
	}{
		{"read the input", func() { _ = json.Unmarshal(payload, new(input)) }},
		{"decode the event", func() { decode.Decode(in.Event, watch) }},
		{"the same event, by encoding-json alone", func() { _ = json.Unmarshal(in.Event, new(any)) }},
		{"sign and send one call", func() {
			_ = h.clients.aws.Query(ctx, awsapi.Call{Service: "ec2", Operation: "DescribeInstances"}, "2016-11-15", nil, nil)
		}},
		{"look up", func() { h.lookups.Gather(ctx, decode.Decode(in.Event, watch)) }},
		{"write the notice", func() { found.Notice(time.Now()) }},
	}
	for _, part := range parts {
		b.Run(part.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				part.run()
			}
		})
	}
	for _, sink := range examples(b) {
		b.Run("send by "+sink.name, func(b *testing.B) {
			sender := openedBy(b, &http.Client{Transport: &accepting{sink: sink, good: sink.good().Body}}, sink.name, sink.Config)
			b.ReportAllocs()
			for b.Loop() {
				if err := sender.Send(ctx, n); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// accepting keeps the secrets, and answers as the destination of one sink does to a message that it
// accepts.
type accepting struct {
	sink *example
	good string
}

func (a *accepting) RoundTrip(r *http.Request) (*http.Response, error) {
	_, err := io.Copy(io.Discard, r.Body)
	status, answer := max(a.sink.Status, http.StatusOK), a.good
	var kept strings.Builder
	switch {
	case strings.HasPrefix(r.URL.Host, "secretsmanager."):
		keepSecret(&kept)
		status, answer = http.StatusOK, kept.String()
	case strings.HasPrefix(r.URL.Host, "ssm."):
		keepParameter(&kept)
		status, answer = http.StatusOK, kept.String()
	case a.sink.Aside[r.URL.Path] != nil:
		status, answer = http.StatusOK, `{"ok":true,"messages":[]}`
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: r}, err
}
