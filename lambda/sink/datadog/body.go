package datadog

import (
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxTitle bounds a title, in characters. Version 1 documents no limit; this is that
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
	// maxAge is how old an event may be: Datadog answers 400 to older ones. Five minutes
	// are left for the request to get there.
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
		AggregationKey: aggregationKey(n.Group()),
		Tags:           tags(n, cfg),
	}
	before := ""
	switch {
	case n.Time.IsZero():
	case now.Sub(n.Time) > maxAge:
		before = "This happened at " + notice.Stamp(n.Time) + ", too long ago for Datadog to show it there.\n"
	default:
		e.DateHappened = n.Time.Unix()
	}
	e.Text = text(n, before)
	return notice.JSON(e)
}

// alertTypes are Datadog's names for the levels.
//
// https://github.com/DataDog/datadog-api-client-go/blob/master/api/datadogV1/model_event_alert_type.go
var alertTypes = [notice.Levels]string{
	notice.LevelInfo: "info", notice.LevelOK: "success", notice.LevelWarning: "warning", notice.LevelError: "error", notice.LevelCritical: "error",
}

// alertType is that of the notice's level; an unknown severity is a warning.
func alertType(n *notice.Notice) string {
	if !slices.Contains(wire.AllSeverities(), n.Severity) {
		return alertTypes[notice.LevelWarning]
	}
	return alertTypes[n.Level()]
}

// aggregationKey is the key of the notice's group.
func aggregationKey(key string) string {
	return notice.ShortKey(plain(notice.Line(key)), notice.Hash(key, 16), maxKey)
}
