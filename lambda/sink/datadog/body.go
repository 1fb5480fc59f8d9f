package datadog

import (
	"crypto/sha256"
	"encoding/hex"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxTitle bounds a title, in characters. Version 1 names no limit; this is that
	// of version 2.
	//
	// https://docs.datadoghq.com/api/latest/events/post-an-event
	maxTitle = 500
	// maxText bounds a text, in characters.
	//
	// https://docs.datadoghq.com/api/latest/events/post-an-event
	maxText = 4000
	// maxKey bounds an aggregation key, in characters.
	//
	// https://docs.datadoghq.com/api/latest/events/post-an-event
	maxKey = 100
	// maxAge is how old an event may be: Datadog answers 400 to older ones. A few
	// minutes are kept for the way.
	//
	// https://docs.datadoghq.com/api/latest/events/post-an-event
	maxAge = 18*time.Hour - 5*time.Minute
)

// event is the body of the request.
//
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadogV1/model_event_create_request.go
type event struct {
	Title          string   `json:"title"`
	Text           string   `json:"text"`
	AlertType      string   `json:"alert_type"`
	AggregationKey string   `json:"aggregation_key,omitempty"`
	DateHappened   int64    `json:"date_happened,omitempty"` // seconds
	Tags           []string `json:"tags"`
}

// Body is the request for a notice at the time now. A notice that is too old for
// Datadog is dated now, and its text begins with when it happened.
func Body(n *notice.Notice, cfg wire.Datadog, now time.Time) []byte {
	e := event{
		Title:          notice.Cut(plain(n.Headline()), maxTitle),
		AlertType:      alertType(n),
		AggregationKey: aggregationKey(n.Key),
		Tags:           tags(n, cfg),
	}
	before := ""
	switch {
	case n.Time.IsZero():
	case now.Sub(n.Time) > maxAge:
		before = "This happened at " + n.Time.UTC().Format("2006-01-02 15:04:05 UTC") + ", too long ago for Datadog to show it there.\n"
	default:
		e.DateHappened = n.Time.Unix()
	}
	e.Text = text(n, before)
	return notice.JSON(e)
}

// alertType is Datadog's word for how bad it is.
//
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadogV1/model_event_alert_type.go
func alertType(n *notice.Notice) string {
	switch {
	case n.Severity == notice.Info && n.Status == notice.Resolved:
		return "success"
	case n.Severity == notice.Info:
		return "info"
	case n.Severity == notice.Error, n.Severity == notice.Critical:
		return "error"
	default:
		return "warning"
	}
}

// aggregationKey is the notice's key. The end of a long one is replaced by a hash of
// the whole, so that different keys stay different.
func aggregationKey(key string) string {
	line := plain(notice.Line(key))
	if utf8.RuneCountInString(line) <= maxKey {
		return line
	}
	sum := sha256.Sum256([]byte(key))
	end := hex.EncodeToString(sum[:16])
	return notice.Cut(line, maxKey-len(end)) + end
}
