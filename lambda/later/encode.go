package later

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

// maxInput is how long the state machine's input may be, in bytes. Step Functions allows 262,144
// for each step; the rest is for what the state machine adds to it, such as the error of a step.
//
// https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
const maxInput = 240 << 10

const (
	// leftOut is the fact that says what was left out to keep within maxInput.
	leftOut      = "Left out"
	withoutEvent = "The event as it came: it is too long to be kept until the notice can be sent."
	// longestText is to how many characters texts are cut first, and how many facts and links stay.
	longestText = 16_000
	// shortestKey is to how many characters keys are cut at most.
	shortestKey = 100
	// maxURL is how long a URL may be where texts are cut, in bytes. Half of one leads nowhere.
	maxURL = 2_000
)

// encode writes the state machine's input. What is too long for it goes without the event; if that
// is not enough, with shorter texts. The notice says so.
func encode(l wire.Later) []byte {
	text, _ := plainjson.Marshal(l) // known to be valid
	if len(text) <= maxInput {
		return text
	}
	var n notice.Notice
	_ = json.Unmarshal(l.Retry.Notice, &n) // written by the notifier
	l.Retry.Event = nil
	n.Facts = slices.DeleteFunc(n.Facts, func(f notice.Fact) bool { return f.Label == leftOut })
	said := withoutEvent
	for limit := longestText; ; limit /= 4 {
		short := n
		short.Facts = append([]notice.Fact{{Label: leftOut, Value: said}}, n.Facts...) // first, as some sinks have little room
		l.Retry.Notice = notice.JSON(short)
		if text, _ = plainjson.Marshal(l); len(text) <= maxInput || limit == 0 {
			return text
		}
		n = shortened(n, limit)
		said = fmt.Sprintf("%s Texts of more than %d characters were cut.", withoutEvent, limit)
	}
}

// shortened is a notice with texts of at most limit characters, and as many facts and links.
func shortened(n notice.Notice, limit int) notice.Notice {
	for _, text := range []*string{&n.Account, &n.Alias, &n.Region, &n.Service, &n.Title, &n.Summary} {
		*text = notice.Cut(*text, limit)
	}
	for _, key := range []*string{&n.ID, &n.Key, &n.GroupKey} {
		*key = notice.ShortKey(*key, notice.Hash(*key, 16), max(limit, shortestKey))
	}
	n.Facts = slices.Clone(n.Facts[:min(len(n.Facts), limit)])
	for i, f := range n.Facts {
		n.Facts[i] = notice.Fact{Label: notice.Cut(f.Label, limit), Value: notice.Cut(f.Value, limit), URL: shortURL(f.URL)}
	}
	n.Links = slices.Clone(n.Links[:min(len(n.Links), limit)])
	for i, l := range n.Links {
		n.Links[i] = notice.Link{Label: notice.Cut(l.Label, limit), URL: shortURL(l.URL)}
	}
	if n.Release != nil {
		r := *n.Release
		for _, text := range []*string{&r.ID, &r.Application, &r.Group, &r.Version, &r.Commit, &r.Description, &r.By} {
			*text = notice.Cut(*text, limit)
		}
		r.URL = shortURL(r.URL)
		n.Release = &r
	}
	return n
}

func shortURL(url string) string {
	if len(url) > maxURL {
		return ""
	}
	return url
}
