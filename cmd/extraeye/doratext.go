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
func writeDora(out io.Writer, columns int, r doraReport) {
	days := r.To.Sub(r.From).Hours() / 24
	fmt.Fprintf(out, "%s to %s (%s)\n", r.From.Format("2006-01-02 15:04"), r.To.Format("2006-01-02 15:04 UTC"), notice.Count(int(days+0.5), "day"))
	var services [][]string
	for _, f := range r.Services {
		services = append(services, doraColumn(cmp.Or(visible.Line(f.Service), "unnamed"), f))
	}
	writeBeside(out, columns, append(services, doraColumn("all", r.All)))
	for _, line := range r.NotAsked {
		fmt.Fprintln(out, "\nnot asked: "+visible.Line(line))
	}
}

// doraColumn is a service in the table.
func doraColumn(name string, f dora.Figures) []string {
	column := []string{name}
	for _, row := range doraRows {
		column = append(column, row.text(f))
	}
	return column
}

// writeBeside prints columns beside the names of the metrics: below the first table another one
// with those that have no room in it.
func writeBeside(out io.Writer, room int, all [][]string) {
	names := []string{"METRIC"}
	for _, row := range doraRows {
		names = append(names, row.name)
	}
	for len(all) > 0 {
		beside, used := [][]string{names}, widthOf(names)
		for len(all) > 0 && (len(beside) == 1 || used+len(gap)+widthOf(all[0]) <= room) {
			used += len(gap) + widthOf(all[0])
			beside, all = append(beside, all[0]), all[1:]
		}
		fmt.Fprintln(out)
		for i := range names {
			var line []string
			for _, column := range beside {
				line = append(line, pad(column[i], widthOf(column)))
			}
			fmt.Fprintln(out, cells(line...))
		}
	}
}

func widthOf(column []string) (width int) {
	for _, text := range column {
		width = max(width, utf8.RuneCountInString(text))
	}
	return width
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
