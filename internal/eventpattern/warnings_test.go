package eventpattern

import (
	"slices"
	"testing"
)

func TestWarnings(t *testing.T) {
	const differently = " differently: "
	beside := "its engine also matches values that neither of them matches"
	for name, c := range map[string]struct {
		pattern string
		want    []string
	}{
		"nothing odd": {
			`{"a": ["A", "É", {"wildcard": "*É"}, {"suffix": "z"}, {"numeric": ["<", 1]}], "b": [{"equals-ignore-case": "é"}, {"suffix": "É"}], "c": [{"numeric": ["<", 1]}, "A"]}`,
			nil,
		},
		"the last characters that are not odd": {
			`{"a": [{"equals-ignore-case": "\uffff"}], "b": [{"wildcard": "*b"}, {"suffix": "\u007f"}]}`,
			nil,
		},
		"a range without strings": {
			`{"$or": [{"x": [{"numeric": [">", 1]}]}, {"y": [1, {"numeric": [">", 1]}]}]}`,
			nil,
		},
		"above U+FFFF": {
			`{"detail": {"a": [{"equals-ignore-case": "x😀"}]}}`,
			[]string{`detail.a: EventBridge may treat equals-ignore-case "x😀"` + differently + "its engine does not match characters above U+FFFF"},
		},
		"above U+FFFF inside of other operators": {
			`{"a": [{"anything-but": {"equals-ignore-case": ["x", "😀"]}}], "b": [{"suffix": {"equals-ignore-case": "😀"}}]}`,
			[]string{
				`a: EventBridge may treat equals-ignore-case "😀"` + differently + "its engine does not match characters above U+FFFF",
				`b: EventBridge may treat equals-ignore-case "😀"` + differently + "its engine does not match characters above U+FFFF",
			},
		},
		"several letters": {
			`{"a": [{"equals-ignore-case": "straße"}]}`,
			[]string{`a: EventBridge may treat equals-ignore-case "straße"` + differently + "its engine also matches several letters as the other case of one (SS for ß)"},
		},
		"wildcard beside ignore case": {
			`{"a": [{"wildcard": "*a"}, {"prefix": {"equals-ignore-case": "a"}}]}`,
			[]string{"a: EventBridge may treat a wildcard beside equals-ignore-case" + differently + beside},
		},
		"wildcard beside anything but": {
			`{"a": [{"anything-but": {"wildcard": "*a"}}, {"anything-but": {"suffix": ["a", "ß"]}}]}`,
			[]string{"a: EventBridge may treat a wildcard beside a suffix with non-ASCII letters" + differently + beside},
		},
		"range between strings": {
			`{"a": ["A", {"numeric": ["<", 1]}, {"prefix": "B"}]}`,
			[]string{"a: EventBridge may treat a numeric range between two strings" + differently + "its engine does not always match the first string; write the range at the end of the list"},
		},
		"range in a branch": {
			`{"$or": [{"x": [{"numeric": [">", 1]}, "A"]}, {"x": [{"anything-but": "A"}, "B"]}, {"y": [{"numeric": [">", 1]}]}, {"y": ["A"]}]}`,
			[]string{
				"x: EventBridge may treat a numeric range beside a string, in a pattern with $or," + differently + "its engine does not always match the string",
				"y: EventBridge may treat a numeric range beside a string, in a pattern with $or," + differently + "its engine does not always match the string",
			},
		},
		"range beside or": {
			`{"$or": [{"x": ["A"]}, {"y": [1]}], "z": ["A", {"numeric": [">", 1]}]}`,
			[]string{"z: EventBridge may treat a numeric range beside a string, in a pattern with $or," + differently + "its engine does not always match the string"},
		},
		"range between null and a string": {
			`{"x": [null, {"numeric": [">", 1]}, "A"]}`,
			[]string{"x: EventBridge may treat a numeric range between two strings" + differently + "its engine does not always match the first string; write the range at the end of the list"},
		},
		"wildcard and ignore case in branches": {
			`{"$or": [{"x": [{"wildcard": "*a"}]}, {"x": [{"equals-ignore-case": "a"}]}]}`,
			[]string{"x: EventBridge may treat a wildcard beside equals-ignore-case" + differently + beside},
		},
		"once": {
			`{"x": ["A", {"numeric": ["<", 1]}, "B"], "$or": [{"x": ["A", {"numeric": ["<", 1]}, "B"]}, {"y": [1]}]}`,
			[]string{"x: EventBridge may treat a numeric range between two strings" + differently + "its engine does not always match the first string; write the range at the end of the list"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(c.pattern))
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Warnings(); !slices.Equal(got, c.want) {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}
