package sink_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsses"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
)

// TestMailPermissions checks what the notifier may send from and with: SES asks for the
// permission on the identity and on its configuration set, the identity's default one
// included.
func TestMailPermissions(t *testing.T) {
	const base = "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:"
	for name, tt := range map[string]struct {
		mail      func(awscdk.Stack) sink.Email
		resources []string
		arn       string // of the identity, that the notifier gets
	}{
		"defaults": {
			func(awscdk.Stack) sink.Email { return sink.Email{} },
			[]string{base + "identity/example.com", base + "identity/ops@example.com", base + "configuration-set/*"}, "",
		},
		"configuration set": {
			func(awscdk.Stack) sink.Email { return sink.Email{ConfigurationSet: "set"} },
			[]string{base + "identity/example.com", base + "identity/ops@example.com", base + "configuration-set/set"}, "",
		},
		"identity": {
			func(awscdk.Stack) sink.Email { return sink.Email{Identity: "ops@example.com"} },
			[]string{base + "identity/ops@example.com", base + "configuration-set/*"}, "",
		},
		"identity of another account": {
			func(awscdk.Stack) sink.Email {
				return sink.Email{Identity: "arn:aws:ses:eu-west-1:999999999999:identity/example.com"}
			},
			[]string{"arn:aws:ses:eu-west-1:999999999999:identity/example.com", base + "configuration-set/*"}, "arn:aws:ses:eu-west-1:999999999999:identity/example.com",
		},
		"identity that is an attribute": {
			func(s awscdk.Stack) sink.Email {
				identity := awsses.EmailIdentity_FromEmailIdentityName(s, jsii.String("Identity"), jsii.String("example.com"))
				return sink.Email{Identity: *identity.EmailIdentityArn()}
			},
			[]string{base + "identity/example.com", base + "configuration-set/*"}, base + "identity/example.com",
		},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			mail := tt.mail(stack)
			mail.From, mail.To = "Ops <ops@example.com>", []string{"team@example.com"}
			eye := cdktest.Send(stack, mail)
			cdktest.Correct(t, stack)
			all := cdktest.Synthesize(t, stack)
			for _, s := range all.Statements() {
				if !slices.Contains(cdktest.ActionsOf(s), "ses:SendEmail") {
					continue
				}
				if got, want := cdktest.FlatJSON(t, s["Resource"]), cdktest.Encode(t, tt.resources); got != want {
					t.Errorf("the role may send with\n%s\nwant\n%s", got, want)
				}
				if got := cdktest.FlatJSON(t, s["Condition"]); !strings.Contains(got, `"ses:FromAddress":"ops@example.com"`) {
					t.Errorf("the role may send as %s, want the sender only", got)
				}
			}
			if got := cdktest.Sent(all.Rules(t, stack, eye))[0].Email.IdentityARN; got != tt.arn {
				t.Errorf("the notifier gets the identity %q, want %q", got, tt.arn)
			}
		})
	}
}
