package sink

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Webhook posts JSON to any HTTPS endpoint, signed as Standard Webhooks specifies:
// https://www.standardwebhooks.com
type Webhook struct {
	// URL is the endpoint. It is readable in the template, so it must not have a
	// password or a query: use [SecretWebhook] for a URL that is a credential.
	//
	// Required.
	URL string

	// SigningKey signs what is posted: "whsec_" and 24 to 64 bytes in base64. Two
	// keys with a blank between them sign twice, while one replaces the other.
	//
	// Default: nothing is signed.
	SigningKey Secret

	// AllowPrivate lets the endpoint have a private, loopback or link-local address,
	// and be plain HTTP.
	//
	// Default: only public addresses, only HTTPS.
	AllowPrivate bool
}

// SecretWebhook is a [Webhook] whose URL is a secret.
type SecretWebhook struct {
	// URL is the endpoint, kept as a secret.
	//
	// Required.
	URL Secret

	// SigningKey signs what is posted: "whsec_" and 24 to 64 bytes in base64. Two
	// keys with a blank between them sign twice, while one replaces the other.
	//
	// Default: nothing is signed.
	SigningKey Secret

	// AllowPrivate lets the endpoint have a private, loopback or link-local address,
	// and be plain HTTP.
	//
	// Default: only public addresses, only HTTPS.
	AllowPrivate bool
}

var (
	_ Sink = Webhook{}
	_ Sink = SecretWebhook{}
)

// Bind implements [Sink].
func (h Webhook) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Webhook"}
	schemes := []string{"https"}
	if h.AllowPrivate {
		schemes = append(schemes, "http")
	}
	checkURL(&b, "sink.Webhook.URL", h.URL, schemes...)
	h.checkHost(&b)
	b.Wire = &wire.Sink{Webhook: &wire.Webhook{
		URL: h.URL, SigningKey: h.SigningKey.bindOptional(&b, "sink.Webhook.SigningKey"), AllowPrivate: h.AllowPrivate,
	}}
	return b
}

// Bind implements [Sink].
func (h SecretWebhook) Bind(constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "SecretWebhook"}
	url := h.URL.bind(&b, "sink.SecretWebhook.URL")
	b.Wire = &wire.Sink{Webhook: &wire.Webhook{
		SecretURL: &url, SigningKey: h.SigningKey.bindOptional(&b, "sink.SecretWebhook.SigningKey"), AllowPrivate: h.AllowPrivate,
	}}
	return b
}

// credentials are hosts whose URLs are credentials, and the sinks for them.
var credentials = map[string]string{
	"hooks.slack.com":       "sink.SlackWebhook",
	"logic.azure.com":       "sink.Teams",
	"api.powerplatform.com": "sink.Teams",
	"webhook.office.com":    "sink.Teams",
	"discord.com":           "sink.SecretWebhook",
	"discordapp.com":        "sink.SecretWebhook",
}

// checkHost refuses hosts that will not do: what a name resolves to, the notifier
// checks when it connects.
func (h Webhook) checkHost(b *binding.Sink) {
	u, err := url.Parse(h.URL)
	if err != nil || binding.IsToken(h.URL) {
		return
	}
	host := strings.ToLower(u.Hostname())
	for domain, instead := range credentials {
		if host == domain || strings.HasSuffix(host, "."+domain) {
			b.Problemf(binding.BadURL, "sink.Webhook.URL of the host %q is a credential, and everyone who sees the template can read it; use %s", host, instead)
		}
	}
	if isPrivate(host) && !h.AllowPrivate {
		b.Problemf(binding.BadURL, "sink.Webhook.URL of the host %q is a private address; give it a public one, or set AllowPrivate", host)
	}
}

// isPrivate reports whether a host is an address that is not public.
func isPrivate(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && (!addr.Unmap().IsGlobalUnicast() || addr.Unmap().IsPrivate())
}

// checkURL checks a URL that everyone may read. It repeats nothing of it that may
// have been meant to be a secret.
func checkURL(b *binding.Sink, where, value string, schemes ...string) {
	if binding.IsToken(value) {
		return
	}
	u, err := url.Parse(value)
	switch {
	case err != nil || u.Hostname() == "":
		b.Problemf(binding.BadURL, "%s is not a URL; write one such as https://host.example.com/path", where)
	case !slices.ContainsFunc(schemes, func(s string) bool { return strings.HasPrefix(value, s+"://") }):
		b.Problemf(binding.BadURL, "%s of the host %q begins with %q; it must begin with %q", where, u.Hostname(), u.Scheme, schemes)
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		b.Problemf(binding.BadURL, "%s of the host %q has a user, a query or a fragment, and everyone who sees the template can read them; leave them out, or keep the whole URL as a secret where the sink has a field for one", where, u.Hostname())
	}
}
