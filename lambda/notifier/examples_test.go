package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

const keptSecret = "0123456789abcdef0123456789abcdef"

// example is how a sink is configured, and what its destination answers to a message
// that it accepts: testdata/example.json in the sink's folder. Its secret is secretARN,
// which has the fields key and url.
type example struct {
	Config json.RawMessage
	Also   []json.RawMessage // other configurations
	Status int               // of the answer; zero: 200
	Answer json.RawMessage   // JSON, or another answer as a string
	// Aside are the answers to requests that send nothing, by path.
	Aside map[string]json.RawMessage

	name string
}

// reply answers as the destination does to a message that it accepts.
func (e *example) reply(w http.ResponseWriter) {
	body := []byte(e.Answer)
	if text := ""; json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	w.WriteHeader(max(e.Status, http.StatusOK))
	_, _ = w.Write(body)
}

// good is what the destination answers to a message that it accepts.
func (e *example) good() sinktest.Answer {
	w := httptest.NewRecorder()
	e.reply(w)
	return sinktest.Answer{Status: w.Code, Body: w.Body.String()}
}

// examples reads the example of every sink in the contract.
func examples(t testing.TB) []*example {
	t.Helper()
	var all []*example
	for _, field := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		file := "../sink/" + strings.ToLower(field.Name) + "/testdata/example.json"
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("wire.Sink.%s needs an example, so that it is shown to lose nothing: %v", field.Name, err)
		}
		e := &example{}
		if err := json.Unmarshal(content, e); err != nil || e.Config == nil {
			t.Fatalf("%s has no config: %v", file, err)
		}
		e.name, _, _ = strings.Cut(field.Tag.Get("json"), ",")
		all = append(all, e)
	}
	return all
}

const secretARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sinks-AbCdEf"
