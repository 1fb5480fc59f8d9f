// Package email sends notices by mail, through Amazon SES.
package email

import (
	"context"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

var _ notice.Sender = (*Sender)(nil)

// Sender sends each notice as one mail.
type Sender struct {
	api *awsapi.Client
	cfg wire.Email
}

// New returns a Sender that mails as cfg says.
func New(api *awsapi.Client, cfg wire.Email) *Sender { return &Sender{api, cfg} }

// call is SES v2's SendEmail in the function's own region: identities and the
// sandbox are matters of one region.
var call = awsapi.Call{Service: "ses", Host: "email", Operation: "SendEmail"}

// Send mails the notice.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	var out struct {
		MessageID string `json:"MessageId"`
	}
	err := s.api.REST(ctx, call, "POST", "/v2/email/outbound-emails", newRequest(s.cfg, n), &out)
	if err == nil && out.MessageID == "" {
		err = fmt.Errorf("%s answered without a MessageId", call)
	}
	return explain(err, s.cfg)
}

// request is the body of SendEmail.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html
type request struct {
	FromEmailAddress            string
	FromEmailAddressIdentityArn string `json:",omitempty"`
	Destination                 destination
	ReplyToAddresses            []string `json:",omitempty"`
	ConfigurationSetName        string   `json:",omitempty"`
	EmailTags                   []pair   `json:",omitempty"`
	Content                     struct {
		Simple struct {
			Subject content
			Body    struct {
				HTML content `json:"Html"`
				Text content
			}
			Headers []pair
		}
	}
}

type destination struct {
	ToAddresses []string
	CcAddresses []string `json:",omitempty"`
}

// content is text with the character set that SES encodes it in. Without it, SES
// accepts 7-bit ASCII only.
type content struct{ Data, Charset string }

type pair struct{ Name, Value string }

func newRequest(cfg wire.Email, n *notice.Notice) *request {
	r := &request{
		FromEmailAddress:            address(cfg.From),
		FromEmailAddressIdentityArn: cfg.IdentityARN,
		Destination:                 destination{addresses(cfg.To), addresses(cfg.CC)},
		ReplyToAddresses:            addresses(cfg.ReplyTo),
		ConfigurationSetName:        cfg.ConfigurationSet,
	}
	for _, t := range []pair{
		{"service", n.Service}, {"kind", string(n.Kind)}, {"severity", string(n.Severity)},
	} {
		if t.Value = tagValue(t.Value); t.Value != "" {
			r.EmailTags = append(r.EmailTags, t)
		}
	}
	m, simple := Render(n), &r.Content.Simple
	simple.Subject = content{m.Subject, "UTF-8"}
	simple.Body.HTML = content{m.HTML, "UTF-8"}
	simple.Body.Text = content{m.Text, "UTF-8"}
	simple.Headers = headers(n)
	return r
}

// headers keep automatic replies away, and let mails about the same thing form a
// thread in clients that go by References. Gmail wants the same subject, too, and a
// subject that says nothing would be worse than no thread. SES sets the headers of the
// message itself and adds these as they are.
//
// https://workspaceupdates.googleblog.com/2019/03/threading-changes-in-gmail-conversation-view.html
// https://docs.aws.amazon.com/ses/latest/dg/header-fields.html
// https://www.rfc-editor.org/rfc/rfc3834#section-5
func headers(n *notice.Notice) []pair {
	h := []pair{{"Auto-Submitted", "auto-generated"}}
	if n.Group() != "" {
		h = append(h, pair{"References", "<" + notice.Hash(n.Group(), 16) + "@extraeye>"})
	}
	return h
}

// maxTag is the length of a message tag's value, which is made of ASCII letters,
// digits, "_" and "-" alone.
//
// https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_MessageTag.html
const maxTag = 256

// tagValue makes a tag's value of s: every other character becomes "-".
func tagValue(s string) string {
	s = strings.Map(func(r rune) rune {
		if 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r == '_' || r == '-' {
			return r
		}
		return '-'
	}, notice.Line(s))
	return s[:min(len(s), maxTag)]
}
