// Package publish sends messages to SNS topics, and says what SNS's answers mean.
package publish

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// version is the version of SNS's API.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
const version = "2010-03-31"

// ToTopic sends a message to a topic, given by its ARN, in the topic's region. The
// parameters are those of SNS's Publish except for the topic. Its error is marked as
// permanent unless another try may succeed.
func ToTopic(ctx context.Context, api *awsapi.Client, topic string, parameters url.Values) error {
	arn := strings.Split(topic, ":") // arn:partition:sns:region:account:name
	if len(arn) != 6 || arn[0] != "arn" || arn[2] != "sns" || arn[3] == "" || arn[5] == "" || strings.HasSuffix(arn[5], ".fifo") {
		return notice.Permanent(fmt.Errorf("%q is not the ARN of a standard SNS topic: correct the sink and deploy it", topic))
	}
	parameters.Set("TopicArn", topic)
	call := awsapi.Call{Service: "sns", Operation: "Publish", Region: arn[3]}
	var out struct {
		MessageID string `xml:"PublishResult>MessageId"`
	}
	err := api.Query(ctx, call, version, parameters, &out)
	if err == nil && out.MessageID == "" {
		err = fmt.Errorf("%s answered without a MessageId", call)
	}
	return explain(err, topic)
}

// explain marks the errors that another attempt would not fix, and says what a
// person can do about them.
//
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
func explain(err error, topic string) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("publish to %s: %w", topic, err)
	var refused *awsapi.Error
	if !errors.As(err, &refused) || refused.Retryable() || refused.Status < 400 {
		return err
	}
	switch code := refused.Code; {
	case code == "NotFound":
		err = fmt.Errorf("%w: create the topic again, or remove the sink and deploy", err)
	case code == "AuthorizationError", strings.HasPrefix(code, "AccessDenied"):
		err = fmt.Errorf("%w: allow the notifier's role sns:Publish on the topic; the policy of a topic in another account must allow it, too", err)
	case strings.HasPrefix(code, "KMS"):
		err = fmt.Errorf("%w: allow the notifier's role kms:GenerateDataKey and kms:Decrypt with the topic's key, and make sure that the key is enabled", err)
	case code == "InvalidParameter", code == "ParameterValueInvalid", code == "ValidationException":
		err = fmt.Errorf("%w: correct the sink; a FIFO topic cannot be used", err)
	}
	return notice.Permanent(err)
}
