package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/sink/sinktest"
)

// hostileValues take the place of any value of an event.
var hostileValues = []any{
	nil, true, 0.0, -1e30, "", map[string]any{}, []any{}, []any{nil, 1.0, map[string]any{"a": sinktest.Hostile}},
	map[string]any{"a": map[string]any{"$": sinktest.Hostile}},
	sinktest.Hostile, "Down\r\nBcc: evil@example.com\r\n\r\n" + sinktest.Hostile,
	"\x1b]0;owned\x07\x1b[31mred\x1b[2J\u009b31m" + sinktest.Hostile,
	"x\n{\"level\":\"ERROR\",\"msg\":\"forged\"}\n", "\u202Egnp.exe\u2066\u2069\u200E\u061C", "javascript:alert(1)", `https://evil.example/?a=<x>&b="|c)`,
	"arn:aws:evil:us-east-1:999999999999:x/../<x>", "eu-west-1.evil.example/", "../../../etc/passwd?x=y#z", "{$.detail} ${x} {{x}} <detail>",
	strings.Repeat("😀é\u0301", 400), strings.Repeat("x", 20_000), strings.Repeat("l\n", 5_000), strings.Repeat("<", 30_000),
	"9999999-99-99T99:99:99Z", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z",
}

// hostileWatches are what the events are sent for.
var hostileWatches = []string{
	`{}`, `{"terminations":{"who":true,"releases":{"applications":["a"],"who":true}}}`, `{"deployments":{"who":true}}`,
	`{"pattern":{"title":"{$.detail} {$.source}","facts":[{"label":"All","path":"$"},{"label":"Detail","path":"$.detail"}]}}`,
}

// hostileAnswers are what AWS answers to look-ups.
var hostileAnswers = []http.HandlerFunc{
	reply(http.StatusForbidden, `{"__type":"AccessDenied","message":"`+"\x1b[31m<b>"+`"}`), reply(200, "<a>"), reply(200, "{"), reply(200, ""), reply(200, "null"),
	reply(200, `{"deploymentInfo":{"creator":["<!channel>"],"description":"\r\nBcc: x\u202e","status":"<b>","errorInformation":{"message":{}}}}`),
	func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprintf(w, "<R><reservationSet><item><instancesSet><item><instanceId>%s</instanceId><tagSet><item><key>Name</key><value>&lt;!channel&gt;&#27;[31m&#8238;</value></item></tagSet></item></instancesSet></item></reservationSet>"+
			"<output>PHNjcmlwdD4gb29wczogS2VybmVsIHBhbmljICEbWzMxbQ==</output></R>", r.FormValue("InstanceId.1"))
	},
}

// markup is what no message to a sink may have.
var markup = map[string][]string{
	"email": {"<script", "<img src=\"https://evil", `href="javascript:`, `onclick="alert`}, "slack": {"<!channel>", "<@U012AB3CD>", "<https://evil.example|"},
	"teams": {"[click](https://evil", "![x](", "<at>all", "{{DATE(x)}}"}, "amazonq": {"<!channel>", "[click](https://evil"},
	"datadog": {" @here", "\n@here"}, "grafana": {"<script"},
}

// TestHostileEvents puts hostile values into every place of every recorded event, and sends
// what becomes of them to all sinks. It tries a sample; EXTRAEYE_HOSTILE is how many.
func TestHostileEvents(t *testing.T) {
	most := 500
	if n, err := strconv.Atoi(os.Getenv("EXTRAEYE_HOSTILE")); err == nil {
		most = n
	}
	events := recordedEvents(t)
	all := 0
	for _, e := range events {
		all += len(e.places) * len(hostileValues)
	}
	every := max(all/most, 1)
	outcomes := map[string]int{}
	synctest.Test(t, func(t *testing.T) {
		w, h := newAround(t)
		h.lookups.Roles = func(context.Context) *wire.LookUps { return &wire.LookUps{Role: "lookups"} }
		sinks := w.allSinks()
		n := 0
		for _, e := range events {
			for _, place := range e.places {
				for _, value := range hostileValues {
					if n++; n%every != 0 {
						continue
					}
					raw, err := json.Marshal(put(e.event, place, value))
					if err != nil {
						t.Fatal(err)
					}
					w.aws = withRole(t, hostileAnswers[n/every%len(hostileAnswers)])
					watch := hostileWatches[n/every%len(hostileWatches)]
					where := fmt.Sprintf("%s, %v = %.60q, watch %d, answer %d", e.file, place, fmt.Sprint(value), n/every%len(hostileWatches), n/every%len(hostileAnswers))
					outcomes[w.hostile(t, h, where, `{"watch":`+watch+`,"sinks":`+sinks+`,"event":`+string(raw)+`}`)]++
				}
			}
		}
	})
	t.Logf("%d of %d: %v", most, all, outcomes)
	if outcomes["sent"] < most/2 || outcomes["skipped"] == 0 {
		t.Errorf("too little is sent or skipped: %v", outcomes)
	}
}

// withRole is an AWS that hands out the roles of other accounts and Regions, and nothing else by a
// name that is malformed.
func withRole(t *testing.T, rest http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Host, "sts.") {
			rest(w, r)
			return
		}
		if role := r.FormValue("RoleArn"); !regexp.MustCompile(`^arn:aws:iam::\d{12}:role/lookups-[a-z]+(-[a-z]+)+-\d+$`).MatchString(role) {
			t.Errorf("asked for %q", role)
		}
		_, _ = fmt.Fprintf(w, "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>A</AccessKeyId><SecretAccessKey>B</SecretAccessKey><SessionToken>C</SessionToken>"+
			"<Expiration>%s</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>", time.Now().Add(time.Hour).UTC().Format(time.RFC3339))
	}
}

// hostile delivers an input, checks all that comes of it and says what it is.
func (w *around) hostile(t *testing.T, h *handler, where, payload string) string {
	t.Helper()
	w.forget()
	receipt, took, err := w.deliver(t.Context(), h, []byte(payload))
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return "error"
	}
	if took > functionTimeout {
		t.Errorf("%s: it took %v", where, took)
	}
	w.checkLog(t, where)
	order := receipt.Orders[0]
	if order.Skipped != "" {
		if len(w.sent) > 0 {
			t.Errorf("%s: skipped, and sent to %v", where, slices.Collect(maps.Keys(w.sent)))
		}
		return "skipped"
	}
	for _, s := range order.Sinks {
		switch {
		case s.Outcome == notice.Sent:
		case s.Sink == "newrelic" && strings.Contains(s.Reason, "24 hours"): // recorded events are old
		default:
			t.Errorf("%s: %s: %s, %s", where, s.Sink, s.Outcome, s.Reason)
		}
	}
	for sink, body := range w.sent {
		checkMessage(t, where, sink, body)
	}
	return "sent"
}

// checkLog checks that the log has one JSON object in each line, that nothing in it could
// change a terminal, and that there was no panic.
func (w *around) checkLog(t *testing.T, where string) {
	t.Helper()
	for line := range strings.Lines(w.log.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil || len(line) > 10_000 || entry["msg"] == "forged" {
			t.Errorf("%s: logged %.300q", where, line)
		}
		if sinktest.Unclean(line) != "" || entry["msg"] == "panic" || strings.Contains(fmt.Sprint(entry["msg"]), "panic") {
			t.Errorf("%s: logged %.3000q", where, line)
		}
	}
}

// checkMessage checks that a message has no markup but the sink's own, and nothing invisible.
func checkMessage(t *testing.T, where, sink, body string) {
	t.Helper()
	text := strings.Join(shown(t, sink, body), "\n")
	if bad := sinktest.Unclean(text); bad != "" {
		t.Errorf("%s: %s has what nobody sees: %+.80q", where, sink, bad)
	}
	for _, m := range markup[sink] {
		if i := strings.Index(text, m); i >= 0 {
			t.Errorf("%s: %s has %s: …%q", where, sink, m, text[max(i-40, 0):i+len(m)])
		}
	}
}

// shown are the texts of a message that people see, as their software gets them.
func shown(t *testing.T, sink, body string) []string {
	t.Helper()
	form, _ := url.ParseQuery(body)
	switch sink {
	case "topic":
		return []string{form.Get("Subject"), form.Get("Message")}
	case "amazonq":
		body = form.Get("Message")
	}
	var v any
	if err := json.Unmarshal([]byte(body), &v); err != nil {
		t.Errorf("%s: %v in %.200q", sink, err, body)
	}
	switch message, _ := v.(map[string]any); sink {
	case "webhook": // it has the event itself, for machines
		delete(message, "event")
	case "email":
		mail := message["Content"].(map[string]any)["Simple"].(map[string]any)
		html := mail["Body"].(map[string]any)["Html"].(map[string]any)["Data"].(string)
		if bad := sinktest.Unclean(strings.Join(texts(v), "\n")); bad != "" {
			t.Errorf("the mail has what nobody sees: %+.80q", bad)
		}
		return []string{html} // in the subject and the plain text, markup is only text
	}
	return texts(v)
}

// texts are all strings of a JSON value.
func texts(v any) (all []string) {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		for _, element := range v {
			all = append(all, texts(element)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, texts(v[name])...)
		}
	}
	return all
}

// recorded is an event and the ways to all of its values.
type recorded struct {
	file   string
	event  any
	places [][]any
}

func recordedEvents(t *testing.T) []recorded {
	t.Helper()
	var all []recorded
	for _, glob := range []string{"../event/*/testdata/*.json", "../event/*/testdata/*/*.json", "../decode/testdata/*.json"} {
		files, err := filepath.Glob(glob)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			raw, err := os.ReadFile(file)
			r := recorded{file: filepath.Base(file)}
			if err != nil || json.Unmarshal(raw, &r.event) != nil {
				continue
			}
			if event, ok := r.event.(map[string]any); ok && event["detail-type"] != nil && !strings.Contains(file, ".notice.") {
				r.places = places(r.event, nil)
				all = append(all, r)
			}
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d events", len(all))
	}
	return all
}

// places are the ways to all values.
func places(v any, way []any) [][]any {
	all := [][]any{slices.Clone(way)}
	switch v := v.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			all = append(all, places(v[name], append(way, name))...)
		}
	case []any:
		for i := range v {
			all = append(all, places(v[i], append(way, i))...)
		}
	}
	return all
}

// put returns v with another value in a place.
func put(v any, way []any, value any) any {
	if len(way) == 0 {
		return value
	}
	switch v := v.(type) {
	case map[string]any:
		v = maps.Clone(v)
		v[way[0].(string)] = put(v[way[0].(string)], way[1:], value)
		return v
	case []any:
		v = slices.Clone(v)
		v[way[0].(int)] = put(v[way[0].(int)], way[1:], value)
		return v
	}
	return v
}

// TestAnyInput hands over what is no delivery at all. Each is an error that says so.
func TestAnyInput(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, h := newAround(t)
		for _, payload := range []string{
			"", "null", "[]", "1", `"x"`, "{", "\xff", "{}", `{"sinks":null,"event":null}`, `{"sinks":[{}]}`, `{"sinks":[{"email":{},"topic":{}}],"event":{}}`,
			`{"sinks":[{"email":1}],"event":{}}`, `{"watch":[],"sinks":[]}`, `{"retry":{}}`, `{"retry":null}`, `{"retry":{"notice":1,"sink":{"email":{}}}}`,
			`{"retry":{"notice":{"title":{}},"sink":{"email":{}}}}`, `{"retry":{"attempt":-1,"notice":{},"sink":{"future":{}}}}`, `{"also":[{"sinks":[]}]}`,
			strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), `{"sinks":[` + strings.Repeat(`{"email":{}},`, 20) + `{}],"event":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + "}",
		} {
			w.forget()
			_, _, err := w.deliver(t.Context(), h, []byte(payload))
			if err == nil && len(w.sent)+len(w.handedOver) == 0 {
				t.Errorf("%.100q: neither sent nor handed over nor refused", payload)
			}
			w.checkLog(t, fmt.Sprintf("%.100q", payload))
		}
	})
}

// TestNothingShowsASecret has every destination refuse what it gets and repeat all of it. What
// is logged and handed over, for the dead-letter queue too, has no secret.
func TestNothingShowsASecret(t *testing.T) {
	for _, status := range []int{400, 401, 403, 500, 503} {
		synctest.Test(t, func(t *testing.T) {
			w, h := newAround(t)
			w.destination = func(out http.ResponseWriter, r *http.Request) {
				body, _ := io.ReadAll(r.Body)
				out.WriteHeader(status)
				_, _ = fmt.Fprint(out, keptSecret, " ", r.URL, r.Header, string(body))
			}
			event, err := os.ReadFile("../event/" + killed)
			if err != nil {
				t.Fatal(err)
			}
			receipt, _, err := w.deliver(t.Context(), h, []byte(`{"watch":{"terminations":{}},"sinks":`+w.allSinks()+`,"event":`+string(event)+`}`))
			if err != nil || len(w.handedOver) != len(w.sinks) {
				t.Errorf("%d of %d are handed over: %v", len(w.handedOver), len(w.sinks), err)
			}
			all := fmt.Sprint(receipt, w.log.String(), w.handedOver)
			for _, s := range []string{keptSecret, keptSecret[4:20], "verysecret", "hooks/0"} {
				if i := strings.Index(all, s); i >= 0 {
					t.Errorf("status %d: %q is shown: …%s…", status, s, all[max(i-200, 0):min(i+200, len(all))])
				}
			}
		})
	}
}

// most is how much memory the function may take for anything that it is given, in kB: half of
// what it has by default.
const most = 64_000

// TestMemory gives the real function the largest inputs that Lambda takes, and answers of AWS
// that never end.
func TestMemory(t *testing.T) {
	large := func(w http.ResponseWriter, r *http.Request) {
		for range 64 {
			if _, err := io.WriteString(w, strings.Repeat("<a>&lt;", 1<<17)); err != nil {
				return
			}
		}
	}
	accept := func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, `{"MessageId":"m-1"}`) }
	const before, mail = `{"watch":{},"sinks":[{"email":{"from":"a@example.com","to":["b@example.com"]}}],"event":`, 1_000_000
	for name, event := range map[string]string{
		"text":   `{"detail":"` + strings.Repeat("<", mail) + `"}`,
		"depth":  `{"detail":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}`,
		"keys":   `{"detail":{` + strings.TrimSuffix(strings.Repeat(`"a":"b",`, mail/8), ",") + `}}`,
		"arrays": `{"detail":[` + strings.TrimSuffix(strings.Repeat(`{},`, mail/3), ",") + `]}`,
		"answers": `{"source":"aws.autoscaling","detail-type":"EC2 Instance Terminate Successful","region":"eu-west-1","detail":{"EC2InstanceId":"i-1","AutoScalingGroupName":"` +
			strings.Repeat("g", 100_000) + `"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := invoke(t, before+event+"}", 20*time.Second, services{t: t, ses: accept, ec2: large, codedeploy: large})
			if a.outcome() != "sent" {
				t.Errorf("%s: %s %s", a.outcome(), a.ErrorType, a.ErrorMessage)
			}
			if t.Logf("%d kB, %v", a.peak, a.took); a.peak > most {
				t.Errorf("it took %d kB, at most %d are allowed", a.peak, most)
			}
		})
	}
}

// FuzzInvoke hands over any input, and answers anything to what is asked and sent.
func FuzzInvoke(f *testing.F) {
	event, err := os.ReadFile("../event/" + killed)
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte(`{"watch":{"terminations":{}},"sinks":[{"email":{"from":"a@example.com","to":["b@example.com"]}},{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:t"}}],"event":`+string(event)+`}`), 200, "{}")
	f.Add([]byte(`{"retry":{"attempt":1,"since":"2026-01-01T00:00:00Z","reason":"r","sink":{"email":{"from":"a@example.com","to":["b@example.com"]}},"notice":{"title":"t"}}}`), 500, "<a>")
	f.Add([]byte(`{"sinks":[{"slack":{"token":{"arn":"x"}}}],"also":[{"sinks":null,"watch":{"pattern":{"title":"{$.a}"}}}],"event":"\ud800"}`), 400, "\xff")
	f.Add([]byte(`{"verdict":{"watch":{"deployments":{"verdict":{"afterSeconds":300}}},"sinks":[{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:t"}}],"event":{"source":"aws.codedeploy","detail":{"state":"SUCCESS"}}}}`), 200, "{}")
	f.Add([]byte(`{"widgetContext":{"timeRange":{"start":1,"end":2,"zoom":null}},"timeline":{"service":"<b>","groups":["*"],"metrics":[{"name":"m"}]}}`), 200, "<a>")
	f.Fuzz(func(t *testing.T, payload []byte, status int, body string) {
		synctest.Test(t, func(t *testing.T) {
			w, h := newAround(t)
			answer := reply(200+(status%400+400)%400, body)
			w.aws, w.destination = answer, answer
			_, took, err := w.deliver(t.Context(), h, payload)
			if took > functionTimeout {
				t.Errorf("it took %v", took)
			}
			if err != nil && strings.Contains(err.Error(), "panicked") {
				t.Error(err)
			}
			w.checkLog(t, "the log")
		})
	})
}
