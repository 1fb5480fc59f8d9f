package pagerduty

import (
	"bytes"
	"cmp"
	"fmt"

	"github.com/extraeye/extraeye/lambda/notice"
)

// details are a JSON object whose fields keep their order.
type details struct {
	fields []notice.Fact
	next   map[string]int // by label: the number that the next one of it gets
}

// add appends a field unless its value is empty. A label that is there already is
// numbered: "Cause", "Cause (2)".
func (d *details) add(label, value string, most int) {
	label, value = notice.Cut(cmp.Or(notice.Line(label), "?"), maxName), notice.Cut(notice.Block(value), most)
	if value == "" {
		return
	}
	unique := label
	for d.next[unique] > 0 {
		d.next[label]++
		unique = fmt.Sprintf("%s (%d)", label, d.next[label])
	}
	d.next[unique] = 1
	d.fields = append(d.fields, notice.Fact{Label: unique, Value: value})
}

// MarshalJSON implements [json.Marshaler].
func (d details) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, f := range d.fields {
		if i > 0 {
			b.WriteByte(',')
		}
		b.Write(notice.JSON(f.Label))
		b.WriteByte(':')
		b.Write(notice.JSON(f.Value))
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
