package sink

import (
	"cmp"
	"errors"
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Email sends a mail, HTML and plain text, through SES in the stack's Region.
//
// An address is "team@example.com" or "Team <team@example.com>".
type Email struct {
	// From is the sender. SES must have verified the address or its domain in the
	// stack's account and Region.
	//
	// Required.
	From string

	// To are the recipients. To and CC have at most 50 addresses in all.
	//
	// Required.
	To []string

	// CC are further recipients.
	//
	// Default: none.
	CC []string

	// ReplyTo are the addresses that answers go to.
	//
	// Default: From.
	ReplyTo []string

	// ConfigurationSet is the name of the SES configuration set to send with.
	//
	// Default: the identity's own, or none.
	ConfigurationSet string

	// Identity is the SES identity that the notifier may send from: a domain, an
	// address, or the ARN of an identity in the stack's Region, such as one of another
	// account that lets this one send. What is known only at deployment is taken for a
	// name, unless it is an attribute of an identity: import a name, not an ARN.
	//
	// Default: the domain of From and the address itself, whichever is verified.
	Identity string
}

var _ Sink = Email{}

// maxRecipients is how many recipients a mail can have.
//
// https://docs.aws.amazon.com/ses/latest/dg/quotas.html
const maxRecipients = 50

// Bind implements [Sink].
func (e Email) Bind(scope constructs.Construct) binding.Sink {
	b := binding.Sink{Name: "Email"}
	e.check(&b, scope)
	if len(b.Problems) > 0 {
		return b
	}
	settings := &wire.Email{From: e.From, To: e.To, CC: e.CC, ReplyTo: e.ReplyTo, ConfigurationSet: e.ConfigurationSet}
	if binding.ARN(scope, e.Identity) != "" {
		settings.IdentityARN = e.Identity
	}
	b.Wire = &wire.Sink{Email: settings}
	b.Grants = []binding.Grant{e.send(scope)}
	return b
}

// send lets the notifier send, as the one sender if it is known now. SES asks for the
// permission on the identity and on the configuration set, be it the identity's default
// one, whose name is not known here.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsimpleemailservicev2.html
func (e Email) send(scope constructs.Construct) binding.Grant {
	grant, ses := binding.Grant{Actions: []string{"ses:SendEmail"}}, binding.ARNsOf(scope, "ses")
	from, err := mail.ParseAddress(e.From)
	known := err == nil && !binding.IsToken(e.From)
	if known {
		grant.Conditions = map[string]string{"ses:FromAddress": from.Address}
	}
	switch {
	case binding.ARN(scope, e.Identity) != "":
		grant.Resources = []string{e.Identity}
	case e.Identity != "":
		grant.Resources = []string{ses + "identity/" + e.Identity}
	case known:
		// Whichever of the two is verified; SES asks for the address if both are.
		_, domain, _ := strings.Cut(from.Address, "@")
		grant.Resources = []string{ses + "identity/" + domain, ses + "identity/" + from.Address}
	}
	if e.ConfigurationSet == "" {
		grant.Broad = "ses:SendEmail is granted with any configuration set: an identity can have a default one, for which SES asks, too"
	}
	grant.Resources = append(grant.Resources, ses+"configuration-set/"+cmp.Or(e.ConfigurationSet, "*"))
	return grant
}

func (e Email) check(b *binding.Sink, scope constructs.Construct) {
	checkAddress(b, "From", e.From)
	if len(e.To) == 0 {
		b.Problemf(binding.BadAddress, "sink.Email.To is empty; name at least one recipient")
	}
	for _, list := range []struct {
		name      string
		addresses []string
	}{{"To", e.To}, {"CC", e.CC}, {"ReplyTo", e.ReplyTo}} {
		for i, address := range list.addresses {
			checkAddress(b, fmt.Sprintf("%s[%d]", list.name, i), address)
		}
	}
	if n := len(e.To) + len(e.CC); n > maxRecipients {
		b.Problemf(binding.TooManyRecipients, "sink.Email has %d recipients; SES allows %d, so send to a mailing list", n, maxRecipients)
	}
	if checkOneName(b, "Identity", e.Identity) {
		e.checkIdentity(b, scope)
	}
	checkOneName(b, "ConfigurationSet", e.ConfigurationSet)
	if binding.ARN(scope, e.ConfigurationSet) != "" {
		b.Problemf(binding.BadSetting, "sink.Email.ConfigurationSet %q is an ARN; write the name of the configuration set", e.ConfigurationSet)
	}
}

// checkIdentity checks the identity that the notifier sends from, as far as it is known
// now.
func (e Email) checkIdentity(b *binding.Sink, scope constructs.Construct) {
	if e.Identity == "" {
		if binding.IsToken(e.From) {
			b.Problemf(binding.BadIdentity, "sink.Email.From is known only at deployment, so its domain is not known now; set Identity")
		}
		return
	}
	name := e.Identity
	if arn := binding.ARN(scope, e.Identity); arn != "" {
		name = e.checkIdentityARN(b, scope, arn)
	}
	from, err := mail.ParseAddress(e.From)
	if err != nil || name == "" || binding.IsToken(e.From+name) || strings.Contains(name, "?") {
		return
	}
	if _, domain, _ := strings.Cut(from.Address, "@"); !strings.EqualFold(name, from.Address) && !isWithin(domain, name) {
		b.Problemf(binding.BadIdentity, "sink.Email.Identity %q does not cover the sender %q; write the sender's domain, or the address", name, from.Address)
	}
}

// checkIdentityARN checks an identity that is an ARN, and returns its name, if that is known.
func (e Email) checkIdentityARN(b *binding.Sink, scope constructs.Construct, arn string) (name string) {
	parts := strings.SplitN(arn, ":", 6) // arn:aws:ses:eu-west-1:123456789012:identity/example.com
	if len(parts) < 6 && binding.IsToken(e.Identity) {
		return ""
	}
	parts = append(parts, make([]string, 6)...)
	region := *awscdk.Stack_Of(scope).Region()
	name, isIdentity := strings.CutPrefix(parts[5], "identity/")
	switch {
	case parts[2] != "ses" || !isIdentity || name == "":
		b.Problemf(binding.BadIdentity, "sink.Email.Identity %q is not the ARN of an SES identity; write one such as arn:aws:ses:eu-west-1:123456789012:identity/example.com, or the identity's name", e.Identity)
		return ""
	case parts[3] != region && !strings.Contains(parts[3], "?") && !binding.IsToken(region):
		b.Problemf(binding.Elsewhere, "sink.Email.Identity %q is in the Region %s, and the notifier sends in its own, %s; verify the identity there", e.Identity, parts[3], region)
	}
	return name
}

// isWithin reports whether a domain is another one or below it, as SES has it:
// https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
func isWithin(domain, other string) bool {
	domain, other = strings.ToLower(domain), strings.ToLower(other)
	return domain == other || strings.HasSuffix(domain, "."+other)
}

// checkOneName checks what becomes part of an ARN in the notifier's policy, and reports
// whether it can.
func checkOneName(b *binding.Sink, where, name string) bool {
	if binding.IsToken(name) || !strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("*? ", r) }) {
		return true
	}
	b.Problemf(binding.BadSetting, "sink.Email.%s %q has a blank, a wildcard or a control character; write the one name", where, name)
	return false
}

func checkAddress(b *binding.Sink, where, address string) {
	if err := parseAddress(address); err != nil {
		b.Problemf(binding.BadAddress, "sink.Email.%s %q is not a mail address: %v; write team@example.com or Team <team@example.com>", where, address, err)
	}
}

// parseAddress says what is wrong with an address; a token is left alone.
func parseAddress(address string) error {
	if binding.IsToken(address) {
		return nil
	}
	if strings.ContainsFunc(address, unicode.IsControl) {
		return errors.New("it has a control character")
	}
	if strings.HasPrefix(address, "#{Token[") {
		return errors.New("it is a list that is known only at deployment")
	}
	parsed, err := mail.ParseAddress(address)
	if err == nil && !ascii(parsed.Address) {
		return errors.New("SES takes only ASCII in the address itself (a domain as punycode)")
	}
	return err
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
