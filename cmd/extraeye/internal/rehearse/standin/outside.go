package standin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// destinations play the sinks outside of AWS, by the sink's name in deliveries:
// they answer as the sink's API does when it takes a message.
var destinations = map[string]func(path string, body []byte) answer{
	"slack": func(path string, _ []byte) answer {
		if !strings.HasPrefix(path, "/api/") {
			// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
			return answer{http.StatusOK, "text/html", []byte("ok")}
		}
		// https://docs.slack.dev/reference/methods/chat.postMessage
		return plainJSON(http.StatusOK, `{"ok":true,"channel":"C0123456789","ts":"1503435956.000247","message":{"type":"message"}}`)
	},
	// A workflow only says that it starts.
	//
	// https://learn.microsoft.com/en-us/azure/connectors/connectors-native-reqres
	"teams": func(string, []byte) answer { return answer{status: http.StatusAccepted, kind: "text/plain"} },
	// https://developer.pagerduty.com/docs/send-alert-event
	"pagerduty": func(_ string, body []byte) answer {
		var in struct {
			Key string `json:"dedup_key"`
		}
		json.Unmarshal(body, &in) // a change event has none
		a := jsonAnswer(map[string]string{"status": "success", "message": "Event processed", "dedup_key": in.Key})
		a.status = http.StatusAccepted
		return a
	},
	// https://docs.newrelic.com/docs/change-tracking/config/nerdgraph
	"newrelic": func(string, []byte) answer {
		return plainJSON(http.StatusOK, `{"data":{"changeTrackingCreateEvent":{"changeTrackingEvent":{"changeTrackingId":"rehearsal"},"messages":[]}}}`)
	},
	// https://docs.datadoghq.com/api/latest/events/#post-an-event-v1
	"datadog": func(string, []byte) answer {
		return plainJSON(http.StatusAccepted, `{"status":"ok","event":{"id":1}}`)
	},
	// https://grafana.com/docs/grafana/latest/developers/http_api/annotations/
	"grafana": func(string, []byte) answer {
		return plainJSON(http.StatusOK, `{"message":"Annotation added","id":1}`)
	},
	"webhook": func(string, []byte) answer { return answer{status: http.StatusOK, kind: "text/plain"} },
}

func plainJSON(status int, body string) answer {
	return answer{status, "application/json", []byte(body)}
}

// Header is a header of a request.
type Header struct{ Name, Value string }

// unshown are headers that say nothing of the message.
var unshown = []string{wire.RehearsalHost, "Accept-Encoding", "Content-Length", "Traceparent"}

// outsideCall is what is kept of a request outside of AWS.
func (s *Server) outsideCall(sink string, r *http.Request, body []byte, status int) Call {
	c := Call{Service: sink, Operation: r.Method, Status: status, Input: s.secrets.hide(string(body))}
	host := r.Header.Get(wire.RehearsalHost)
	c.URL = host + s.secrets.hide(r.RequestURI)
	if u, err := url.Parse(host); err == nil && slices.Contains(s.secrets.hosts, u.Hostname()) {
		c.URL = host + "/" + hidden // all of the path may be secret, however it is written
	}
	for name, values := range r.Header {
		if !slices.Contains(unshown, name) {
			c.Header = append(c.Header, Header{name, s.secrets.hide(strings.Join(values, ", "))})
		}
	}
	slices.SortFunc(c.Header, func(a, b Header) int { return strings.Compare(a.Name, b.Name) })
	return c
}

// serveOutside answers as the sink that is being played: it is the only one that
// the notifier speaks to meanwhile, and its host may be anyone's.
func (s *Server) serveOutside(w http.ResponseWriter, r *http.Request, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	sink := s.scene.Sink
	a, ok := s.answers[sink]
	if !ok {
		play := destinations[sink]
		if play == nil {
			play = destinations["webhook"]
		}
		a = play(r.URL.Path, body)
	}
	s.calls = append(s.calls, s.outsideCall(sink, r, body, a.write(w)))
}
