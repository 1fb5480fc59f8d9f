package eventpattern

import (
	"slices"
	"strings"
	"unicode"
)

// maxUTF16 is the last character that is one char in Java, which the engine is written in.
const maxUTF16 = 0xFFFF

// fieldLists are the lists of one field; there are several in the branches of a $or.
type fieldLists struct {
	path  path
	lists [][]node
}

// warnings returns a line for each reason why EventBridge's engine may match other events.
func (c *compiler) warnings() []string {
	var all []string
	for _, field := range c.lists {
		for _, w := range field.warnings(len(c.alternatives) > 1) {
			if !slices.Contains(all, w) {
				all = append(all, w)
			}
		}
	}
	return all
}

// warnings are about one field of a pattern, with or without $or.
func (f fieldLists) warnings(or bool) []string {
	var l operands
	for _, item := range slices.Concat(f.lists...) {
		l.add(item)
		switch {
		case isRange(item):
			l.ranges++
		case isText(item):
			l.texts++
		}
	}
	var all []string
	warn := func(what, why string) {
		all = append(all, f.path.String()+": EventBridge may treat "+what+" differently: "+why)
	}
	for _, text := range l.ignoreCase {
		switch {
		case strings.ContainsFunc(text, func(r rune) bool { return r > maxUTF16 }):
			warn(ignoreCase+" "+quote(text), "its engine does not match characters above U+FFFF")
		case strings.ContainsFunc(text, isManyLetters):
			warn(ignoreCase+" "+quote(text), "its engine also matches several letters as the other case of one (SS for ß)")
		}
	}
	switch {
	case l.wildcard && len(l.ignoreCase) > 0:
		warn("a wildcard beside "+ignoreCase, "its engine also matches values that neither of them matches")
	case l.wildcard && slices.ContainsFunc(l.suffix, isNotASCII):
		warn("a wildcard beside a suffix with non-ASCII letters", "its engine also matches values that neither of them matches")
	}
	switch {
	case slices.ContainsFunc(f.lists, isRangeBetween):
		warn("a numeric range between two strings", "its engine does not always match the first string; write the range at the end of the list")
	case or && l.ranges > 0 && l.texts > 0:
		warn("a numeric range beside a string, in a pattern with $or,", "its engine does not always match the string")
	}
	return all
}

// operands are what the engine may treat differently in the lists of one field.
type operands struct {
	wildcard   bool
	ignoreCase []string // arguments of equals-ignore-case
	suffix     []string // arguments of suffix
	ranges     int
	texts      int
}

// add collects the operators of an item, also those inside of anything-but, prefix and
// suffix.
func (l *operands) add(item node) {
	for _, m := range item.members {
		switch m.name {
		case "wildcard":
			l.wildcard = true
		case ignoreCase:
			l.ignoreCase = append(l.ignoreCase, m.value.strings()...)
		case "suffix":
			l.suffix = append(l.suffix, m.value.strings()...)
		}
		l.add(m.value)
	}
}

// strings returns the string, or the strings of an array.
func (n node) strings() []string {
	if n.kind == kindString {
		return []string{n.text}
	}
	var all []string
	for _, item := range n.items {
		all = append(all, item.strings()...)
	}
	return all
}

// isRangeBetween reports whether a numeric comparison has a string, or an operator on
// strings, both before and after it.
func isRangeBetween(items []node) bool {
	first := slices.IndexFunc(items, isText)
	if first < 0 {
		return false
	}
	after := items[first:]
	between := slices.IndexFunc(after, isRange)
	return between >= 0 && slices.ContainsFunc(after[between:], isText)
}

func isRange(n node) bool { return len(n.members) == 1 && n.members[0].name == "numeric" }

// isText reports whether the engine keeps a value as a string, as it does true, false and null.
func isText(n node) bool {
	return n.kind == kindString || n.kind == kindLiteral || len(n.members) == 1 && !isRange(n)
}

func isNotASCII(s string) bool {
	return strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}

// isManyLetters reports whether the other case of a letter is more than one letter.
func isManyLetters(r rune) bool { return unicode.Is(manyLetters, r) }

// manyLetters are the letters that have an unconditional entry with several letters in
// https://www.unicode.org/Public/UCD/latest/ucd/SpecialCasing.txt.
var manyLetters = &unicode.RangeTable{R16: []unicode.Range16{
	{0x00DF, 0x00DF, 1}, {0x0130, 0x0130, 1}, {0x0149, 0x0149, 1}, {0x01F0, 0x01F0, 1}, {0x0390, 0x0390, 1}, {0x03B0, 0x03B0, 1},
	{0x0587, 0x0587, 1}, {0x1E96, 0x1E9A, 1}, {0x1F50, 0x1F56, 2}, {0x1F80, 0x1FAF, 1}, {0x1FB2, 0x1FB4, 1}, {0x1FB6, 0x1FB7, 1},
	{0x1FBC, 0x1FBC, 1}, {0x1FC2, 0x1FC4, 1}, {0x1FC6, 0x1FC7, 1}, {0x1FCC, 0x1FCC, 1}, {0x1FD2, 0x1FD3, 1}, {0x1FD6, 0x1FD7, 1},
	{0x1FE2, 0x1FE4, 1}, {0x1FE6, 0x1FE7, 1}, {0x1FF2, 0x1FF4, 1}, {0x1FF6, 0x1FF7, 1}, {0x1FFC, 0x1FFC, 1}, {0xFB00, 0xFB06, 1},
	{0xFB13, 0xFB17, 1},
}}
