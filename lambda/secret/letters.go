package secret

import (
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// letters are the letters and digits of a text, in lower case, without anything
// between them and with escapes decoded: two spellings of one text have the same.
type letters struct {
	text []rune
	at   []place // of each in the text
}

// place is a piece of a text, in bytes.
type place struct{ from, to int }

// symbol is one byte of a text, or one that an escape in it stands for.
type symbol struct {
	char byte
	place
}

// maxDecodings is how often a text is decoded, as escapes may be escaped.
const maxDecodings = 4

// lettersOf returns the letters of a text.
func lettersOf(text string) letters {
	symbols := make([]symbol, len(text))
	for i := range len(text) {
		symbols[i] = symbol{text[i], place{i, i + 1}}
	}
	for range maxDecodings {
		decoded := decode(symbols)
		done := len(decoded) == len(symbols)
		if symbols = decoded; done {
			break
		}
	}
	var l letters
	for i, r := range chars(symbols) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			l.text = append(l.text, unicode.ToLower(r))
			l.at = append(l.at, place{symbols[i].from, symbols[i+utf8.RuneLen(r)-1].to})
		}
	}
	return l
}

// chars are the bytes of symbols.
func chars(symbols []symbol) string {
	b := make([]byte, len(symbols))
	for i, s := range symbols {
		b[i] = s.char
	}
	return string(b)
}

// decode replaces each escape with what it stands for.
func decode(symbols []symbol) []symbol {
	text := chars(symbols)
	var out []symbol
	for i := 0; i < len(text); {
		plain, size := unescape(text[i:])
		if size == 0 {
			out = append(out, symbols[i])
			i++
			continue
		}
		for _, c := range []byte(plain) {
			out = append(out, symbol{c, place{symbols[i].from, symbols[i+size-1].to}})
		}
		i += size
	}
	return out
}

// unescape decodes the escape that a text begins with, and returns how many bytes it
// has: zero if there is none. It knows those of URLs, of JSON and programs, and of HTML.
func unescape(text string) (plain string, size int) {
	switch text[0] {
	case '%', '\\':
		return unescapeDigits(text)
	case '&':
		return unescapeEntity(text)
	}
	return "", 0
}

// entities are the named ones that programs write when they escape text.
var entities = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'", "nbsp": " "}

// unescapeEntity decodes &amp;, &#47; and &#x2F;.
func unescapeEntity(text string) (plain string, size int) {
	name, _, found := strings.Cut(text[1:min(len(text), 12)], ";")
	size = len("&") + len(name) + len(";")
	if !found {
		return "", 0
	}
	if plain, ok := entities[name]; ok {
		return plain, size
	}
	number, ok := strings.CutPrefix(name, "#")
	base := 10
	if hex := strings.TrimLeft(number, "xX"); hex != number {
		number, base = hex, 16
	}
	code, err := strconv.ParseUint(number, base, 32)
	if !ok || err != nil {
		return "", 0
	}
	return string(rune(code)), size
}

// digits are how many hexadecimal digits an escape has.
var digits = map[string]int{"%": 2, "%u": 4, `\u`: 4, `\x`: 2, `\U`: 8}

// unescapeDigits decodes %2F, %u002F, \u002F, \U0000002F and \x2F, and takes \n for a
// space. Any other backslash is not a letter, and is left out.
func unescapeDigits(text string) (plain string, size int) {
	for _, n := range []int{2, 1} {
		head := text[:min(n, len(text))]
		count, ok := digits[head]
		if !ok || len(text) < len(head)+count {
			continue
		}
		code, err := strconv.ParseUint(text[len(head):len(head)+count], 16, 32)
		if err != nil {
			continue
		}
		if count == 2 {
			return string([]byte{byte(code)}), len(head) + count
		}
		return string(rune(code)), len(head) + count
	}
	if text[0] == '\\' && len(text) > 1 && strings.IndexByte("nrtbfv", text[1]) >= 0 {
		return " ", 2
	}
	return "", 0
}
