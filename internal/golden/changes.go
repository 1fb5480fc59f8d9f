package golden

import "slices"

// change replaces lines of one text, a[aBegin:aEnd], by lines of another, b[bBegin:bEnd].
type change struct{ aBegin, aEnd, bBegin, bEnd int }

// maxEdits is how many edits are searched for. If there are more, everything after the
// first of them is one change.
const maxEdits = 1000

// frontier is how far a number of edits leads: into a, on each diagonal. A diagonal is a
// place in a less the place in b.
type frontier map[int]int

// step returns the diagonal from which edit number d gets furthest on diagonal k.
func (f frontier) step(k, d int) (from int) {
	if k == -d || k != d && f[k-1] < f[k+1] {
		return k + 1 // a line of b is inserted
	}
	return k - 1 // a line of a is deleted
}

// changes makes b of a with as few edits as possible. It is the greedy algorithm of Myers.
//
// http://www.xmailserver.org/diff2.pdf
func changes(a, b []string) []change {
	reached := frontier{1: 0}
	var history []frontier // before each edit
	for d := 0; d <= maxEdits; d++ {
		history = append(history, reached)
		next := make(frontier, d+1)
		for k := -d; k <= d; k += 2 {
			from := reached.step(k, d)
			x := reached[from]
			if from < k {
				x++
			}
			for x < len(a) && x-k < len(b) && a[x] == b[x-k] {
				x++
			}
			next[k] = x
			if x >= len(a) && x-k >= len(b) {
				return retrace(history, k)
			}
		}
		reached = next
	}
	same := history[1][0]
	return []change{{same, len(a), same, len(b)}}
}

// retrace goes from the end, on diagonal k, back to the beginning.
func retrace(history []frontier, k int) []change {
	var all []change // the last one first
	for d := len(history) - 1; d > 0; d-- {
		from := history[d].step(k, d)
		x := history[d][from]
		c := change{x, x + 1, x - from, x - from}
		if from > k {
			c = change{x, x, x - from, x - from + 1}
		}
		if last := len(all) - 1; last >= 0 && all[last].aBegin == c.aEnd && all[last].bBegin == c.bEnd {
			all[last].aBegin, all[last].bBegin = c.aBegin, c.bBegin
		} else {
			all = append(all, c)
		}
		k = from
	}
	slices.Reverse(all)
	return all
}
