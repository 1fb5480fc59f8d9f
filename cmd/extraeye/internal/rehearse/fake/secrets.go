package fake

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/internal/wire"
)

// secrets are the values that sinks read. They are made up, so that no real one is
// needed, and hidden in everything that is shown.
type secrets struct {
	whole  map[string]string            // by ARN or parameter
	fields map[string]map[string]string // of secrets with fields, by ARN or parameter
	values []string                     // to hide, longest first
	hosts  []string                     // of URLs that are secrets
}

// add makes up the secrets that the sink reads. A secret whose fields several sinks
// read has all of them, because the notifier keeps what it read.
func (s *secrets) add(sink wire.Sink) {
	if s.whole == nil {
		s.whole, s.fields = map[string]string{}, map[string]map[string]string{}
	}
	for ref, value := range destination.Secrets(sink) {
		id := cmp.Or(ref.ARN, ref.Parameter)
		if ref.Field == "" {
			s.whole[id] = value
		} else {
			if s.fields[id] == nil {
				s.fields[id] = map[string]string{}
			}
			s.fields[id][ref.Field] = value
		}
		s.hideValue(value)
	}
}

// value returns the text of a secret or a parameter.
func (s *secrets) value(id string) string {
	if fields := s.fields[id]; fields != nil {
		object, _ := json.Marshal(fields)
		return string(object)
	}
	return cmp.Or(s.whole[id], "rehearsal-of-a-secret")
}

// hideAnswer hides the secret in a user's own answer.
func (s *secrets) hideAnswer(a answer.Answer) {
	var in struct {
		SecretString string
		Parameter    struct{ Value string }
	}
	if json.Unmarshal(a.Body, &in) != nil || a.Status != http.StatusOK {
		return
	}
	value := cmp.Or(in.SecretString, in.Parameter.Value)
	s.hideValue(value)
	var fields map[string]any
	_ = json.Unmarshal([]byte(value), &fields) // what is not an object has no fields
	for _, field := range fields {
		if text, ok := field.(string); ok {
			s.hideValue(text)
		}
	}
}

// hidden is shown in place of a secret.
const hidden = "•••"

// minSecret is the length of a secret, in bytes, that is worth hiding.
const minSecret = 4

// hideValue hides a value from now on, also as it is written in JSON; of a URL, what
// follows the host as well.
func (s *secrets) hideValue(value string) {
	forms := []string{value}
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		s.hosts = append(s.hosts, u.Hostname())
		forms = append(forms, u.RequestURI())
	}
	for _, form := range forms {
		quoted, _ := json.Marshal(form)
		for _, f := range []string{form, string(quoted[1 : len(quoted)-1])} {
			if len(f) >= minSecret && !slices.Contains(s.values, f) {
				s.values = append(s.values, f)
			}
		}
	}
	slices.SortStableFunc(s.values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// hide replaces every secret with a mark.
func (s *secrets) hide(text string) string {
	for _, value := range s.values {
		text = strings.ReplaceAll(text, value, hidden)
	}
	return text
}
