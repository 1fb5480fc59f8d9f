package secret

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
)

// run is how many letters of a secret in a row count as the secret.
const run = 8

// needles are the runs of letters that are hidden, by their length.
type needles map[int]map[string]bool

// add adds the runs of a secret, as it is and encoded. Fewer letters than a run are
// nothing that a secret could be known by.
func (n *needles) add(secret string) {
	if len(lettersOf(secret).text) < run {
		return
	}
	n.addRuns(secret, run)
	n.addRuns(hex.EncodeToString([]byte(secret)), 2*run)
	for _, encoded := range inBase64(secret) {
		n.addRuns(encoded, run)
	}
}

func (n *needles) addRuns(text string, length int) {
	letters := lettersOf(text).text
	if *n == nil {
		*n = needles{}
	}
	if (*n)[length] == nil {
		(*n)[length] = map[string]bool{}
	}
	for i := 0; i+length <= len(letters); i++ {
		(*n)[length][string(letters[i:i+length])] = true
	}
}

// inBase64 returns what the base64 of any text that contains s has of it: three bytes
// are four characters, so there are three ways in which s can lie across them.
func inBase64(s string) []string {
	var all []string
	for before := range 3 {
		encoded := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:before] + s))
		// The characters at the ends have bits of the text before and after s.
		first, last := (before*8+5)/6, (before+len(s))*8/6
		all = append(all, encoded[first:max(first, last)])
	}
	return all
}

// hide replaces every run with [Hidden].
func (n needles) hide(text string) string {
	if len(n) == 0 {
		return text
	}
	letters := lettersOf(text)
	var hidden []place
	for length, runs := range n {
		for i := 0; i+length <= len(letters.text); i++ {
			if runs[string(letters.text[i:i+length])] {
				hidden = append(hidden, place{letters.at[i].from, letters.at[i+length-1].to})
			}
		}
	}
	slices.SortFunc(hidden, func(a, b place) int { return a.from - b.from })
	var b strings.Builder
	end := 0
	for _, s := range hidden {
		if s.from > end || b.Len() == 0 {
			b.WriteString(text[end:max(end, s.from)] + Hidden)
		}
		end = max(end, s.to)
	}
	return b.String() + text[end:]
}
