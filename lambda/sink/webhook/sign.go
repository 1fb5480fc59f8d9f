package webhook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/secret"
)

// messageID is the same whenever and wherever the same event is sent, so that an
// endpoint recognizes a duplicate. It has no ".", which delimits what is signed.
func messageID(n *notice.Notice) string {
	what := n.ID + "\n" + n.Key
	if n.ID == "" {
		what += "\n" + string(n.Event)
	}
	return "extraeye_" + notice.Hash(what, 16)
}

// headers are those of one attempt: there is a signature by every key.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#webhook-headers-sending-metadata-to-consumers
func headers(keys [][]byte, id string, at time.Time, body []byte) map[string]string {
	timestamp := strconv.FormatInt(at.Unix(), 10)
	h := map[string]string{"webhook-id": id, "webhook-timestamp": timestamp}
	var signatures []string
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(id + "." + timestamp + "."))
		mac.Write(body)
		signatures = append(signatures, "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	}
	if len(signatures) > 0 {
		h["webhook-signature"] = strings.Join(signatures, " ")
	}
	return h
}

// keyPrefix is what a key may begin with, without being part of it.
const keyPrefix = "whsec_"

// parseKeys reads the signing keys: base64 with or without "whsec_", several with
// spaces between while one replaces another.
//
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
func parseKeys(text string) ([][]byte, error) {
	var keys [][]byte
	for field := range strings.FieldsSeq(text) {
		key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(field, keyPrefix))
		if err != nil || len(key) == 0 {
			return nil, fmt.Errorf("the webhook's signing key is not base64, with or without whsec_ before it; store one that is: %w", secret.ErrWrong)
		}
		keys = append(keys, key)
	}
	return keys, nil
}
