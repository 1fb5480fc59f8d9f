// Package rehearsal sends the requests of a rehearsed notifier to the fakes on its machine, and
// marks them with the sink that they are for.
package rehearsal

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

type sinkKey struct{}

// For returns a context whose requests are marked as those of a sink with a place in the delivery,
// which may be empty.
func For(ctx context.Context, sink, place string) context.Context {
	return context.WithValue(ctx, sinkKey{}, strings.TrimSpace(sink+" "+place))
}

// Mark marks requests with the sink that their context has.
func Mark(next http.RoundTripper) http.RoundTripper { return marker{next} }

type marker struct{ next http.RoundTripper }

func (m marker) RoundTrip(req *http.Request) (*http.Response, error) {
	if sink, ok := req.Context().Value(sinkKey{}).(string); ok {
		req = req.Clone(req.Context())
		req.Header.Set(wire.RehearsalSink, sink)
	}
	return m.next.RoundTrip(req)
}

// Redirect sends every request to the fake of all destinations at a URL. A fake that is not on
// this machine is refused, so that a mistake sends nothing to anybody.
func Redirect(fake string) http.RoundTripper { return Mark(redirect{fake, &http.Transport{}}) }

type redirect struct {
	fake string
	next http.RoundTripper
}

func (r redirect) RoundTrip(req *http.Request) (*http.Response, error) {
	at, err := netip.ParseAddrPort(strings.TrimPrefix(r.fake, "http://"))
	if err != nil || !at.Addr().IsLoopback() {
		return nil, errors.New(wire.RehearsalVariable + " must be http://127.0.0.1: and a port")
	}
	there := req.Clone(req.Context())
	there.Header.Set(wire.RehearsalHost, req.URL.Scheme+"://"+req.URL.Host)
	there.URL.Scheme, there.URL.Host, there.Host = "http", at.String(), ""
	return r.next.RoundTrip(there)
}
