package rehearsal

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// get returns the headers that a fake gets of a request.
func get(t *testing.T, transport http.RoundTripper, url, sink, place string) (http.Header, error) {
	t.Helper()
	ctx := t.Context()
	if sink != "" {
		ctx = For(ctx, sink, place)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if len(req.Header) > 0 {
		t.Errorf("the request itself was changed: %v", req.Header)
	}
	return res.Header, nil
}

func TestMarks(t *testing.T) {
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, name := range []string{wire.RehearsalSink, wire.RehearsalHost} {
			w.Header().Set(name, r.Header.Get(name))
		}
	}))
	defer fake.Close()
	for _, c := range []struct{ sink, place, want string }{{"", "", ""}, {"slack", "", "slack"}, {"slack", "1.0", "slack 1.0"}} {
		got, err := get(t, Mark(http.DefaultTransport), fake.URL, c.sink, c.place)
		if err != nil || got.Get(wire.RehearsalSink) != c.want || got.Get(wire.RehearsalHost) != "" {
			t.Errorf("a call of AWS for %q is marked %v, %v", c.want, got, err)
		}
		got, err = get(t, Redirect(fake.URL), "https://hooks.slack.com/x", c.sink, c.place)
		if err != nil || got.Get(wire.RehearsalSink) != c.want || got.Get(wire.RehearsalHost) != "https://hooks.slack.com" {
			t.Errorf("a message for %q is marked %v, %v", c.want, got, err)
		}
	}
}

func TestRedirectsToThisMachineAlone(t *testing.T) {
	for _, fake := range []string{"http://192.0.2.1:80", "http://example.com:80", "https://127.0.0.1:80", "127.0.0.1", "x"} {
		if _, err := get(t, Redirect(fake), "https://example.com", "", ""); err == nil || !strings.Contains(err.Error(), wire.RehearsalVariable) {
			t.Errorf("%s: got %v", fake, err)
		}
	}
}
