package slack

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/lambda/post"
)

// checkAPI reads an answer of the Web API, which is a failure unless it says "ok".
//
// https://docs.slack.dev/apis/web-api/
func checkAPI(got post.Answer) *post.Error {
	var a struct {
		OK       bool   `json:"ok"`
		Error    string `json:"error"`
		Metadata struct {
			Messages []string `json:"messages"`
		} `json:"response_metadata"`
	}
	// A member of another type leaves its field empty.
	_ = json.Unmarshal(got.Body, &a)
	switch {
	case a.OK:
		return nil
	case a.Error == "":
		e := got.Unexpected("Slack's")
		e.Transient = true
		return e
	}
	reason := strings.Join(append([]string{a.Error}, a.Metadata.Messages...), " ")
	return &post.Error{Reason: reason, Credential: is(a.Error, wrongToken), Transient: is(a.Error, passing)}
}

// checkWebhook reads an answer of an incoming webhook, which is "ok" or a failure.
//
// https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
func checkWebhook(got post.Answer) *post.Error {
	if strings.TrimSpace(string(got.Body)) == "ok" {
		return nil
	}
	if refused := checkAPI(got); refused != nil {
		return refused
	}
	return got.Unexpected("that of an incoming webhook")
}

// Codes of errors, as Slack spells them.
//
// https://docs.slack.dev/reference/methods/chat.postMessage#errors
// https://api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks
const (
	wrongToken   = "invalid_auth not_authed token_revoked token_expired account_inactive not_allowed_token_type"
	wrongWebhook = "invalid_token no_service no_service_id no_active_hooks no_team team_disabled"
	passing      = "ratelimited rate_limited message_limit_exceeded internal_error fatal_error service_unavailable request_timeout rollup_error"
	ours         = "invalid_blocks invalid_blocks_format invalid_attachments invalid_payload no_text msg_too_long msg_blocks_too_long too_many_attachments"
	forbidden    = "restricted_action restricted_action_read_only_channel restricted_action_thread_only_channel restricted_action_non_threadable_channel" +
		" action_prohibited posting_to_general_channel_denied ekm_access_denied"
	// unthreaded refuse the thread or the metadata of a message, and not the message.
	unthreaded = "thread_not_found message_not_found cannot_reply_to_message invalid_thread_ts thread_locked restricted_action_thread_locked" +
		" restricted_action_non_threadable_channel invalid_metadata_format invalid_metadata_schema metadata_too_large metadata_must_be_sent_from_app"
)

// is reports whether code is one of the codes.
func is(code, codes string) bool {
	return code != "" && strings.Contains(" "+codes+" ", " "+code+" ")
}

// codeOf is the code of an error, which a message may follow.
func codeOf(refused *post.Error) string {
	code, _, _ := strings.Cut(refused.Reason, " ")
	return strings.TrimSuffix(code, ":")
}

// What to do about a credential that is wrong.
const (
	forToken   = "put the bot token (xoxb-…) of the app, as it is installed now, into the secret"
	forWebhook = "add a new webhook to the app, and put its URL into the secret"
)

// explain says where a message went that was refused, and what to do about it.
func explain(err error, where, credential string) error {
	if err == nil {
		return nil
	}
	err = fmt.Errorf("post %s: %w", where, err)
	var refused *post.Error
	if !errors.As(err, &refused) {
		return err
	}
	code := codeOf(refused)
	// Webhooks report all this with a status of 4xx.
	refused.Credential = refused.Credential && !is(code, forbidden) || is(code, wrongWebhook)
	if advice := advice(code, refused.Credential, credential); advice != "" {
		return fmt.Errorf("%w: %s", err, advice)
	}
	return err
}

func advice(code string, wrong bool, credential string) string {
	switch {
	case wrong:
		return credential
	case code == "channel_not_found":
		return "name the channel by its ID, and invite the app if the channel is private"
	case code == "not_in_channel":
		return "invite the app to the channel, or give it the scope chat:write.public"
	case code == "is_archived", code == "channel_is_archived":
		return "name another channel, or unarchive this one"
	case code == "missing_scope", code == "no_permission":
		return "give the app the scope chat:write, and install it again"
	case is(code, forbidden):
		return "ask the workspace's administrators to allow the app to post in the channel"
	case is(code, ours):
		return "please report this with the delivery: extraeye should make only messages that Slack accepts"
	}
	return ""
}
