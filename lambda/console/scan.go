package console

import (
	"strings"
	"sync"
)

const buckets = 1 << 12

// An index finds the signs that may be at a place by four bytes there. Only every other place of a
// text is looked at, so that a sign is in it with its first four bytes, and with those after the
// first.
type index struct {
	entries []entry
	first   [buckets]uint16 // 1 + the first entry of a bucket
}

type entry struct {
	window uint32 // four bytes of the sign
	skip   int    // how many of the sign are before them
	next   uint16 // 1 + the entry that follows in its bucket
	sign   *sign
}

// allSigns is the index of all signs, which is made when the first console is read.
var allSigns = sync.OnceValue(newIndex)

func newIndex() *index {
	x := &index{}
	for skip := range 2 {
		for _, table := range [...][]sign{memorySigns, kernelSigns, diskSigns, bootSigns, serviceSigns, windowsSigns, stageSigns} {
			for i := range table {
				x.add(&table[i], skip)
			}
		}
	}
	return x
}

func (x *index) add(s *sign, skip int) {
	window := windowOf(s.words[skip:])
	x.entries = append(x.entries, entry{window, skip, x.first[bucket(window)], s})
	x.first[bucket(window)] = uint16(len(x.entries)) //nolint:gosec // there are some hundred signs
}

// windowOf is the four bytes that a text begins with. Bit 5 is what letters in upper and in lower
// case differ in.
func windowOf(text string) uint32 {
	return uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(text[3])<<24 | 0x20202020
}

// bucket spreads windows by Fibonacci hashing.
func bucket(window uint32) uint32 { return window * 2654435769 >> 20 }

// scan calls found for each place of the text where the words of a sign begin, in order.
func (x *index) scan(text string, found func(s *sign, at int)) {
	for after := text; len(after) >= 4; after = after[2:] {
		window := windowOf(after)
		for n := x.first[bucket(window)]; n != 0; {
			e := &x.entries[n-1]
			at := len(text) - len(after) - e.skip
			if e.window == window && at >= 0 && hasPrefix(text[at:], e.sign.words) {
				found(e.sign, at)
			}
			n = e.next
		}
	}
}

// hasPrefix reports whether a text begins with words in lower case, whichever case it is in. Words
// that begin alike differ at their ends, which are compared first.
func hasPrefix(text, words string) bool {
	if len(text) < len(words) {
		return false
	}
	for i := len(words) - 1; i >= 0; i-- {
		c := text[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != words[i] {
			return false
		}
	}
	return true
}

// contains reports whether a text has words in lower case, whichever case it is in.
func contains(text, words string) bool {
	for i := range len(text) - len(words) + 1 {
		if hasPrefix(text[i:], words) {
			return true
		}
	}
	return false
}

// line returns where the line around a place begins and ends. A carriage return ends one,
// too: systemd writes its progress over itself.
func line(text string, at int) (start, end int) {
	start = strings.LastIndexAny(text[:at], "\r\n") + 1
	if n := strings.IndexAny(text[at:], "\r\n"); n >= 0 {
		return start, at + n
	}
	return start, len(text)
}
