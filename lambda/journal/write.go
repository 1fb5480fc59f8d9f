package journal

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/notice"
)

// target names the API of CloudWatch Logs.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const target = "Logs_20140328"

// Writer writes lines into log groups. A process has a stream for each day in each group, which is
// made when it is first used: a new one for each line would use up the 50 calls a second that AWS
// allows.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html
//
// The zero Writer is ready for use, also by several goroutines.
type Writer struct {
	mu      sync.Mutex
	process string
	made    map[stream]bool // there are few: a process lives for hours
}

type stream struct{ group, name string }

// Write writes a line. Its error is marked as permanent unless another try may succeed.
func (w *Writer) Write(ctx context.Context, api *awsapi.Client, group string, line []byte) error {
	now := time.Now().UTC()
	s, err := w.stream(ctx, api, group, now)
	if err != nil {
		return explain(err, group)
	}
	err = put(ctx, api, s, line, now)
	if hasCode(err, notFound) { // somebody deleted the stream; if it was the group, the next try says so
		w.forget(s)
		return fmt.Errorf("write to the journal %s: %w", group, err)
	}
	return explain(err, group)
}

const (
	notFound = "ResourceNotFoundException"
	exists   = "ResourceAlreadyExistsException"
)

// stream is the stream of the day, which is made unless this process has.
func (w *Writer) stream(ctx context.Context, api *awsapi.Client, group string, now time.Time) (stream, error) {
	s, made := w.today(group, now)
	if made {
		return s, nil
	}
	in := map[string]string{"logGroupName": s.group, "logStreamName": s.name}
	err := api.JSON(ctx, awsapi.Call{Service: "logs", Operation: "CreateLogStream"}, target, in, nil)
	if err != nil && !hasCode(err, exists) {
		return s, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.made[s] = true
	return s, nil
}

// today names the stream of the day, and says whether this process has made it.
func (w *Writer) today(group string, now time.Time) (s stream, made bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.made == nil {
		var id [8]byte
		_, _ = rand.Read(id[:]) // never fails
		w.process, w.made = hex.EncodeToString(id[:]), map[stream]bool{}
	}
	s = stream{group, now.Format("2006/01/02/") + w.process}
	return s, w.made[s]
}

func (w *Writer) forget(s stream) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.made, s)
}

// put writes the line. A sequence token is not needed any more.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func put(ctx context.Context, api *awsapi.Client, s stream, line []byte, now time.Time) error {
	type logEvent struct {
		Timestamp int64  `json:"timestamp"`
		Message   string `json:"message"`
	}
	in := struct {
		Group  string     `json:"logGroupName"`
		Stream string     `json:"logStreamName"`
		Events []logEvent `json:"logEvents"`
	}{s.group, s.name, []logEvent{{timestamp(line, now).UnixMilli(), string(line)}}}
	var out struct {
		Rejected json.RawMessage `json:"rejectedLogEventsInfo"`
	}
	call := awsapi.Call{Service: "logs", Operation: "PutLogEvents"}
	if err := api.JSON(ctx, call, target, in, &out); err != nil {
		return err
	}
	if len(out.Rejected) > 0 && string(out.Rejected) != "null" {
		return notice.Permanent(fmt.Errorf("%s did not take the line: %.200s", call, out.Rejected))
	}
	return nil
}

// oldest is how long ago a line's time may be for it to be found at that time. CloudWatch Logs
// refuses what is older than the group's retention, which may be a day, or 2 hours in the future.
const oldest = 12 * time.Hour

// timestamp is where a line stands in the log: at the time of its event, or now if that is long ago.
func timestamp(line []byte, now time.Time) time.Time {
	var l struct {
		Time time.Time `json:"time"`
	}
	if err := json.Unmarshal(line, &l); err != nil || l.Time.Before(now.Add(-oldest)) || l.Time.After(now.Add(time.Hour)) {
		return now
	}
	return l.Time
}

func hasCode(err error, code string) bool {
	var refused *awsapi.Error
	return errors.As(err, &refused) && refused.Code == code
}

// explain marks the errors that another attempt would not fix, and says what a person can do
// about them.
func explain(err error, group string) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("write to the journal %s: %w", group, err)
	var refused *awsapi.Error
	if !errors.As(err, &refused) || refused.Retryable() || refused.Status < 400 || slices.Contains(passing, refused.Code) {
		return err
	}
	switch refused.Code {
	case notFound:
		err = fmt.Errorf("%w: create the log group again, or remove the journal and deploy", err)
	case "AccessDeniedException":
		err = fmt.Errorf("%w: allow the notifier's role logs:CreateLogStream and logs:PutLogEvents on the log group", err)
	}
	return notice.Permanent(err)
}

// passing are refusals with a 4xx status that pass.
//
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html#API_PutLogEvents_Errors
var passing = []string{"ServiceUnavailableException", "OperationAbortedException"}
