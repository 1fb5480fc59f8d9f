package eventpattern

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// parseNumber reads a JSON number as the engine compares it: as a double, if the
// double stands for exactly the number that was written. Longer numbers (account
// numbers with a fraction, 20 digits) are only equal if they are spelled the same.
func parseNumber(text string) (f float64, exact bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f != 0 && math.Abs(f) < minNumber {
		return 0, false
	}
	return f, decimal(text) == decimal(strconv.FormatFloat(f, 'e', -1, 64))
}

// minNumber is the smallest number that a double holds in full precision. The engine
// cannot compare all of those that are smaller.
const minNumber = 0x1p-1022

// decimal spells a JSON number in one way: digits without outer zeros, exponent.
func decimal(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	mantissa, power, _ := strings.Cut(strings.ToLower(text), "e")
	exponent, err := strconv.Atoi(cmp.Or(strings.TrimPrefix(power, "+"), "0"))
	if err != nil {
		return "?" + text // the exponent is too large for a double: equal to nothing
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
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

// comparison is an operator of numeric and its number, such as "<" 5.
type comparison struct {
	operator string
	bound    float64
	number   string // the bound as the pattern spells it, cut short
}

// comparisons are the operators of numeric.
var comparisons = map[string]func(number, bound float64) bool{
	"=":  func(number, bound float64) bool { return number == bound },
	"<":  func(number, bound float64) bool { return number < bound },
	"<=": func(number, bound float64) bool { return number <= bound },
	">":  func(number, bound float64) bool { return number > bound },
	">=": func(number, bound float64) bool { return number >= bound },
}

func (c comparison) isLower() bool { return c.operator == ">" || c.operator == ">=" }
func (c comparison) isUpper() bool { return c.operator == "<" || c.operator == "<=" }

// holds reports whether the number passes the comparison.
func (c comparison) holds(number float64) bool { return comparisons[c.operator](number, c.bound) }

// numeric reads ["=", 5], ["<", 5] or [">=", 0, "<", 5].
func numeric(arg node) (want, error) {
	if arg.kind != kindArray {
		return want{}, fmt.Errorf("numeric is %s: it must be an array", arg)
	}
	if n := len(arg.items); n != 2 && n != 4 {
		return want{}, fmt.Errorf("numeric has %d elements: it must be [operator, number] or [lower, number, upper, number]", n)
	}
	var tests []comparison
	var texts []string
	for pair := range slices.Chunk(arg.items, 2) {
		c, err := readComparison(pair[0], pair[1])
		if err != nil {
			return want{}, err
		}
		tests, texts = append(tests, c), append(texts, c.operator+" "+c.number)
	}
	if len(tests) == 2 {
		if err := checkRange(tests[0], tests[1]); err != nil {
			return want{}, err
		}
	}
	return want{text: "a number " + strings.Join(texts, " and "), match: func(v value) bool {
		return v.comparable && !slices.ContainsFunc(tests, func(c comparison) bool { return !c.holds(v.number) })
	}}, nil
}

func readComparison(operator, number node) (comparison, error) {
	bound, exact := parseNumber(number.text)
	switch {
	case operator.kind != kindString:
		return comparison{}, fmt.Errorf("numeric has %s where an operator must be", operator)
	case number.kind != kindNumber:
		return comparison{}, fmt.Errorf("numeric: the value of %s is %s, it must be a number", operator.text, number)
	case !exact:
		return comparison{}, fmt.Errorf("numeric: %s is too long or too small to be compared", number)
	case comparisons[operator.text] == nil:
		return comparison{}, fmt.Errorf("numeric: %s is not one of =, <, <=, >, >=", quote(operator.text))
	}
	return comparison{operator.text, bound, number.String()}, nil
}

// checkRange reports what is wrong with two comparisons as a range.
func checkRange(lower, upper comparison) error {
	switch {
	case !lower.isLower() || !upper.isUpper():
		return errors.New("numeric: a range is written with its lower bound (> or >=) first, then its upper bound (< or <=)")
	case lower.bound >= upper.bound:
		return fmt.Errorf("numeric: the lower bound %s must be less than the upper bound %s", lower.number, upper.number)
	}
	return nil
}
