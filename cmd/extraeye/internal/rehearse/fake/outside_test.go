package fake

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/rehearsal"
	"github.com/extraeye/extraeye/lambda/secret"
)

// request sends a request to a destination as the notifier does in a rehearsal.
func request(t *testing.T, s *Server, sink, url, body string, header map[string]string) (int, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(rehearsal.For(t.Context(), sink, "0.1"), "POST", url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := post.NewHTTPClient(s.URL).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(answer)
}

// Every destination answers at any URL, and so does one that is not known. The requests
// are recorded.
func TestDestinationsAnswer(t *testing.T) {
	s, _ := start(t, Config{})
	const url, body = "https://prod-00.example.com:443/workflows/x?sp=%2Fa&sig=b", `{"dedup_key":"k"}`
	for _, sink := range append(destination.OutsideAWS(), "carrierPigeon") {
		t.Run(sink, func(t *testing.T) {
			want := destination.Answer(sink, "/workflows/x", []byte(body))
			s.Play(Delivery{})
			status, answer := request(t, s, sink, url, body, nil)
			if status != want.Status || answer != string(want.Body) {
				t.Errorf("got %d %s, want %d %s", status, answer, want.Status, want.Body)
			}
			calls := s.Calls()
			if len(calls) != 1 || calls[0].URL != url || calls[0].Service != sink || calls[0].Place != "0.1" || calls[0].Operation != "POST" || calls[0].Status != want.Status || calls[0].Input != body {
				t.Errorf("the calls are %+v", calls)
			}
		})
	}
}

func TestAnswersOfDestinations(t *testing.T) {
	dir := t.TempDir()
	write := func(name, body string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	write("slack.json", `{"ok":false,"error":"channel_not_found"}`)
	write("teams.txt", "busy")
	write("pagerduty.429.json", `{"status":"throttle exceeded"}`)
	write("notes.txt", "no answer")
	s, _ := start(t, Config{Answers: dir})
	for _, c := range []struct {
		sink   string
		status int
		want   string
	}{{"slack", 200, "channel_not_found"}, {"teams", 200, "busy"}, {"pagerduty", 429, "throttle exceeded"}, {"grafana", 200, "Annotation added"}} {
		s.Play(Delivery{})
		if status, answer := request(t, s, c.sink, "https://example.com/x", "{}", nil); status != c.status || !strings.Contains(answer, c.want) {
			t.Errorf("%s answers %d %s", c.sink, status, answer)
		}
	}
	for _, name := range []string{"teams.often.txt", "teams.99.json"} {
		path := write(name, "")
		if _, err := Start(Config{Answers: dir}); err == nil || !strings.Contains(err.Error(), "has no HTTP status") {
			t.Errorf("%s: got %v", name, err)
		}
		os.Remove(path)
	}
}

// everySink has a secret for every [wire.Secret] in the contract, some of them
// fields of one secret, and returns what it set.
func everySink() (sink wire.Sink, refs []wire.Secret) {
	set := func(v reflect.Value, name string) {
		ref := wire.Secret{Parameter: "/some-service/" + name}
		if len(refs)%2 == 0 {
			ref = wire.Secret{ARN: "arn:aws:secretsmanager:us-east-1:123456789012:secret:shared", Field: name}
		}
		refs = append(refs, ref)
		v.Set(reflect.ValueOf(ref))
	}
	sinks := reflect.ValueOf(&sink).Elem()
	for i := range sinks.NumField() {
		config := reflect.New(sinks.Field(i).Type().Elem())
		sinks.Field(i).Set(config)
		for j := range config.Elem().NumField() {
			field, name := config.Elem().Field(j), config.Elem().Type().Name()+config.Elem().Type().Field(j).Name
			switch field.Interface().(type) {
			case wire.Secret:
				set(field, name)
			case *wire.Secret:
				field.Set(reflect.New(field.Type().Elem()))
				set(field.Elem(), name)
			}
		}
	}
	return sink, refs
}

// Every secret of the contract can be read by the notifier's own store, and is hidden
// wherever it is sent.
func TestSecrets(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKID")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	s, _ := start(t, Config{Endpoint: "http://127.0.0.1:1"}) // an emulator is not asked
	t.Setenv("AWS_ENDPOINT_URL", s.URL)
	sink, refs := everySink()
	s.AddSecrets(sink)
	store := secret.New(awsapi.New(awsapi.NewHTTPClient(), "us-east-1"))
	if len(refs) < 9 {
		t.Fatalf("%d secrets", len(refs))
	}
	seen := map[string]bool{}
	for _, ref := range refs {
		name := ref.Field + ref.Parameter
		err := store.Use(t.Context(), ref, func(value string) error {
			if seen[value] || value == "" || value == "rehearsal-of-a-secret" {
				t.Errorf("%s is made up as %q", name, value)
			}
			seen[value] = true
			s.Play(Delivery{})
			request(t, s, "webhook", "https://example.com/?key="+value, `{"key":"`+value+`"}`, map[string]string{"Authorization": "Bearer " + value})
			if call, _ := json.Marshal(s.Calls()); strings.Contains(string(call), value) || strings.Count(string(call), hidden) != 3 {
				t.Errorf("%s is not hidden in %s", name, call)
			}
			if strings.HasPrefix(value, "https://") {
				request(t, s, "webhook", value, "{}", nil)
				if last := s.Calls()[1].URL; !strings.HasSuffix(last, "/"+hidden) || strings.Contains(last, "?") {
					t.Errorf("the URL %s is shown as %s", name, last)
				}
			}
			if got := s.Hide("a " + value + " b"); got != "a "+hidden+" b" {
				t.Errorf("%s is not hidden in %s", name, got)
			}
			return nil
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A user's own answers may have real secrets.
func TestGivenSecretsAreHidden(t *testing.T) {
	dir := t.TempDir()
	for name, body := range map[string]string{
		"secretsmanager.GetSecretValue.json": `{"SecretString":"{\"token\":\"xoxb-\\\"given\\\"\",\"port\":\"1\"}"}`,
		"ssm.GetParameter.json":              `{"Parameter":{"Value":"https://hooks.slack.com/services/T1/B1/given"}}`,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, _ := start(t, Config{Answers: dir})
	s.Play(Delivery{})
	request(t, s, "slack", "https://hooks.slack.com/services/T1/B1/given", `{"a":"xoxb-\"given\"","b":1}`, map[string]string{"Authorization": `xoxb-"given"`})
	c := s.Calls()[0]
	if c.URL != "https://hooks.slack.com/"+hidden || c.Input != `{"a":"•••","b":1}` || strings.Contains(s.Hide(`xoxb-"given" /services/T1/B1/given`), "given") {
		t.Errorf("the call is %+v", c)
	}
}
