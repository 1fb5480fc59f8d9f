// Package chunks spreads names over rules so that a change of one name changes few rules,
// although nothing is remembered from one synthesis to the next: where a rule ends follows
// from the names alone, whatever their order.
//
// Names are placed on a line by their hashes. What does not fit into a rule is cut from its two
// ends: the first rule takes what is in front, the last what is at the end, each until it is nearly
// full, and one in the middle takes the rest. If the rest is too much for one, the line is halved
// and each half cut by itself, which leaves the first and the last rule as they were. Nearly full
// leaves a choice: of all allowed places, a rule ends at the roundest hash, which is still the
// roundest after most changes.
//
// A name that is added or removed changes its own rule, and the one beside it if a cut moves.
// Measured with names of 20 to 60 characters, one in ten changes two rules, and one in 150 three: where
// the cut that moves gives the rule in the middle more than it has room for. So a name that is
// renamed, which changes both places, changes more than four rules in one of 600.
//
// Never more than four and at most 1.3 times as many rules as the names would fill were not found
// together. To change two rules at most, a rule that is full has to split by itself, whatever the one
// beside it has room for. That is a tree of halves (extendible hashing), whose rules are between half
// and quite full: 1.44 times as many. To do with fewer, a full rule has to hand names to its neighbor,
// and when both are full, the two become three. Here there are 1.2 times as many on average, 1.4 at
// the worst sizes, and one more of very few.
package chunks

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"sort"
)

// Item is what is spread.
type Item struct {
	// Key is what the item is recognized by at the next synthesis.
	Key string
	// Size is how much of a chunk it takes. It is at least 1.
	Size int
}

// Chunk is a part of the items.
type Chunk struct {
	// ID stays the same as long as the chunk is not split or joined with another. It is 1
	// if there is only one.
	ID uint64
	// Items are indexes.
	Items []int
}

// Cut spreads items over chunks whose items have together at most the size of room. No item
// may be larger. The first chunk has the ID 1.
func Cut(items []Item, room int) []Chunk {
	l := newLine(items, room)
	l.cut(span{node: 1, to: len(items)}, 1)
	for _, c := range l.chunks {
		slices.Sort(c.Items)
	}
	return l.chunks
}

// line has the items in the order of their hashes.
type line struct {
	room   int
	items  []int
	hashes []uint64
	before []int // how large all items before one are together
	chunks []Chunk
}

func newLine(items []Item, room int) *line {
	type placed struct {
		hash uint64
		item int
	}
	var all []placed
	seen := map[string]int{}
	for i, item := range items {
		key := item.Key
		if seen[item.Key]++; seen[item.Key] > 1 { // else they could not be cut apart
			key += fmt.Sprint("\x00", seen[item.Key])
		}
		sum := sha256.Sum256([]byte(key))
		all = append(all, placed{binary.BigEndian.Uint64(sum[:]), i})
	}
	slices.SortFunc(all, func(a, b placed) int { return cmp.Compare(a.hash, b.hash) })
	l := &line{room: room, before: []int{0}}
	for i, p := range all {
		l.items = append(l.items, p.item)
		l.hashes = append(l.hashes, p.hash)
		l.before = append(l.before, l.before[i]+items[p.item].Size)
	}
	return l
}

// span is a part of the line: a node of the binary tree of all halves.
type span struct {
	node     uint64 // its number: 1 for the whole line, 2n and 2n+1 for the halves of n
	from, to int    // which items are in it
}

// halves cuts a span in the middle. The bits of a node's number behind the first one are those that
// its hashes begin with.
func (l *line) halves(s span) (left, right span) {
	middle := (2*s.node + 1) << bits.LeadingZeros64(s.node)
	at, _ := slices.BinarySearch(l.hashes[s.from:s.to], middle)
	at += s.from
	return span{2 * s.node, s.from, at}, span{2*s.node + 1, at, s.to}
}

// isRight reports whether a span is the right half of another. Then it is filled from its end, so
// that the outer chunk stays when the other is halved.
func (s span) isRight() bool { return s.node > 1 && s.node%2 == 1 }

// cut cuts a span into chunks, the outer one of which has the ID. IDs are such that each of the
// states of a span has all of the one before it: one chunk, two, three, and those of two halves.
func (l *line) cut(s span, id uint64) {
	if l.fits(s.from, s.to) {
		l.add(id, s.from, s.to)
		return
	}
	first, middle, last := id, 2*s.node+1, s.node+1
	front, back := l.front(s), l.back(s)
	outer := front
	if s.isRight() {
		first, last, outer = last, first, back
	}
	switch {
	case l.fits(s.from, outer) && l.fits(outer, s.to):
		l.add(first, s.from, outer)
		l.add(last, outer, s.to)
	case front < back && l.fits(front, back):
		l.add(first, s.from, front)
		l.add(middle, front, back)
		l.add(last, back, s.to)
	default:
		l.cutHalves(s, id, first, last)
	}
}

// cutHalves cuts the halves of a span.
func (l *line) cutHalves(s span, id, first, last uint64) {
	left, right := l.halves(s)
	if left.from == left.to || right.from == right.to {
		first, last = id, id
	}
	l.cut(left, first)
	l.cut(right, last)
}

// least is from which size on a chunk is nearly full. With less, fewer cuts move, but there are more
// chunks.
func (l *line) least() int { return l.room - l.room*2/9 }

// front is where the first chunk of a span ends that does not fit into one.
func (l *line) front(s span) int {
	most := s.from + sort.Search(s.to-s.from, func(i int) bool { return !l.fits(s.from, s.from+i+1) })
	least := s.from + sort.Search(s.to-s.from, func(i int) bool { return l.size(s.from, s.from+i) >= l.least() })
	return l.roundest(min(least, most), most)
}

// back is where its last chunk begins.
func (l *line) back(s span) int {
	least := s.from + sort.Search(s.to-s.from, func(i int) bool { return l.fits(s.from+i, s.to) })
	most := s.from + sort.Search(s.to-s.from, func(i int) bool { return l.size(s.from+i+1, s.to) < l.least() })
	return l.roundest(least, max(least, most))
}

// roundest is where, from least to most, the line can be cut at a number with the most zeros at its end.
func (l *line) roundest(least, most int) int {
	above, upTo := l.hashes[least-1], l.hashes[most]
	zeros := max(0, bits.Len64(above^upTo)-1)
	at, _ := slices.BinarySearch(l.hashes[least:most], upTo>>zeros<<zeros)
	return least + at
}

func (l *line) fits(from, to int) bool { return l.size(from, to) <= l.room }

func (l *line) size(from, to int) int { return l.before[to] - l.before[from] }

func (l *line) add(id uint64, from, to int) {
	if from < to {
		l.chunks = append(l.chunks, Chunk{id, slices.Clone(l.items[from:to])})
	}
}
