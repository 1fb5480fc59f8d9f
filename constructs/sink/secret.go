package sink

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awskms"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// Secret says where a secret is kept. The notifier reads it there when it sends,
// and may read nothing else; the secret itself is never in the template.
//
// Exactly one of Secret and Parameter is set.
type Secret struct {
	// Secret is a secret in Secrets Manager. One that is imported by its name or a
	// part of its ARN will do.
	//
	// Default: none; then set Parameter.
	Secret awssecretsmanager.ISecret

	// Field is the field that is used of a Secret that is a JSON object.
	//
	// Default: the whole Secret is used.
	Field string

	// Parameter is a SecureString parameter in SSM, in the stack's region. Import it
	// with awsssm.StringParameter_FromSecureStringParameterAttributes.
	//
	// Default: none; then set Secret.
	Parameter awsssm.IParameter

	// Key is the KMS key that the Secret or the Parameter is encrypted with. Always
	// set it for a Parameter with a key of yours: CDK tells nobody the EncryptionKey
	// that a parameter was imported with.
	//
	// Default: the key that the Secret knows of; without one, AWS's own key.
	Key awskms.IKey
}

// secureString is the type of a parameter that is encrypted.
//
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
const secureString = "SecureString"

// set reports whether the secret was given at all.
func (s Secret) set() bool { return s != Secret{} }

// bind adds to b what the secret asks for, and returns what the notifier gets of
// it. Where is the prop, such as "sink.Teams.Webhook".
func (s Secret) bind(b *binding.Sink, where string) wire.Secret {
	switch {
	case s.Secret == nil && s.Parameter == nil:
		b.Problemf(binding.BadSecret, "%s names no secret; set its Secret or its Parameter", where)
	case s.Secret != nil && s.Parameter != nil:
		b.Problemf(binding.BadSecret, "%s has both a Secret and a Parameter; set one of them", where)
	case s.Secret != nil:
		return s.inSecretsManager(b)
	case s.Field != "":
		b.Problemf(binding.BadSecret, "%s has the Field %q, which only a Secret can have; leave it out, and keep in the Parameter nothing but the secret", where, s.Field)
	case *s.Parameter.ParameterType() != secureString:
		b.Problemf(binding.BadSecret, "%s.Parameter %s is not known to be a SecureString; store it as one, and import it with awsssm.StringParameter_FromSecureStringParameterAttributes", where, *s.Parameter.Node().Path())
	default:
		return s.inSSM(b)
	}
	return wire.Secret{}
}

func (s Secret) inSecretsManager(b *binding.Sink) wire.Secret {
	arn := s.Secret.SecretFullArn()
	if arn == nil {
		// Secrets Manager adds six characters to the name of a secret.
		// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
		partial := *s.Secret.SecretArn() + "-??????"
		arn = &partial
	}
	b.Grants = append(b.Grants, binding.Grant{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{*arn}})
	key := s.Key
	if key == nil {
		key = s.Secret.EncryptionKey()
	}
	decrypt(b, key, "secretsmanager", *s.Secret.Env().Region)
	return wire.Secret{ARN: *s.Secret.SecretArn(), Field: s.Field}
}

func (s Secret) inSSM(b *binding.Sink) wire.Secret {
	b.Grants = append(b.Grants, binding.Grant{Actions: []string{"ssm:GetParameter"}, Resources: []string{*s.Parameter.ParameterArn()}})
	decrypt(b, s.Key, "ssm", *s.Parameter.Env().Region)
	return wire.Secret{Parameter: *s.Parameter.ParameterName()}
}

// decrypt lets a service use a key for the notifier. AWS's own keys, which nobody
// names, let everyone in the account who may ask the service.
//
// https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service
func decrypt(b *binding.Sink, key awskms.IKey, service, region string) {
	if key == nil {
		return
	}
	b.Grants = append(b.Grants, binding.Grant{
		Actions:    []string{"kms:Decrypt"},
		Resources:  []string{*key.KeyArn()},
		Conditions: map[string]string{"kms:ViaService": service + "." + region + ".amazonaws.com"},
	})
}
