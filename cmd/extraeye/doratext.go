package main

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/dora"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/lambda/notice"
)

// doraRows are the metrics of the table, in their order.
var doraRows = []struct {
	name string
	text func(dora.Figures) string
}{
	{"Deployment frequency", func(f dora.Figures) string {
		return fmt.Sprintf("%.1f a week (%d)", f.DeploymentFrequency, f.Succeeded)
	}},
	{"Change fail rate", func(f dora.Figures) string { return shareText(f.ChangeFailRate) }},
	{"  failed", func(f dora.Figures) string { return fmt.Sprint(f.Failed) }},
	{"  stopped", func(f dora.Figures) string { return fmt.Sprint(f.Stopped) }},
	{"  rolled back by ECS", func(f dora.Figures) string { return fmt.Sprint(f.RolledBack) }},
	{"Trouble within an hour of a success", func(f dora.Figures) string { return shareText(f.TroubleRate) }},
	{"Failed deployment recovery time", recoveryText},
	{"Deployment rework rate", func(f dora.Figures) string { return shareText(f.ReworkRate) }},
	{"Change lead time", leadText},
}

// writeDora prints the metrics of all services, and of each if there are any.
func writeDora(out io.Writer, r doraReport) {
	columns := append(r.Services[:len(r.Services):len(r.Services)], r.All)
	table := [][]string{{"METRIC"}}
	for i, f := range columns {
		name := cmp.Or(visible.Line(f.Service), "unnamed")
		if i == len(columns)-1 {
			name = "all"
		}
		table[0] = append(table[0], name)
	}
	for _, row := range doraRows {
		line := []string{row.name}
		for _, f := range columns {
			line = append(line, row.text(f))
		}
		table = append(table, line)
	}
	days := r.To.Sub(r.From).Hours() / 24
	fmt.Fprintf(out, "%s to %s (%s)\n\n", r.From.Format("2006-01-02 15:04"), r.To.Format("2006-01-02 15:04 UTC"), notice.Count(int(days+0.5), "day"))
	writeColumns(out, table)
	for _, line := range r.NotAsked {
		fmt.Fprintln(out, "\nnot asked: "+visible.Line(line))
	}
}

// writeColumns prints lines with their cells below each other.
func writeColumns(out io.Writer, table [][]string) {
	widths := make([]int, len(table[0]))
	for _, line := range table {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	for _, line := range table {
		for i, cell := range line {
			line[i] = pad(cell, widths[i])
		}
		fmt.Fprintln(out, cells(line...))
	}
}

func shareText(s dora.Share) string {
	if s.Rate == nil {
		return "–"
	}
	return fmt.Sprintf("%.1f %% (%d of %d)", 100**s.Rate, s.Part, s.Whole)
}

func recoveryText(f dora.Figures) string {
	var parts []string
	if f.RecoveryTime.Known > 0 {
		parts = append(parts, fmt.Sprintf("%s (of %d)", roughly(f.RecoveryTime.Median()), f.RecoveryTime.Known))
	}
	if n := f.RecoveryTime.Unknown; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not yet", n))
	}
	if len(parts) == 0 {
		return "–"
	}
	return strings.Join(parts, ", ")
}

func leadText(f dora.Figures) string {
	switch {
	case f.LeadTime.Known+f.LeadTime.Unknown == 0:
		return "–"
	case f.LeadTime.Known == 0:
		return "unknown"
	default:
		return fmt.Sprintf("%s (of %d, %d unknown)", roughly(f.LeadTime.Median()), f.LeadTime.Known, f.LeadTime.Unknown)
	}
}

// roughly writes a duration without its seconds, if it has minutes.
func roughly(d time.Duration) string {
	if d >= time.Minute {
		d = d.Truncate(time.Minute)
	}
	return notice.Duration(d)
}
