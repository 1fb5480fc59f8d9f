package standin

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// secrets makes up the secrets that sinks read, so that no real one is needed,
// and hides them in what is shown.
type secrets struct {
	whole  map[string]string            // by ARN or parameter
	fields map[string]map[string]string // likewise
	values []string                     // what is hidden, longest first
	hosts  []string                     // of URLs that are secrets
}

// What made-up secrets look like: as the destination gives them out, because the
// sinks look at their form.
const (
	slackToken   = "xoxb-000000000000-0000000000000-rehearsal"
	slackWebhook = "https://hooks.slack.com/services/T00000000/B00000000/rehearsal"
	teamsWebhook = "https://prod-00.westeurope.logic.azure.com:443/workflows/00000000000000000000000000000000/triggers/manual/paths/invoke" +
		"?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=rehearsal"
	routingKey   = "e0000000000000000000000rehearsal" // 32 characters; an R at the start would be a ruleset's
	newRelicKey  = "NRAK-000000000000000000REHEARSAL"
	datadogKey   = "00000000000000000000000rehearsal"
	grafanaToken = "glsa_00000000000000000000rehearsal_00000000"
	webhookURL   = "https://secret.example.com/rehearsal"
	signingKey   = "whsec_cmVoZWFyc2FsLXJlaGVhcnNhbC1yZWhlYXJzYWw=" // "rehearsal-rehearsal-rehearsal"
)

// made returns a made-up value for every secret that a sink reads.
func made(sink wire.Sink) map[wire.Secret]string {
	values := map[wire.Secret]string{}
	add := func(ref *wire.Secret, value string) {
		if ref != nil {
			values[*ref] = value
		}
	}
	if s := sink.Slack; s != nil {
		add(s.Token, slackToken)
		add(s.Webhook, slackWebhook)
	}
	if s := sink.Teams; s != nil {
		add(&s.Webhook, teamsWebhook)
	}
	if s := sink.PagerDuty; s != nil {
		add(&s.RoutingKey, routingKey)
	}
	if s := sink.NewRelic; s != nil {
		add(&s.APIKey, newRelicKey)
	}
	if s := sink.Datadog; s != nil {
		add(&s.APIKey, datadogKey)
	}
	if s := sink.Grafana; s != nil {
		add(&s.Token, grafanaToken)
	}
	if s := sink.Webhook; s != nil {
		add(s.SecretURL, webhookURL)
		add(s.SigningKey, signingKey)
	}
	return values
}

// learn makes up what the sink reads. A secret whose fields several sinks read has
// all of them, because the notifier keeps what it read.
func (s *secrets) learn(sink wire.Sink) {
	if s.whole == nil {
		s.whole, s.fields = map[string]string{}, map[string]map[string]string{}
	}
	for ref, value := range made(sink) {
		id := ref.ARN + ref.Parameter // one of them is empty
		if ref.Field == "" {
			s.whole[id] = value
		} else {
			if s.fields[id] == nil {
				s.fields[id] = map[string]string{}
			}
			s.fields[id][ref.Field] = value
		}
		s.cover(value)
	}
}

// value returns the secret as it is kept.
func (s *secrets) value(id string) string {
	if fields := s.fields[id]; fields != nil {
		object, _ := json.Marshal(fields)
		return string(object)
	}
	return or(s.whole[id], "rehearsal-of-a-secret")
}

// secretReads are the operations that read secrets.
var secretReads = []string{"secretsmanager.GetSecretValue", "ssm.GetParameter"}

// answer answers the two operations that read secrets. Emulators are not asked:
// where the secret would be sent to is played as well.
//
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
func (s *secrets) answer(r request) (answer, bool) {
	var in struct{ SecretID, Name string }
	switch json.Unmarshal(r.body, &in); r.name() {
	case "secretsmanager.GetSecretValue":
		return jsonAnswer(map[string]any{
			"ARN": in.SecretID, "VersionId": requestID, "VersionStages": []string{"AWSCURRENT"}, "SecretString": s.value(in.SecretID),
		}), true
	case "ssm.GetParameter":
		return jsonAnswer(map[string]any{"Parameter": map[string]any{
			"Name": in.Name, "Type": "SecureString", "Version": 1, "Value": s.value(in.Name),
		}}), true
	}
	return answer{}, false
}

// coverAnswer hides the secret that a user's answer has.
func (s *secrets) coverAnswer(a answer) {
	var in struct {
		SecretString string
		Parameter    struct{ Value string }
	}
	if json.Unmarshal(a.body, &in) != nil || a.status != http.StatusOK {
		return
	}
	value := or(in.SecretString, in.Parameter.Value)
	s.cover(value)
	var fields map[string]any
	json.Unmarshal([]byte(value), &fields) // what is no object has no fields
	for _, field := range fields {
		if text, ok := field.(string); ok {
			s.cover(text)
		}
	}
}

// hidden stands for a secret.
const hidden = "•••"

// cover hides a value, also as it stands in JSON; of a URL, what follows the host
// as well. What is very short is no secret.
func (s *secrets) cover(value string) {
	forms := []string{value}
	if u, err := url.Parse(value); err == nil && u.Host != "" {
		s.hosts = append(s.hosts, u.Hostname())
		forms = append(forms, u.RequestURI())
	}
	for _, form := range forms {
		quoted, _ := json.Marshal(form)
		for _, f := range []string{form, string(quoted[1 : len(quoted)-1])} {
			if len(f) >= 4 && !slices.Contains(s.values, f) {
				s.values = append(s.values, f)
			}
		}
	}
	slices.SortStableFunc(s.values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
}

// hide puts a mark in the place of every secret.
func (s *secrets) hide(text string) string {
	for _, value := range s.values {
		text = strings.ReplaceAll(text, value, hidden)
	}
	return text
}
