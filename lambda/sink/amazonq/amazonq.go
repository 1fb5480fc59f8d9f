// Package amazonq tells notices in Slack and Teams through Amazon Q Developer in
// chat applications (once AWS Chatbot): it publishes custom notifications to an SNS
// topic, and needs no secret.
package amazonq

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

var _ notice.Sender = (*Sender)(nil)

// version is the version of SNS's API.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const version = "2010-03-31"

// Sender publishes each notice as one custom notification.
type Sender struct {
	api *awsapi.Client
	cfg wire.AmazonQ
}

// New returns a Sender that publishes as cfg says.
func New(api *awsapi.Client, cfg wire.AmazonQ) *Sender { return &Sender{api, cfg} }

// Send publishes the notice in the topic's region. That SNS took it does not mean
// that a channel shows it: what Amazon Q cannot read it drops without a word.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	arn := strings.Split(s.cfg.TopicARN, ":") // arn:partition:sns:region:account:name
	if len(arn) != 6 || arn[0] != "arn" || arn[2] != "sns" || arn[3] == "" || arn[5] == "" || strings.HasSuffix(arn[5], ".fifo") {
		return notice.Permanent(fmt.Errorf("%q is not the ARN of a standard SNS topic: correct the sink and deploy it", s.cfg.TopicARN))
	}
	call := awsapi.Call{Service: "sns", Operation: "Publish", Region: arn[3]}
	in := url.Values{"TopicArn": {s.cfg.TopicARN}, "Message": {string(Body(n))}}
	return explain(s.api.Query(ctx, call, version, in, nil), s.cfg.TopicARN)
}

// explain marks the errors that another try would meet again and says what a
// person can do about them.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
func explain(err error, arn string) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("publish to %s for Amazon Q: %w", arn, err)
	var refused *awsapi.Error
	if !errors.As(err, &refused) || refused.Retryable() || refused.Status < 400 {
		return err
	}
	switch code := refused.Code; {
	case code == "NotFound":
		err = fmt.Errorf("%w: create the topic again, or take the sink away and deploy", err)
	case code == "AuthorizationError", strings.HasPrefix(code, "AccessDenied"):
		err = fmt.Errorf("%w: let the notifier's role do sns:Publish on the topic; the policy of another account's topic must let it too", err)
	case strings.HasPrefix(code, "KMS"):
		err = fmt.Errorf("%w: let the notifier's role do kms:GenerateDataKey and kms:Decrypt with the topic's key, and see that the key is enabled", err)
	case code == "InvalidParameter", code == "ParameterValueInvalid", code == "ValidationException":
		err = fmt.Errorf("%w: correct the sink", err)
	}
	return notice.Permanent(err)
}
