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
// [FromSecretsManager] and [FromParameter] make one.
type Secret struct {
	secret    awssecretsmanager.ISecret
	field     string
	parameter awsssm.IParameter
	key       awskms.IKey
}

// FromSecretsManager is a secret in Secrets Manager: a field of it, if it is a JSON
// object; with an empty field, all of it. A secret that is imported by its name or a part
// of its ARN will do. If it was imported and is encrypted with a key of yours, add the key
// with [Secret.WithKey].
func FromSecretsManager(secret awssecretsmanager.ISecret, field string) Secret {
	return Secret{secret: secret, field: field}
}

// FromParameter is a SecureString parameter in SSM, in the stack's region. Import it with
// awsssm.StringParameter_FromSecureStringParameterAttributes. The key is the one that it
// is encrypted with; nil, if that is AWS's own. It cannot be left to the parameter, since
// CDK does not reveal the EncryptionKey that a parameter was imported with.
func FromParameter(parameter awsssm.IParameter, key awskms.IKey) Secret {
	return Secret{parameter: parameter, key: key}
}

// WithKey is the same secret, encrypted with a key that CDK does not know of: that of a
// secret in Secrets Manager which was imported without it.
func (s Secret) WithKey(key awskms.IKey) Secret {
	s.key = key
	return s
}

// secureString is the type of a parameter that is encrypted.
//
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
const secureString = "SecureString"

// isSet reports whether the secret was given at all.
func (s Secret) isSet() bool { return s.secret != nil || s.parameter != nil }

// bind adds to b what the secret asks for, and returns what the notifier gets of
// it. Where is the prop, such as "sink.Teams.Webhook".
func (s Secret) bind(b *binding.Sink, where string) wire.Secret {
	switch {
	case s.secret != nil:
		return s.inSecretsManager(b)
	case s.parameter == nil:
		b.Problemf(binding.BadSecret, "%s is missing; give it a secret, with sink.FromSecretsManager or sink.FromParameter", where)
	case *s.parameter.ParameterType() != secureString:
		b.Problemf(binding.BadSecret, "%s: the parameter %s is not known to be a SecureString; store it as one, and import it with awsssm.StringParameter_FromSecureStringParameterAttributes", where, *s.parameter.Node().Path())
	default:
		return s.inSSM(b)
	}
	return wire.Secret{}
}

// bindOptional is bind for a secret that may be left out.
func (s Secret) bindOptional(b *binding.Sink, where string) *wire.Secret {
	if !s.isSet() {
		return nil
	}
	bound := s.bind(b, where)
	return &bound
}

func (s Secret) inSecretsManager(b *binding.Sink) wire.Secret {
	arn := s.secret.SecretFullArn()
	if arn == nil {
		// Secrets Manager adds six characters to the name of a secret.
		// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
		partial := *s.secret.SecretArn() + "-??????"
		arn = &partial
	}
	b.Grants = append(b.Grants, binding.Grant{Actions: []string{"secretsmanager:GetSecretValue"}, Resources: []string{*arn}})
	key := s.key
	if key == nil {
		key = s.secret.EncryptionKey()
	}
	decrypt(b, key, "secretsmanager", *s.secret.Env().Region)
	return wire.Secret{ARN: *s.secret.SecretArn(), Field: s.field}
}

func (s Secret) inSSM(b *binding.Sink) wire.Secret {
	b.Grants = append(b.Grants, binding.Grant{Actions: []string{"ssm:GetParameter"}, Resources: []string{*s.parameter.ParameterArn()}})
	decrypt(b, s.key, "ssm", *s.parameter.Env().Region)
	return wire.Secret{Parameter: *s.parameter.ParameterName()}
}

// decrypt lets a service use a key for the notifier. AWS's own keys, which are never
// named, are open to everyone in the account who may use the service.
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
