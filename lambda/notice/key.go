package notice

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"unicode/utf8"
)

// Group is the key of what collects notices: all that are open are one alert, which a
// resolved notice with that Key resolves, and all together are one thread.
func (n *Notice) Group() string { return cmp.Or(n.GroupKey, n.Key) }

// Hash returns the first bytes of the SHA-256 of s in hexadecimal digits: a name
// of letters and digits that is always the same for the same text. There are 32 bytes.
func Hash(s string, bytes int) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:bytes])
}

// ShortKey is a key in at most limit characters. The end of a longer one gives way to
// the hash of the whole, so that different keys stay different.
func ShortKey(key, hash string, limit int) string {
	if utf8.RuneCountInString(key) <= limit {
		return key
	}
	return CutBefore(key, hash, limit)
}
