package console

import (
	"strings"
	"sync"
)

const buckets = 1 << 12

// An index finds the signs that may begin at a place by the four bytes there.
type index struct {
	entries []entry
	first   [buckets]uint16 // 1 + the first entry of a bucket
}

type entry struct {
	window uint32 // the sign's first four bytes
	next   uint16 // 1 + the entry that follows in its bucket
	sign   *sign
}

// allSigns is the index of all signs, which is made when the first console is read.
var allSigns = sync.OnceValue(newIndex)

func newIndex() *index {
	x := &index{}
	for _, table := range [...][]sign{memorySigns, kernelSigns, diskSigns, bootSigns, serviceSigns, windowsSigns, stageSigns} {
		for i := range table {
			x.add(&table[i])
		}
	}
	return x
}

func (x *index) add(s *sign) {
	var window uint32
	for i := range 4 {
		window = slide(window, s.words[i])
	}
	x.entries = append(x.entries, entry{window, x.first[bucket(window)], s})
	x.first[bucket(window)] = uint16(len(x.entries)) //nolint:gosec // there are some hundred signs
}

// slide moves a window of four bytes on by one. Bit 5 is what letters in upper and in
// lower case differ in.
func slide(window uint32, c byte) uint32 { return window<<8 | uint32(c|0x20) }

// bucket spreads windows by Fibonacci hashing.
func bucket(window uint32) uint32 { return window * 2654435769 >> 20 }

// scan calls found for each place of the text where the words of a sign begin, in order.
func (x *index) scan(text string, found func(s *sign, at int)) {
	var window uint32
	for i := range len(text) {
		window = slide(window, text[i])
		for n := x.first[bucket(window)]; n != 0; {
			e := &x.entries[n-1]
			if e.window == window && i >= 3 && hasPrefix(text[i-3:], e.sign.words) {
				found(e.sign, i-3)
			}
			n = e.next
		}
	}
}

// hasPrefix reports whether a text begins with words in lower case, whichever case it is in.
func hasPrefix(text, words string) bool {
	if len(text) < len(words) {
		return false
	}
	for i := range len(words) {
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
