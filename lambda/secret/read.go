package secret

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// read asks the service that has the secret.
func (s *Store) read(ctx context.Context, ref wire.Secret) (text string, err error) {
	switch {
	case ref.ARN != "":
		return s.readSecret(ctx, ref)
	case ref.Parameter != "":
		return s.readParameter(ctx, ref)
	}
	return "", notice.Permanent(errors.New("the sink names no secret: correct the sink and deploy it"))
}

// readSecret asks Secrets Manager in the region of the secret's ARN.
//
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
func (s *Store) readSecret(ctx context.Context, ref wire.Secret) (text string, err error) {
	arn := strings.Split(ref.ARN, ":") // arn:partition:secretsmanager:region:account:secret:name
	if len(arn) != 7 || arn[0] != "arn" || arn[2] != "secretsmanager" {
		return "", notice.Permanent(fmt.Errorf("%q is not the ARN of a secret in Secrets Manager: correct the sink and deploy it", ref.ARN))
	}
	in := struct {
		SecretID string `json:"SecretId"`
	}{ref.ARN}
	var out struct {
		SecretString *string
		SecretBinary string
	}
	call := awsapi.Call{Service: "secretsmanager", Operation: "GetSecretValue", Region: arn[3]}
	if err := s.api.JSON(ctx, call, "secretsmanager", in, &out); err != nil {
		return "", explain(err, ref)
	}
	if out.SecretString == nil {
		return "", notice.Permanent(fmt.Errorf("%s has no text, only binary data: store the secret as text", ref.ARN))
	}
	return *out.SecretString, nil
}

// readParameter asks SSM, in the region of the parameter's ARN if it is given by one.
//
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html
func (s *Store) readParameter(ctx context.Context, ref wire.Secret) (text string, err error) {
	in := struct {
		Name           string
		WithDecryption bool
	}{ref.Parameter, true}
	var out struct{ Parameter struct{ Value string } }
	call := awsapi.Call{Service: "ssm", Operation: "GetParameter"}
	if arn := strings.Split(ref.Parameter, ":"); len(arn) == 6 && arn[0] == "arn" { // arn:partition:ssm:region:account:parameter/name
		call.Region = arn[3]
	}
	if err := s.api.JSON(ctx, call, "AmazonSSM", in, &out); err != nil {
		return "", explain(err, ref)
	}
	return out.Parameter.Value, nil
}

// valueOf returns the field of the secret that is asked for, or all of it. A line
// break at the end, as editors and echo leave it, is not part of it.
func valueOf(ref wire.Secret, text string) (string, error) {
	if ref.Field != "" {
		var fields map[string]json.RawMessage
		// What the decoder says about text that is not JSON may repeat some of it.
		if json.Unmarshal([]byte(text), &fields) != nil {
			return "", notice.Permanent(fmt.Errorf("%s is not a JSON object: store it as one with the field %q, or remove the field from the sink", name(ref), ref.Field))
		}
		text = ""
		if json.Unmarshal(fields[ref.Field], &text) != nil {
			return "", notice.Permanent(fmt.Errorf("%s has no text in the field %q: store it there, or name another field in the sink", name(ref), ref.Field))
		}
	}
	if text = strings.TrimRight(text, "\r\n"); text == "" {
		return "", notice.Permanent(fmt.Errorf("%s is empty: store the secret in it", name(ref)))
	}
	return text, nil
}

// explain marks the errors that another attempt would not fix, and says what a
// person can do about them.
//
// https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html#API_GetSecretValue_Errors
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html#API_GetParameter_Errors
func explain(err error, ref wire.Secret) error {
	err = fmt.Errorf("read %s: %w", name(ref), err)
	var refused *awsapi.Error
	if !errors.As(err, &refused) || refused.Retryable() || refused.Status < 400 {
		return err
	}
	switch code := refused.Code; {
	case code == "ResourceNotFoundException", code == "ParameterNotFound":
		err = fmt.Errorf("%w: create it again, or correct the sink and deploy it", err)
	case strings.HasPrefix(code, "AccessDenied"):
		err = fmt.Errorf("%w: allow the notifier's role secretsmanager:GetSecretValue or ssm:GetParameter on it, and kms:Decrypt with its key; the policies of a secret and a key in another account must allow it, too", err)
	case code == "DecryptionFailure", code == "InvalidKeyId":
		err = fmt.Errorf("%w: make sure that its KMS key is enabled, and allow the notifier's role kms:Decrypt with it", err)
	case code == "InvalidRequestException":
		err = fmt.Errorf("%w: if it is going to be deleted, restore it", err)
	}
	return notice.Permanent(err)
}
