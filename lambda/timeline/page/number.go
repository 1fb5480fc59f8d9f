package page

import (
	"math"
	"strconv"
	"strings"
)

// number writes a value with three digits that count: 0.25, 31.2, 1.5k.
func number(v float64) string {
	if !finite(v) {
		return "–"
	}
	size, unit := math.Abs(v), ""
	for _, u := range []struct {
		size float64
		unit string
	}{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e4, "k"}} {
		if size >= .9995*u.size && size < 1e15 {
			if u.unit == "k" {
				u.size = 1e3
			}
			v, unit = v/u.size, u.unit
			break
		}
	}
	text := strconv.FormatFloat(v, 'g', 3, 64)
	if size >= 999.5 && unit == "" && size < 1e4 {
		text = strconv.FormatFloat(math.Round(v), 'f', -1, 64)
	}
	return strings.Replace(text, "-", "−", 1) + unit
}

// finite reports whether a value is a number that can be drawn.
func finite(v float64) bool { return math.Abs(v) < 1e300 }

// round returns the next value that is good for the end of a scale.
func round(v float64) float64 {
	if v <= 0 || !finite(v) {
		return 0
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.5, 2, 2.5, 3, 4, 5, 6, 8} {
		if v <= m*power*(1+1e-9) {
			return m * power
		}
	}
	return 10 * power
}
