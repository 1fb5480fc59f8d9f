package grafana

import (
	"html"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxText bounds the readable text, in characters. Grafana documents no limit, but
	// shows the text beside the mouse, and keeps at most 65,535 bytes in MySQL: this
	// many characters with their markup are fewer.
	//
	// https://github.com/grafana/grafana/blob/main/pkg/services/sqlstore/migrations/annotation_mig.go
	// https://dev.mysql.com/doc/refman/8.4/en/storage-requirements.html
	maxText  = 2000
	maxValue = 400
	maxURL   = 800
	maxLinks = 10
)

// annotation is the body of the request. Times are in milliseconds; without one,
// Grafana uses its own.
//
// https://grafana.com/docs/grafana/latest/developers/http_api/annotations
type annotation struct {
	DashboardUID string   `json:"dashboardUID,omitempty"`
	PanelID      int      `json:"panelId,omitempty"`
	Time         int64    `json:"time,omitempty"`
	TimeEnd      int64    `json:"timeEnd,omitempty"`
	Tags         []string `json:"tags"`
	Text         string   `json:"text"`
}

// Body is the request for a notice.
func Body(n *notice.Notice, cfg wire.Grafana) []byte {
	a := annotation{DashboardUID: cfg.DashboardUID, PanelID: cfg.PanelID, Tags: tags(n, cfg), Text: text(n)}
	a.Time, a.TimeEnd = times(n)
	return notice.JSON(a)
}

// times are the beginning and the end of the annotation. A point has no end.
func times(n *notice.Notice) (start, end int64) {
	if r := n.Release; r != nil && !r.Started.IsZero() && !r.Ended.Before(r.Started) {
		switch r.State {
		case wire.DeploymentSucceeded, wire.DeploymentFailed, wire.DeploymentStopped:
			return r.Started.UnixMilli(), r.Ended.UnixMilli()
		}
	}
	if n.Time.IsZero() {
		return 0, 0
	}
	return n.Time.UnixMilli(), 0
}

// text is the title, the summary, the facts and the links. Grafana shows it as HTML,
// and accepts no empty one.
//
// https://github.com/grafana/grafana/blob/main/public/app/plugins/panel/timeseries/plugins/annotations/AnnotationTooltipBody.tsx
func text(n *notice.Notice) string {
	w := &writer{room: maxText}
	w.text(notice.Line(n.Title))
	w.text(notice.Block(n.Summary))
	for _, f := range n.AllFacts() {
		if f.IsCode() {
			w.text(f.Label + ":")
			w.code(notice.Cut(notice.Block(f.Value), maxValue))
		} else {
			w.text(f.Plain(maxValue))
		}
	}
	if w.Len() == 0 {
		w.text(n.Headline())
	}
	return w.String() + links(n)
}

// writer writes parts of text as HTML as long as there is room.
type writer struct {
	strings.Builder
	room  int  // in characters of text
	block bool // the last part ended its line itself
}

func (w *writer) text(s string) {
	if s = w.fit(s); s == "" {
		return
	}
	if w.Len() > 0 && !w.block {
		w.WriteString("<br>")
	}
	w.WriteString(s)
	w.block = false
}

// code is text of lines as a program wrote them.
func (w *writer) code(s string) {
	if s = w.fit(s); s != "" {
		w.WriteString("<pre>" + s + "</pre>")
		w.block = true
	}
}

// fit escapes the beginning of s. What it leaves out ends the whole.
func (w *writer) fit(s string) string {
	if s == "" || w.room < 0 {
		return ""
	}
	head := notice.Cut(s, w.room)
	if w.room -= utf8.RuneCountInString(head); head != s {
		w.room = -1
	}
	return strings.ReplaceAll(html.EscapeString(head), "\n", "<br>")
}

func links(n *notice.Notice) string {
	var b strings.Builder
	count := 0
	for _, l := range n.Links {
		if u := notice.EncodeURL(l.URL); u != "" && count < maxLinks && len(u) <= maxURL {
			count++
			b.WriteString(`<br><a href="` + html.EscapeString(u) + `" target="_blank">` +
				html.EscapeString(notice.Cut(notice.Line(l.Label), 100)) + `</a>`)
		}
	}
	return b.String()
}
