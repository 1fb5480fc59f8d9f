package sink_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/internal/wire"
)

// TestSecretsAreSecrets checks that what the notifier gets as a secret, the user
// gives as one: there is no prop that takes its text.
func TestSecretsAreSecrets(t *testing.T) {
	checked := 0
	for _, c := range cdktest.FullSinks(t, cdktest.Stack(t)) {
		if c.Wire == nil {
			continue
		}
		given, got := set(reflect.ValueOf(c.Full), reflect.TypeFor[sink.Secret]()), 0
		sent := reflect.ValueOf(*c.Wire)
		for i := range sent.NumField() {
			if w := sent.Field(i); !w.IsNil() {
				got = set(w.Elem(), reflect.TypeFor[wire.Secret](), reflect.TypeFor[*wire.Secret]())
			}
		}
		if checked += got; given != got {
			t.Errorf("%T is given %d secrets, and the notifier gets %d", c.Full, given, got)
		}
	}
	if checked < 10 {
		t.Errorf("%d secrets were looked at; the sinks have more", checked)
	}
}

// set counts the fields of a struct that are of one of the types and are set.
func set(value reflect.Value, types ...reflect.Type) (n int) {
	for _, f := range reflect.VisibleFields(value.Type()) {
		if slices.Contains(types, f.Type) && !value.FieldByIndex(f.Index).IsZero() {
			n++
		}
	}
	return n
}

// TestExactlyTheSecretIsGranted compares what the role may do for one secret, in
// every way that a secret can be named.
func TestExactlyTheSecretIsGranted(t *testing.T) {
	const base = "arn:${AWS::Partition}:secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:"
	read := func(arn string) string { return "secretsmanager:GetSecretValue on " + arn }
	for name, tt := range map[string]struct {
		secret func(awscdk.Stack) sink.Secret
		want   []string
	}{
		"by name": {func(s awscdk.Stack) sink.Secret { return cdktest.Secret(s, "a") }, []string{read(base + "a-??????")}},
		"by partial ARN, of another region": {func(s awscdk.Stack) sink.Secret {
			return sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretAttributes(s, jsii.String("S"), &awssecretsmanager.SecretAttributes{
				SecretPartialArn: jsii.String("arn:aws:secretsmanager:eu-west-1:210987654321:secret:a"),
				EncryptionKey:    awskms.Key_FromKeyArn(s, jsii.String("K"), jsii.String("arn:aws:kms:eu-west-1:210987654321:key/k")),
			}), "")
		}, []string{
			read("arn:aws:secretsmanager:eu-west-1:210987654321:secret:a-??????"),
			"kms:Decrypt on arn:aws:kms:eu-west-1:210987654321:key/k if kms:ViaService is secretsmanager.eu-west-1.amazonaws.com",
		}},
		"by whole ARN": {func(s awscdk.Stack) sink.Secret {
			arn := "arn:aws:secretsmanager:eu-west-1:210987654321:secret:a-AbCdEf"
			return sink.FromSecretsManager(awssecretsmanager.Secret_FromSecretCompleteArn(s, jsii.String("S"), jsii.String(arn)), "")
		}, []string{read("arn:aws:secretsmanager:eu-west-1:210987654321:secret:a-AbCdEf")}},
		"of the stack": {func(s awscdk.Stack) sink.Secret {
			return sink.FromSecretsManager(awssecretsmanager.NewSecret(s, jsii.String("S"), nil), "f")
		}, []string{read("${S509448A1}")}},
		"of the stack, with a key": {func(s awscdk.Stack) sink.Secret {
			return sink.FromSecretsManager(awssecretsmanager.NewSecret(s, jsii.String("S"), &awssecretsmanager.SecretProps{
				EncryptionKey: awskms.NewKey(s, jsii.String("K"), nil),
			}), "")
		}, []string{
			read("${S509448A1}"),
			"kms:Decrypt on ${K485CC42E.Arn} if kms:ViaService is secretsmanager.${AWS::Region}.amazonaws.com",
		}},
		"by name, with a key": {func(s awscdk.Stack) sink.Secret {
			return cdktest.Secret(s, "a").WithKey(awskms.NewKey(s, jsii.String("K"), nil))
		}, []string{
			read(base + "a-??????"),
			"kms:Decrypt on ${K485CC42E.Arn} if kms:ViaService is secretsmanager.${AWS::Region}.amazonaws.com",
		}},
		"parameter": {func(s awscdk.Stack) sink.Secret { return cdktest.Parameter(s, "a") },
			[]string{"ssm:GetParameter on arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/some-service/a"}},
		"parameter with a key": {func(s awscdk.Stack) sink.Secret {
			return sink.FromParameter(cdktest.SecureString(s, "a"), awskms.NewKey(s, jsii.String("K"), nil))
		}, []string{
			"ssm:GetParameter on arn:${AWS::Partition}:ssm:${AWS::Region}:${AWS::AccountId}:parameter/some-service/a",
			"kms:Decrypt on ${K485CC42E.Arn} if kms:ViaService is ssm.${AWS::Region}.amazonaws.com",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			cdktest.Send(stack, sink.Teams{Webhook: tt.secret(stack)})
			var got []string
			for _, s := range cdktest.Synthesize(t, stack).Statements() {
				action := cdktest.Flat(s["Action"])
				if service, _, _ := strings.Cut(action, ":"); !slices.Contains([]string{"secretsmanager", "ssm", "kms"}, service) {
					continue
				}
				text := action + " on " + cdktest.Flat(s["Resource"])
				if condition, ok := s["Condition"].(map[string]any); ok {
					for key, value := range condition["StringEquals"].(map[string]any) {
						text += " if " + key + " is " + cdktest.Flat(value)
					}
				}
				got = append(got, text)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("the role may\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}
