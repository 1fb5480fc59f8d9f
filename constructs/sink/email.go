package sink

import (
	"fmt"
	"net/mail"
	"strings"
	"unicode"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Email sends a mail, HTML and plain text, through SES in the stack's region.
//
// An address is "team@example.com" or "Team <team@example.com>".
type Email struct {
	// From is the sender. SES must have verified the address or its domain in the
	// stack's account and region.
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
	// address, or the ARN of an identity of another account that lets this one
	// send.
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
	e.check(&b)
	if len(b.Problems) > 0 {
		return b
	}
	settings := &wire.Email{From: e.From, To: e.To, CC: e.CC, ReplyTo: e.ReplyTo, ConfigurationSet: e.ConfigurationSet}
	grant := binding.Grant{Actions: []string{"ses:SendEmail"}}

	if from, err := mail.ParseAddress(e.From); err == nil && !binding.IsToken(e.From) {
		grant.Conditions = map[string]string{"ses:FromAddress": from.Address}
		if e.Identity == "" {
			// Whichever of the two is verified; SES asks for the address if both are.
			_, domain, _ := strings.Cut(from.Address, "@")
			grant.Resources = []string{sesARN(scope, "identity", domain), sesARN(scope, "identity", from.Address)}
		}
	}
	switch {
	case strings.HasPrefix(e.Identity, "arn:"):
		settings.IdentityARN = e.Identity
		grant.Resources = []string{e.Identity}
	case e.Identity != "":
		grant.Resources = []string{sesARN(scope, "identity", e.Identity)}
	}
	if e.ConfigurationSet != "" {
		grant.Resources = append(grant.Resources, sesARN(scope, "configuration-set", e.ConfigurationSet))
	}
	b.Wire = &wire.Sink{Email: settings}
	b.Grants = []binding.Grant{grant}
	return b
}

func (e Email) check(b *binding.Sink) {
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
	checkOneName(b, "Identity", e.Identity)
	checkOneName(b, "ConfigurationSet", e.ConfigurationSet)
	if e.Identity == "" && binding.IsToken(e.From) {
		b.Problemf(binding.NoIdentity, "sink.Email.From is known only at deployment, so its domain is not known now; set Identity")
	}
}

// checkOneName checks what becomes part of an ARN in the notifier's policy.
func checkOneName(b *binding.Sink, where, name string) {
	if !binding.IsToken(name) && strings.ContainsFunc(name, func(r rune) bool { return unicode.IsControl(r) || strings.ContainsRune("*? ", r) }) {
		b.Problemf(binding.BadSetting, "sink.Email.%s %q has a blank, a wildcard or a control character; write the one name", where, name)
	}
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
		return fmt.Errorf("it has a control character")
	}
	if strings.HasPrefix(address, "#{Token[") {
		return fmt.Errorf("it is a list that is known only at deployment")
	}
	parsed, err := mail.ParseAddress(address)
	if err == nil && !ascii(parsed.Address) {
		return fmt.Errorf("SES takes only ASCII in the address itself (a domain as punycode)")
	}
	return err
}

func ascii(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

func sesARN(scope constructs.Construct, resource, name string) string {
	return *awscdk.Stack_Of(scope).FormatArn(&awscdk.ArnComponents{
		Service: jsii.String("ses"), Resource: jsii.String(resource), ResourceName: jsii.String(name),
	})
}
