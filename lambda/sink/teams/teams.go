// Package teams posts notices to a Microsoft Teams channel or chat, through the
// webhook of a workflow.
package teams

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

var _ notice.Sender = (*Sender)(nil)

// contentType names the character set: without it a webhook may count a body
// as twice as long as it is.
//
// https://stackoverflow.com/questions/78034694
const contentType = "application/json; charset=utf-8"

// Sender posts each notice as one card.
type Sender struct {
	post    *post.Client
	secrets *secret.Store
	cfg     wire.Teams
}

// New returns a Sender that posts as cfg says.
func New(p *post.Client, s *secret.Store, cfg wire.Teams) *Sender { return &Sender{p, s, cfg} }

// Send posts the notice to the webhook's URL as it is: its signature covers every
// character. The workflow accepts a card before it posts it, and has no key for it, so
// a duplicate shows.
func (s *Sender) Send(ctx context.Context, n *notice.Notice) error {
	m := post.Message{Body: Body(n), Header: map[string]string{"Content-Type": contentType}, Check: check}
	return s.secrets.Use(ctx, s.cfg.Webhook, func(url string) error {
		m.URL = strings.TrimSpace(url)
		return explain(s.post.Send(ctx, m))
	})
}

// check wants the status 202, with which a workflow says that it has started. A
// proxy in front of some of them answers 200 with the error as text.
//
// https://learn.microsoft.com/azure/connectors/connectors-native-reqres
// https://github.com/MicrosoftDocs/msteams-docs/issues/1810
func check(a post.Answer) *post.Error {
	text := string(a.Body)
	_, after, found := strings.Cut(text, "HTTP error ")
	switch {
	case a.IsPage:
		e := a.Unexpected("a workflow's")
		e.Credential = true // the URL is the secret: another one is needed
		return e
	case found, strings.Contains(text, "message delivery failed"):
	case a.Status == http.StatusAccepted:
		return nil
	default:
		e := a.Unexpected("a workflow's")
		e.Reason += fmt.Sprintf(": it must be status %d, as of a workflow without a Response action", http.StatusAccepted)
		return e
	}
	status := 0
	if len(after) >= 3 {
		status, _ = strconv.Atoi(after[:3])
	}
	return &post.Error{
		Reason:    text,
		Transient: status == 0 || status == http.StatusTooManyRequests || status >= http.StatusInternalServerError,
	}
}

// explain says what to do about a refusal.
func explain(err error) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("post to the Teams workflow: %w", err)
	var refused *post.Error
	if !errors.As(err, &refused) {
		return err
	}
	switch {
	case refused.Status == http.StatusNotFound, refused.Status == http.StatusGone:
		refused.Credential = true // the URL is the secret: another workflow has another
		fallthrough
	case refused.Credential:
		return fmt.Errorf(`%w: put the URL of a workflow of "Post to a channel when a webhook request is received", with its sig, into the secret`, err)
	case refused.Status == http.StatusRequestEntityTooLarge, strings.Contains(refused.Reason, "HTTP error 413"):
		return fmt.Errorf("%w: please report this with the delivery: extraeye should make only cards that Teams accepts", err)
	case refused.Status == http.StatusBadRequest:
		return fmt.Errorf("%w: make sure that the workflow is turned on, that its owner is still in the team, and that anyone may trigger it", err)
	}
	return err
}
