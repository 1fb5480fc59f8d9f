package chunks

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// kind is a kind of names, and what may be expected of them: names that fill a seventh of a
// rule leave little choice of where to cut.
type kind struct {
	name     string
	new      func(r *rand.Rand) Item
	mean     float64 // rules that an edit changes
	ratio    float64 // of rules to the fewest possible
	oneInMax int     // edits of which at most one changes more than four rules
}

const room = 1947 // of a rule for terminations, with the comma behind each name

var kinds = []kind{
	{"made up", func(r *rand.Rand) Item { return sized(random(r, 20+r.IntN(41))) }, 2, 1.3, 300},
	{"real", func(r *rand.Rand) Item { return sized(realistic(r)) }, 2, 1.3, 300},
	{"short", func(r *rand.Rand) Item { return sized(random(r, 4+r.IntN(8))) }, 2, 1.3, 300},
	{"long", func(r *rand.Rand) Item { return sized(random(r, 250+r.IntN(6))) }, 2.5, 1.3, 20},
	{"tokens", func(r *rand.Rand) Item {
		return Item{fmt.Sprintf(`{"Ref":"%s"}`, random(r, 20)), 255 + len(`"",`)}
	}, 2.5, 1.3, 20},
}

func sized(name string) Item { return Item{name, len(name) + len(`"",`)} }

func random(r *rand.Rand, n int) string {
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-"
	b := make([]byte, n)
	for i := range b {
		b[i] = letters[r.IntN(len(letters))]
	}
	return string(b)
}

func realistic(r *rand.Rand) string {
	pick := func(words string) string { all := strings.Fields(words); return all[r.IntN(len(all))] }
	return fmt.Sprintf("%s-%s-%s-%03d-%s", pick("checkout cart search payments catalog profile orders"), pick("api web worker batch"),
		pick("eu us ap"), r.IntN(1000), pick("production canary staging blue green"))
}

// distinct are n names of a kind, none twice.
func (k kind) distinct(r *rand.Rand, n int, not map[string]bool) (items []Item) {
	for len(items) < n {
		if i := k.new(r); !not[i.Key] {
			not[i.Key] = true
			items = append(items, i)
		}
	}
	return items
}

var seed = maphash.MakeSeed()

// rules are what each ID has: the sum of the hashes of its names, whatever their order.
func rules(items []Item) map[uint64]uint64 {
	all := map[uint64]uint64{}
	for _, c := range Cut(items, room) {
		for _, i := range c.Items {
			all[c.ID] += maphash.String(seed, items[i].Key)
		}
	}
	return all
}

// changed is how many rules are changed, new or gone.
func changed(before, after map[uint64]uint64) (n int) {
	for id, names := range before {
		if after[id] != names {
			n++
		}
	}
	for id := range after {
		if _, was := before[id]; !was {
			n++
		}
	}
	return n
}

// fewest is how many rules there are at least.
func fewest(items []Item) int {
	total, large := 0, 0
	for _, i := range items {
		total += i.Size
		if i.Size > room/8 { // of which seven fit into one
			large++
		}
	}
	return max((total+room-1)/room, (large+6)/7)
}

var counts = []int{1, 10, 100, 300, 1000, 3000}

// TestCut checks that every item is in one chunk, that no chunk is too large or has the ID of
// another, and that there are not many more than necessary.
func TestCut(t *testing.T) {
	for _, k := range kinds {
		for _, n := range counts {
			items := k.distinct(rand.New(rand.NewPCG(1, uint64(n))), n, map[string]bool{})
			all, ids := map[int]bool{}, map[uint64]bool{}
			chunks := Cut(items, room)
			for _, c := range chunks {
				size := 0
				for _, i := range c.Items {
					size += items[i].Size
					if all[i] {
						t.Errorf("%s, %d: %q is in two chunks", k.name, n, items[i].Key)
					}
					all[i] = true
				}
				if size > room || ids[c.ID] || len(c.Items) == 0 {
					t.Errorf("%s, %d: chunk %d has %d items with a size of %d", k.name, n, c.ID, len(c.Items), size)
				}
				ids[c.ID] = true
			}
			if len(all) != n || chunks[0].ID != 1 {
				t.Errorf("%s, %d: the chunks have %d items, and the first the ID %d", k.name, n, len(all), chunks[0].ID)
			}
			if ratio := float64(len(chunks)) / float64(fewest(items)); ratio > k.ratio {
				t.Errorf("%s, %d: %d chunks, and %d would do: %.2f times as many, want at most %.2f", k.name, n, len(chunks), fewest(items), ratio, k.ratio)
			}
		}
	}
}

// TestNoItems checks that nothing is no chunk.
func TestNoItems(t *testing.T) {
	if got := Cut(nil, room); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// TestOrder checks that the order of items does not matter.
func TestOrder(t *testing.T) {
	for _, k := range kinds {
		r := rand.New(rand.NewPCG(2, 2))
		items := k.distinct(r, 300, map[string]bool{})
		want := rules(items)
		r.Shuffle(len(items), func(i, j int) { items[i], items[j] = items[j], items[i] })
		if n := changed(want, rules(items)); n > 0 {
			t.Errorf("%s: %d rules change with the order", k.name, n)
		}
	}
}

// TestSameKey checks that items that cannot be told apart do not have to be in one chunk.
func TestSameKey(t *testing.T) {
	items := slices.Repeat([]Item{{"same", 258}}, 100)
	if got := len(Cut(items, room)); got < 15 || got > 20 {
		t.Errorf("%d chunks", got)
	}
}

// TestEdits checks how many rules 200 random edits change: a name added, removed or renamed.
func TestEdits(t *testing.T) {
	for _, k := range kinds {
		edits, total, many := 0, 0, 0
		for _, n := range counts {
			r := rand.New(rand.NewPCG(3, uint64(n)))
			known := map[string]bool{}
			items := k.distinct(r, n, known)
			before := rules(items)
			for edit := range 200 {
				most := 3
				switch at := r.IntN(len(items)); {
				case edit%3 == 0:
					items = slices.Insert(items, at, k.distinct(r, 1, known)[0])
				case edit%3 == 1 && len(items) > 1:
					items = slices.Delete(items, at, at+1)
				default: // which is both
					items[at] = k.distinct(r, 1, known)[0]
					most = 6
				}
				after := rules(items)
				n := changed(before, after)
				if n > most {
					t.Errorf("%s: an edit of %d names changes %d rules", k.name, len(items), n)
				}
				if edits, total = edits+1, total+n; n > 4 {
					many++
				}
				before = after
			}
		}
		t.Logf("%s: %.2f rules on average, more than four in %d of %d", k.name, float64(total)/float64(edits), many, edits)
		if mean := float64(total) / float64(edits); mean > k.mean {
			t.Errorf("%s: an edit changes %.2f rules on average, want %.1f", k.name, mean, k.mean)
		}
		if many*k.oneInMax > edits {
			t.Errorf("%s: %d of %d edits change more than four rules", k.name, many, edits)
		}
	}
}
