package post

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/rehearsal"
)

// NewHTTPClient returns the HTTP client that messages are sent with. The argument
// is the value of [wire.RehearsalVariable]; empty: messages go where they are addressed to.
func NewHTTPClient(fake string) *http.Client {
	hc := awsapi.NewHTTPClient()
	if fake != "" {
		hc.Transport = rehearsal.Redirect(fake)
	}
	return hc
}

// NewGuardedHTTPClient is [NewHTTPClient] for addresses that nobody has checked: it
// connects to public addresses only, whatever names resolve to, and through no
// proxy, which would connect in its place.
func NewGuardedHTTPClient(fake string) *http.Client {
	hc := NewHTTPClient(fake)
	if t, ok := hc.Transport.(*http.Transport); ok {
		t.Proxy = nil
		t.DialContext = (&net.Dialer{Timeout: 3 * time.Second, Control: public}).DialContext
	}
	return hc
}

// privateError is an address that is not connected to.
type privateError struct{ addr string }

func (e *privateError) Error() string {
	return e.addr + " is not a public address: use a public one; for a webhook sink, AllowPrivate allows others"
}

// public is a [net.Dialer.Control]: it sees the address after its name was
// resolved, just before the connection is made.
func public(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !isPublic(at.Addr()) {
		return &privateError{address}
	}
	return nil
}

// special are the blocks within the public ranges that are not public, or whose
// addresses contain another address that may not be.
//
// https://www.iana.org/assignments/iana-ipv4-special-registry
// https://www.iana.org/assignments/iana-ipv6-special-registry
const special = "0.0.0.0/8 100.64.0.0/10 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 " +
	"2001::/23 2001:db8::/32 2002::/16 3fff::/20"

// isPublic reports whether an address is one of the public internet. IPv6 has
// these in 2000::/3 alone, which excludes NAT64, unique local addresses and the
// metadata service.
func isPublic(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	if !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !netip.MustParsePrefix("2000::/3").Contains(a) {
		return false
	}
	for block := range strings.FieldsSeq(special) {
		if netip.MustParsePrefix(block).Contains(a) {
			return false
		}
	}
	return true
}
