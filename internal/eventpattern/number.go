package eventpattern

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// parseNumber reads a JSON number as the engine compares it: as a double, if the
// double stands for the very number that was written. Longer numbers (account
// numbers with a fraction, 20 digits) are only equal if they are spelled alike.
func parseNumber(text string) (f float64, comparable bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return 0, false
	}
	return f, decimal(text) == decimal(strconv.FormatFloat(f, 'e', -1, 64))
}

// decimal spells a JSON number in one way: digits without outer zeros, exponent.
func decimal(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	exponent := 0
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		var err error
		if exponent, err = strconv.Atoi(strings.TrimPrefix(text[i+1:], "+")); err != nil {
			return "?" + text // an exponent beyond all doubles: equal to nothing
		}
		text = text[:i]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits := whole + fraction
	exponent -= len(fraction)
	trimmed := strings.TrimRight(digits, "0")
	exponent += len(digits) - len(trimmed)
	trimmed = strings.TrimLeft(trimmed, "0")
	if trimmed == "" {
		return "0"
	}
	return sign + trimmed + "e" + strconv.Itoa(exponent)
}

// numeric reads ["=", 5], ["<", 5] or [">=", 0, "<", 5].
func numeric(arg node) (want, error) {
	if arg.kind != kindArray {
		return want{}, fmt.Errorf("numeric is %s: it must be an array", arg)
	}
	items := arg.items
	if len(items) != 2 && len(items) != 4 {
		return want{}, fmt.Errorf("numeric has %d elements: it must be [operator, number] or [lower, number, upper, number]", len(items))
	}
	var tests []func(float64) bool
	var texts []string
	var bounds []float64
	for i := 0; i < len(items); i += 2 {
		op, n := items[i], items[i+1]
		bound, comparable := parseNumber(n.text)
		switch {
		case op.kind != kindString:
			return want{}, fmt.Errorf("numeric has %s where an operator must be", op)
		case n.kind != kindNumber:
			return want{}, fmt.Errorf("numeric: the value of %s is %s, it must be a number", op.text, n)
		case !comparable:
			return want{}, fmt.Errorf("numeric: %s is too long to be compared", n)
		}
		lower := op.text == ">" || op.text == ">="
		upper := op.text == "<" || op.text == "<="
		if !(lower || upper || op.text == "=") {
			return want{}, fmt.Errorf("numeric: %s is not one of =, <, <=, >, >=", quote(op.text))
		}
		if len(items) == 4 && (i == 0 && !lower || i == 2 && !upper) {
			return want{}, errors.New("numeric: a range is written with its lower bound (> or >=) first, then its upper bound (< or <=)")
		}
		tests = append(tests, func(f float64) bool {
			switch op.text {
			case "=":
				return f == bound
			case "<":
				return f < bound
			case "<=":
				return f <= bound
			case ">":
				return f > bound
			default:
				return f >= bound
			}
		})
		texts = append(texts, op.text+" "+shorten(n.text))
		bounds = append(bounds, bound)
	}
	if len(bounds) == 2 && bounds[0] >= bounds[1] {
		return want{}, fmt.Errorf("numeric: the lower bound %s must be less than the upper bound %s", items[1], items[3])
	}
	return want{text: "a number " + strings.Join(texts, " and "), match: func(v value) bool {
		if !v.comparable {
			return false
		}
		for _, test := range tests {
			if !test(v.number) {
				return false
			}
		}
		return true
	}}, nil
}
