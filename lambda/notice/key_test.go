package notice

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHash(t *testing.T) {
	// The beginning of the SHA-256 of "abc".
	if got := Hash("abc", 4); got != "ba7816bf" {
		t.Errorf("got %s", got)
	}
}

func TestShortKey(t *testing.T) {
	if got := ShortKey("äöü", "h", 3); got != "äöü" {
		t.Errorf("a key that fits became %q", got)
	}
	long := strings.Repeat("ü", 10)
	if got := ShortKey(long, "hash", 9); got != "üüüü…hash" || utf8.RuneCountInString(got) != 9 {
		t.Errorf("a long key became %q", got)
	}
}
