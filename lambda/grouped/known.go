package grouped

import (
	"cmp"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// ofAll are the labels of the facts that are about what the things belong to, or that one of them
// tells of all.
var ofAll = []string{
	"Account", "Group", "Service", "Cluster", "Application", "Capacity", notice.After, notice.HowOften,
	notice.FailedAt, notice.LastWords, notice.LogTail,
}

// notLookedUp is the label of what could not be looked up.
const notLookedUp = "Not looked up"

// maxLinks is how many links a notice has.
const maxLinks = 5

// addKnown adds what is known of all.
func addKnown(n *notice.Notice, members []Member) {
	for _, label := range ofAll {
		f := known(members, label)
		n.Add(label, f.Value, f.URL)
	}
}

// known is a fact of the member that tells most: one that was looked up, the most severe, and of
// these the newest.
func known(members []Member, label string) notice.Fact {
	for _, m := range telling(members) {
		at := slices.IndexFunc(m.Notice.Facts, func(f notice.Fact) bool { return f.Label == label })
		if at >= 0 {
			return m.Notice.Facts[at]
		}
	}
	return notice.Fact{}
}

// telling are the members, those that tell most first.
func telling(members []Member) []Member {
	all := slices.Clone(members)
	slices.Reverse(all)
	rank := func(m Member) int {
		if m.LookedUp {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(all, func(a, b Member) int {
		if a.Notice.Severity != b.Notice.Severity && rank(a) == rank(b) {
			if worse(a.Notice.Severity, b.Notice.Severity) == a.Notice.Severity {
				return -1
			}
			return 1
		}
		return cmp.Compare(rank(b), rank(a))
	})
	return all
}

// links are those of the member that tells most, and of the others what there is room for.
func links(members []Member) []notice.Link {
	all := []notice.Link{}
	for _, m := range telling(members) {
		for _, l := range m.Notice.Links {
			if len(all) < maxLinks && !slices.ContainsFunc(all, func(other notice.Link) bool { return other.Label == l.Label }) {
				all = append(all, l)
			}
		}
	}
	return all
}

// gaps are what could not be looked up, each line once.
func gaps(members []Member) string {
	var all []string
	for _, m := range members {
		for _, f := range m.Notice.Facts {
			if f.Label != notLookedUp {
				continue
			}
			for line := range strings.SplitSeq(f.Value, "\n") {
				if !slices.Contains(all, line) {
					all = append(all, line)
				}
			}
		}
	}
	return event.Listed(all)
}
