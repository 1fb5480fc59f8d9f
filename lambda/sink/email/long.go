package email

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/extraeye/extraeye/lambda/notice"
)

// What has no room in the HTML part is in the text part, all but the event.
const (
	inText  = " in the plain text part of this mail"
	leftOut = " left out"
)

// fold writes a long text as it is, folded where the client can fold, in no more
// than limit bytes. Behind what it cuts off it says where the rest is.
func (b *builder) fold(name, s, rest string, limit int, unfolded bool) {
	attr := ""
	if unfolded {
		attr = ` open="open"`
	}
	s, left := escape(notice.Block(s), limit-foldFrame)
	b.html(`<tr><td class="pad" style="padding:0 32px 12px"><details`, attr, `><summary class="dim" style="color:`, dim, `;font-size:13px;line-height:20px;`, wrap, `">`)
	b.text(name)
	b.html(`</summary><pre class="code" style="margin:8px 0 0;`, pre, `">`, s)
	if left > 0 {
		b.text("…\n(" + notice.Count(left, "more character") + rest + ")")
	}
	b.html("</pre></details></td></tr>\n")
}

// escape escapes the beginning of s, as much as fits into limit bytes, and counts
// the characters after it.
func escape(s string, limit int) (escaped string, left int) {
	var b strings.Builder
	for i, piece := range pieces(s, widestCode) {
		if b.Len()+len(piece) > limit {
			return b.String(), utf8.RuneCountInString(s[i:])
		}
		b.WriteString(piece)
	}
	return b.String(), 0
}

// maxDepth is how deep an event may be nested to be indented: indentation grows
// with the square of the depth.
const maxDepth = 30

// indent lays an event out for reading. One that is not JSON, or is nested too
// deeply, stays as it is.
func indent(event json.RawMessage) string {
	var out bytes.Buffer
	if depth(event) > maxDepth || json.Indent(&out, event, "", "  ") != nil {
		return string(event)
	}
	return out.String()
}

// depth is how deep JSON is nested.
func depth(text []byte) int {
	depth, deepest, quoted := 0, 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
			deepest = max(deepest, depth)
		case c == '}' || c == ']':
			depth--
		}
	}
	return deepest
}
