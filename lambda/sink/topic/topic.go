// Package topic tells notices by publishing readable text to an Amazon SNS topic.
package topic

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
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

// Sender publishes each notice as one message.
type Sender struct {
	api *awsapi.Client
	cfg wire.Topic
}

// New returns a Sender that publishes as cfg says.
func New(api *awsapi.Client, cfg wire.Topic) *Sender { return &Sender{api, cfg} }

// Send publishes the notice in the topic's region, with the attributes service,
// kind and severity for subscriptions' filter policies.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	arn := strings.Split(s.cfg.ARN, ":") // arn:partition:sns:region:account:name
	if len(arn) != 6 || arn[0] != "arn" || arn[2] != "sns" || arn[3] == "" || arn[5] == "" {
		return notice.Permanent(fmt.Errorf("%q is not the ARN of an SNS topic: correct the sink and deploy it", s.cfg.ARN))
	}
	call := awsapi.Call{Service: "sns", Operation: "Publish", Region: arn[3]}
	return explain(s.api.Query(ctx, call, version, parameters(s.cfg.ARN, n), nil), s.cfg.ARN)
}

func parameters(arn string, n *notice.Notice) url.Values {
	in := url.Values{"TopicArn": {arn}, "Subject": {subject(n)}}
	room := maxMessage
	i := 0
	for _, attribute := range [][2]string{{"service", n.Service}, {"kind", string(n.Kind)}, {"severity", string(n.Severity)}} {
		name, value := attribute[0], notice.Line(attribute[1])
		if value == "" { // SNS refuses an empty value
			continue
		}
		i++
		entry := "MessageAttributes.entry." + strconv.Itoa(i) + "."
		in.Set(entry+"Name", name)
		in.Set(entry+"Value.DataType", "String")
		in.Set(entry+"Value.StringValue", value)
		room -= len(name) + len("String") + len(value)
	}
	in.Set("Message", message(n, room))
	return in
}

// explain marks the errors that another try would meet again and says what a
// person can do about them.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
func explain(err error, arn string) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("publish to %s: %w", arn, err)
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
		err = fmt.Errorf("%w: correct the sink; a FIFO topic cannot be told", err)
	}
	return notice.Permanent(err)
}
