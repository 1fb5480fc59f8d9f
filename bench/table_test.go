package bench

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var write = flag.Bool("write", false, "write the tables into docs/performance.md")

// writeTable prints a table, whose first row is its header, and writes it to its place in
// docs/performance.md if that was asked for.
func writeTable(b *testing.B, name string, rows [][]string) {
	b.Helper()
	var table strings.Builder
	for i, row := range rows {
		fmt.Fprintf(&table, "| %s |\n", strings.Join(row, " | "))
		if i == 0 {
			fmt.Fprintln(&table, "|"+strings.Repeat("---|", len(row)))
		}
	}
	b.Logf("%s\n%s", name, &table)
	if !*write {
		return
	}
	const file = "../docs/performance.md"
	text, err := os.ReadFile(file)
	if err != nil {
		b.Fatal(err)
	}
	begin, end := fmt.Sprintf("<!-- %s: written by make bench -->\n", name), "<!-- end -->\n"
	before, rest, ok := strings.Cut(string(text), begin)
	_, after, ended := strings.Cut(rest, end)
	if !ok || !ended {
		b.Fatalf("%s has no %q … %q; say where the table goes", file, begin, end)
	}
	if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
		b.Fatal(err)
	}
}

// milliseconds with as many digits as say something.
func milliseconds(ms float64) string {
	if ms < 10 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
