package plainxml

import (
	"encoding/xml"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

type text string

// everything has every kind of field that is plain.
type everything struct {
	XMLName xml.Name `xml:"r"`
	Text    string   `xml:"text"`
	Named   text     `xml:"a>named"`
	Texts   []string `xml:"a>b>item"`
	One     struct {
		X string `xml:"x"`
	} `xml:"one"`
	Pointer *struct {
		X []string `xml:"x"`
	} `xml:"pointer"`
	Items []struct {
		X string `xml:"x"`
		Y string `xml:"y>y"`
		Z []struct {
			X string `xml:"x"`
		} `xml:"z>item"`
	} `xml:"a>items>item"`
}

// any root is read, and one field.
type little struct {
	Text string `xml:"text"`
}

// plain are documents that must not be left to encoding/xml.
var plain = []string{
	"<r/>", "<r></r>", " \n<r> </r>rest<", "<r>\n\t<text>é 漢 😀 '\"]</text>\n</r>",
	`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<r xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><text xmlns="x">a</text></r>`,
	"<r><text>a</text><text>b</text><text/></r>", "<r><text>a<b>not</b>c<text>not</text></text></r>",
	"<r><text>a &amp; &lt;b&gt; &quot;&apos; &amp;amp;</text><other>&quot;{}&quot;</other></r>",
	"<r><a><named>n</named><b><item>1</item><item/><other/></b></a><a><b><item> 3 </item></b></a></r>",
	"<r><one><x>1</x></one><one><y>2</y></one><pointer/></r>", "<r><pointer><x>1</x></pointer><pointer><x>2</x></pointer></r>",
	"<r>text<a><items><item><x>1</x><y><y>2</y></y><z><item><x>3</x></item><item/></z></item><item/><other><item/></other></items></a></r>",
	"<r><x1-y.z_>1</x1-y.z_></r>", "<r><text>a\r\nb\rc&#xD;\nd\r&#13;&#xd;\r</text>\r\n<other>\r</other></r>",
}

// others are documents that are left to it, most of them malformed.
var others = []string{
	"", "{}", "text", "<r", "<r>", "<r><text>a", "<r><text>a</r>", "<r></s>", "</r>", "<r>&</r>", "<r>&amp</r>", "<r>&#65;</r>", "<r>&nbsp;</r>",
	"<r><text><![CDATA[a<b]]></text></r>", "<r><!-- c --></r>", "<r><text>a<!-- c -->b</text></r>", "<r a='1'/>", `<r a="1"/>`, "<a:r/>", "<r ></r >", "<r\n/>",
	`<r xmlns:x="y"><x:text>a</x:text></r>`, `<r xmlns=""/>`, `<r xmlns="a&amp;b"/>`, "<s/>", "<r>\x00</r>", "<r>\xff</r>", "<r>\uFFFE</r>", "<r>]]></r>", "<r>a > b</r>",
	`<?xml version="1.1"?><r/>`, "<!DOCTYPE r><r/>", "<?xml version='1.0' encoding='latin1'?><r/>", "<1r/>", "<é/>", "< r/>", "<r//>", "<r/ >", "</r/>",
	"<r>" + strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100) + "</r>", "<r>" + strings.Repeat("<a>", 10100), `<r xmlns="a" xmlns="b"/>`, `<r xmlns="a"b="c"/>`,
}

// same wants the result and the error of encoding/xml.
func same[T any](t *testing.T, document string) {
	t.Helper()
	var got, want T
	gotErr, wantErr := Unmarshal([]byte(document), &got), xml.Unmarshal([]byte(document), &want)
	if fmt.Sprint(gotErr) != fmt.Sprint(wantErr) || !reflect.DeepEqual(got, want) {
		t.Errorf("%.200q: read %+v, %v; want %+v, %v", document, got, gotErr, want, wantErr)
	}
}

func TestUnmarshal(t *testing.T) {
	for _, document := range plain {
		same[everything](t, document)
		same[little](t, document)
		if !read(document, reflect.New(reflect.TypeFor[everything]()).Elem()) {
			t.Errorf("%q is left to encoding/xml", document)
		}
	}
	for _, document := range others {
		same[everything](t, document)
		same[little](t, document)
		if read(document, reflect.New(reflect.TypeFor[everything]()).Elem()) {
			t.Errorf("%q is not left to encoding/xml", document)
		}
	}
}

type itself struct {
	In []itself `xml:"in"`
}

// TestTypes shows that types that are not plain are left to encoding/xml.
func TestTypes(t *testing.T) {
	const document = `<r><a>1</a><b><a>2</a></b><in><in/></in></r>`
	same[struct {
		A int `xml:"a"`
	}](t, document)
	same[struct{ A string }](t, document)
	same[struct {
		A string `xml:",innerxml"`
	}](t, document)
	same[struct {
		A string `xml:"-"`
	}](t, document)
	same[struct {
		A string `xml:"x a"`
	}](t, document)
	same[struct {
		A time.Time `xml:"a"`
	}](t, document)
	same[struct {
		A []byte `xml:"a"`
	}](t, document)
	same[struct {
		B struct{} `xml:"b"`
	}](t, document)
	same[struct {
		B struct{ A string } `xml:"b"`
		C string             `xml:"b>a"`
	}](t, document)
	same[struct {
		C string `xml:"b>a"`
		B string `xml:"b"`
	}](t, document)
	same[struct {
		A *string `xml:"a"`
	}](t, document)
	same[itself](t, document)
	same[string](t, document)
	if err := Unmarshal([]byte(document), nil); err == nil {
		t.Error("read into nothing")
	}
	if err := Unmarshal([]byte(document), little{}); err == nil {
		t.Error("read into a copy")
	}
}

func FuzzUnmarshal(f *testing.F) {
	for _, document := range append(plain, others...) {
		f.Add(document)
	}
	f.Fuzz(func(t *testing.T, document string) {
		same[everything](t, document)
		same[little](t, document)
	})
}
