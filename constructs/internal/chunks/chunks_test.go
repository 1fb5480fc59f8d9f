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
	name string
	new  func(r *rand.Rand) Item
	mean float64 // rules that an edit changes
	rare int     // one edit in so many may change more than four rules
}

const room = 1947 // of a rule for terminations, with the comma behind each name

var kinds = []kind{
	{"made up", func(r *rand.Rand) Item { return sized(random(r, 20+r.IntN(41))) }, 1.5, 1000},
	{"real", func(r *rand.Rand) Item { return sized(realistic(r)) }, 1.5, 1000},
	{"short", func(r *rand.Rand) Item { return sized(random(r, 4+r.IntN(8))) }, 1.5, 1000},
	{"some long", func(r *rand.Rand) Item { return sized(random(r, []int{20, 40, 60, 255}[r.IntN(4)])) }, 2, 200},
	{"long", func(r *rand.Rand) Item { return sized(random(r, 250+r.IntN(6))) }, 2, 50},
	{"tokens", func(r *rand.Rand) Item {
		return Item{fmt.Sprintf(`{"Ref":"%s"}`, random(r, 20)), 255 + len(`"",`)}
	}, 2, 50},
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

// TestCut checks that every item is in one chunk, that no chunk is too large or has the ID of
// another, and that there are not many more than necessary: 1.3 times as many on average over
// the sizes that need more than one, and 1.4 times and one more at the worst of them.
func TestCut(t *testing.T) {
	for _, k := range kinds {
		sizes, ratios := 0, 0.0
		for n := 1; n <= 4000; n += 1 + n/8 {
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
			least := fewest(items)
			if len(chunks) > least*14/10+1 {
				t.Errorf("%s, %d: %d chunks, and %d would do", k.name, n, len(chunks), least)
			}
			if least > 1 {
				sizes, ratios = sizes+1, ratios+float64(len(chunks))/float64(least)
			}
		}
		t.Logf("%s: %.2f times as many chunks as would do", k.name, ratios/float64(sizes))
		if ratio := ratios / float64(sizes); ratio > 1.3 {
			t.Errorf("%s: %.2f times as many chunks as would do, want at most 1.3", k.name, ratio)
		}
	}
}

// TestNoItems checks that nothing is no chunk.
func TestNoItems(t *testing.T) {
	if got := Cut(nil, room); len(got) > 0 {
		t.Errorf("got %v", got)
	}
}

// TestFull checks that a chunk can be as large as the room for it.
func TestFull(t *testing.T) {
	for last, want := range map[int]int{60: 1, 61: 2} {
		if got := len(Cut([]Item{{"a", 20}, {"b", 20}, {"c", last}}, 100)); got != want {
			t.Errorf("items of 20, 20 and %d in chunks of 100: %d chunks, want %d", last, got, want)
		}
	}
}

// TestLarge checks that items that are as large as the room are each in a chunk of its own,
// wherever their hashes are.
func TestLarge(t *testing.T) {
	var items []Item
	ids := map[uint64]bool{}
	for i := range 50 {
		items = append(items, Item{fmt.Sprint("name-", i), room})
	}
	for _, c := range Cut(items, room) {
		if len(c.Items) != 1 || ids[c.ID] {
			t.Errorf("chunk %d, one of %d, has the items %d", c.ID, len(ids), c.Items)
		}
		ids[c.ID] = true
	}
	if len(ids) != len(items) || !ids[1] {
		t.Errorf("%d chunks of %d items; is the first there: %t", len(ids), len(items), ids[1])
	}
}

// TestStays checks that items are cut as they always were: if not, the next version of the library
// replaces the rules of all its users.
func TestStays(t *testing.T) {
	var items []Item
	for i := range 100 {
		items = append(items, Item{fmt.Sprint("name-", i), 10})
	}
	var got []string
	for _, c := range Cut(items, 90) {
		got = append(got, fmt.Sprintf("%d:%d", c.ID, len(c.Items)))
	}
	const want = "1:8 9:7 5:9 6:7 11:7 3:7 4:9 13:8 7:8 8:9 15:6 16:8 2:7"
	if got := strings.Join(got, " "); got != want {
		t.Errorf("got the chunks\n%s\nwant, as ID:items,\n%s", got, want)
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

// TestEdits counts how many rules random edits change: a name added, removed or renamed, which is
// both. 200 for each size and seed.
func TestEdits(t *testing.T) {
	sizes, seeds := []int{10, 30, 100, 300, 1000, 3000}, 3
	if testing.Short() {
		sizes, seeds = []int{10, 30, 100, 300, 1000}, 1
	}
	for _, k := range kinds {
		var changes [12]int // edits, by how many rules they change
		for _, n := range sizes {
			for seed := range min(seeds, 1+3000/n) {
				k.edit(rand.New(rand.NewPCG(uint64(seed), uint64(n))), n, &changes)
			}
		}
		edits, rules, many := 0, 0, 0
		for n, times := range changes {
			edits, rules = edits+times, rules+n*times
			if n > 4 {
				many += times
			}
		}
		mean := float64(rules) / float64(edits)
		t.Logf("%s: %.2f rules on average, more than four in %d of %d: %v", k.name, mean, many, edits, changes)
		if mean > k.mean || many*k.rare > edits {
			t.Errorf("%s: an edit changes %.2f rules on average, and %d of %d more than four; want at most %.1f, and one in %d", k.name, mean, many, edits, k.mean, k.rare)
		}
	}
}

// edit edits n names 200 times.
func (k kind) edit(r *rand.Rand, n int, changes *[12]int) {
	known := map[string]bool{}
	items := k.distinct(r, n, known)
	before := rules(items)
	for edit := range 200 {
		at := r.IntN(len(items))
		switch edit % 3 {
		case 0:
			items = slices.Insert(items, at, k.distinct(r, 1, known)[0])
		case 1:
			items = slices.Delete(items, at, at+1)
		default:
			items[at] = k.distinct(r, 1, known)[0]
		}
		after := rules(items)
		changes[changed(before, after)]++
		before = after
	}
}
