// Package chunks spreads names over rules so that a change of one name changes few rules,
// although nothing is remembered from one synthesis to the next: where a rule ends follows
// from the names alone, whatever their order.
//
// Names are placed on a line by their hashes, which is halved, and each half again, as in
// extendible hashing. What fits into a rule is not cut. What fits into two is cut once, at
// the first place of the halving where both parts fit. Beyond that, two neighboring halves
// of up to one and a half rules each share a rule in the middle; larger ones are cut as if
// the other were not there. So a name that is added or removed changes at most three rules,
// and mostly one.
//
// Measured against content-defined cuts in the order of the names (the cheapest of all
// allowed cuts, priced by their hashes): those pack as densely, but one cut in ten that has
// to move pushes others along, and eight and more rules change. Extendible hashing alone
// changes at most two rules, but needs 1.44 times as many as the names would fill.
package chunks

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math"
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
	l.cut(l.whole(), 1, alone)
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
	low      uint64 // the first and the last hash that it can have
	high     uint64
	from, to int // which items are in it
}

func (l *line) whole() span { return span{1, 0, math.MaxUint64, 0, len(l.items)} }

// halves cuts a span. Each is cut a little off its middle, so that not all are full, and
// split, with the same number of names.
func (l *line) halves(s span) (left, right span) {
	const off = 20 // parts of a width; one of them is the range of the cut
	width := s.high - s.low
	middle := s.low + width/2 - width/off + width/off*2/1024*(scramble(s.node)%1024)
	at := l.index(s, middle)
	return span{2 * s.node, s.low, middle, s.from, at}, span{2*s.node + 1, middle + 1, s.high, at, s.to}
}

// index is the first item of a span beyond a hash.
func (l *line) index(s span, hash uint64) int {
	return s.from + sort.Search(s.to-s.from, func(i int) bool { return l.hashes[s.from+i] > hash })
}

// scramble is the finalizer of splitmix64, by Sebastiano Vigna, in the public domain.
//
// https://prng.di.unimi.it/splitmix64.c
func scramble(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// side is where the other half is that a span may share a chunk with.
type side int

const (
	alone side = iota
	sharesRight
	sharesLeft
)

// cut cuts a span into chunks, the first of which has the ID. The others have that of the
// span after which they begin, so that sharing and splitting leave them theirs.
func (l *line) cut(s span, id uint64, side side) {
	if s.from == s.to {
		return
	}
	if l.size(s.from, s.to) <= l.room {
		l.add(id, s.from, s.to)
		return
	}
	at, ok := l.open(s, side)
	if !ok {
		at, ok = l.pair(s)
	}
	if ok {
		l.add(id, s.from, at)
		l.add(s.node+1, at, s.to)
		return
	}
	left, right := l.halves(s)
	if l.share(s, left, right, id) {
		return
	}
	l.cut(left, id, sharesRight)
	if left.from < left.to {
		id = s.node + 1
	}
	l.cut(right, id, sharesLeft)
}

// share cuts two halves into three chunks, if each fits into one and a half.
func (l *line) share(s, left, right span, id uint64) bool {
	first, ok := l.open(left, sharesRight)
	if !ok {
		return false
	}
	second, ok := l.open(right, sharesLeft)
	if !ok {
		return false
	}
	l.add(id, left.from, first)
	l.add(s.node+1, first, second)
	l.add(right.node+1, second, right.to)
	return true
}

// open finds where to cut a span that has room for half a chunk on the side of the other
// half. That is where it will be cut until it is larger, whether or not the other half has
// room for its part.
func (l *line) open(s span, side side) (at int, ok bool) {
	if side == alone || l.size(s.from, s.to) <= l.room {
		return 0, false
	}
	left, right, third := l.room, l.room/2, (s.high-s.low)/3
	middle := s.high - third
	if side == sharesLeft {
		left, right = right, left
		middle = s.low + third
	}
	from, to := l.window(s, left, right)
	if from > to {
		return 0, false
	}
	for low, high := s.low, s.high; ; middle = low + (high-low)/2 {
		switch at := l.index(s, middle); {
		case at < from:
			low = middle + 1
		case at > to:
			high = middle
		default:
			return at, true
		}
	}
}

// pair finds where to cut a span that fits into two chunks.
func (l *line) pair(s span) (at int, ok bool) {
	from, to := l.window(s, l.room, l.room)
	if from > to {
		return 0, false
	}
	for {
		left, right := l.halves(s)
		switch {
		case left.to < from:
			s = right
		case left.to > to:
			s = left
		default:
			return left.to, true
		}
	}
}

// window is from where to where a span can be cut so that no part is empty, or larger than
// given. If it cannot be cut so, from is greater than to.
func (l *line) window(s span, left, right int) (from, to int) {
	n := s.to - s.from
	from = s.from + sort.Search(n, func(i int) bool { return l.size(s.from+i, s.to) <= right })
	to = s.from + sort.Search(n, func(i int) bool { return l.size(s.from, s.from+i+1) > left })
	return max(from, s.from+1), min(to, s.to-1)
}

func (l *line) size(from, to int) int { return l.before[to] - l.before[from] }

func (l *line) add(id uint64, from, to int) {
	l.chunks = append(l.chunks, Chunk{id, slices.Clone(l.items[from:to])})
}
