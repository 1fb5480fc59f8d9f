package deadletters

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
)

const (
	// hold is for how long a message is nobody else's while a person reads about it, and again
	// while it is sent.
	hold = 10 * time.Minute
	// maxMessages is how many messages are read at a time.
	maxMessages = 1000
	// pollSeconds is how long SQS looks for messages on all of its servers, which it does not do
	// if it is zero.
	//
	// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
	pollSeconds = 1
)

// message is a message that is held.
type message struct {
	id, handle, body string
	sent             time.Time
	attributes       map[string]string
}

// queue is a queue whose messages are held while they are handled.
type queue struct {
	api *awsapi.Client
	url string
}

// sqs calls SQS.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
func (q queue) sqs(ctx context.Context, call awsapi.Call, in map[string]any, out any) error {
	in["QueueUrl"] = q.url
	return q.api.JSON(ctx, call, "AmazonSQS", in, out)
}

// heldByOthers is how many messages somebody else is handling now. A queue that moves messages to
// another one after they were read some times is refused: reading is not to do that.
func (q queue) heldByOthers(ctx context.Context) (int, error) {
	var answer struct{ Attributes map[string]string }
	in := map[string]any{"AttributeNames": []string{"ApproximateNumberOfMessagesNotVisible", "RedrivePolicy"}}
	if err := q.sqs(ctx, awsapi.Call{Service: "sqs", Operation: "GetQueueAttributes"}, in, &answer); err != nil {
		return 0, err
	}
	if answer.Attributes["RedrivePolicy"] != "" {
		return 0, fmt.Errorf("the queue %s has a dead-letter queue of its own, to which reading would move messages; remove its redrive policy", q.url)
	}
	n, _ := strconv.Atoi(answer.Attributes["ApproximateNumberOfMessagesNotVisible"])
	return n, nil
}

// receive holds all messages that are not held yet, up to maxMessages.
func (q queue) receive(ctx context.Context) ([]message, error) {
	var all []message
	for len(all) < maxMessages {
		var page struct {
			Messages []struct {
				ID                  string `json:"MessageId"`
				ReceiptHandle, Body string
				Attributes          map[string]string
				MessageAttributes   map[string]struct{ StringValue string }
			}
		}
		in := map[string]any{
			"MaxNumberOfMessages": 10, "VisibilityTimeout": int(hold / time.Second), "WaitTimeSeconds": pollSeconds,
			"MessageSystemAttributeNames": []string{"SentTimestamp"}, "MessageAttributeNames": []string{"All"},
		}
		err := q.sqs(ctx, awsapi.Call{Service: "sqs", Operation: "ReceiveMessage"}, in, &page)
		if err != nil || len(page.Messages) == 0 {
			return all, err
		}
		for _, m := range page.Messages {
			one := message{id: m.ID, handle: m.ReceiptHandle, body: m.Body, attributes: map[string]string{}}
			if ms, err := strconv.ParseInt(m.Attributes["SentTimestamp"], 10, 64); err == nil {
				one.sent = time.UnixMilli(ms).UTC()
			}
			for name, value := range m.MessageAttributes {
				one.attributes[name] = value.StringValue
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// errNotHeld is the error of a message that was held for too long, so that somebody else may have
// it.
var errNotHeld = errors.New("it was not sent, because it was not held any more: somebody else may have it; list the queue again")

// holdOn holds a message for longer.
func (q queue) holdOn(ctx context.Context, m message) error {
	err := q.visible(ctx, m, hold)
	if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Status < 500 && !refused.Throttled() {
		return fmt.Errorf("%w (%w)", errNotHeld, err)
	}
	return err
}

// release puts a message back.
func (q queue) release(ctx context.Context, m message) error { return q.visible(ctx, m, 0) }

// visible says when a message is to be seen by others.
//
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
func (q queue) visible(ctx context.Context, m message, after time.Duration) error {
	in := map[string]any{"ReceiptHandle": m.handle, "VisibilityTimeout": int(after / time.Second)}
	return q.sqs(ctx, awsapi.Call{Service: "sqs", Operation: "ChangeMessageVisibility"}, in, nil)
}

func (q queue) remove(ctx context.Context, m message) error {
	return q.sqs(ctx, awsapi.Call{Service: "sqs", Operation: "DeleteMessage"}, map[string]any{"ReceiptHandle": m.handle}, nil)
}
