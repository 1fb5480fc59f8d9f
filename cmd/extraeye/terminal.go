package main

import (
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
)

// defaultColumns is the width of a table that is not written to a terminal.
const defaultColumns = 120

// terminal returns the file that is a terminal, or nil.
func terminal(out io.Writer) *os.File {
	f, ok := out.(*os.File)
	if !ok {
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return f
}

// tableColumns returns how wide a table may be: COLUMNS, else the terminal's width.
func tableColumns(out io.Writer) int {
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	if f := terminal(out); f != nil && terminalWidth(f) > 0 {
		return terminalWidth(f)
	}
	return defaultColumns
}

// liveColumns returns the width of a terminal whose last line can be rewritten, or 0 if
// out is not one.
func liveColumns(out io.Writer) int {
	f := terminal(out)
	if f == nil || os.Getenv("TERM") == "dumb" {
		return 0
	}
	return terminalWidth(f)
}

// hasColor reports whether colors are shown. Only terminals get some.
//
// https://no-color.org
func hasColor(out io.Writer) bool {
	return terminal(out) != nil && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}

// openFile opens a file with the desktop's default application.
func openFile(path string) error {
	switch runtime.GOOS {
	case "darwin":
		return exec.Command("open", path).Start()
	case "windows":
		return exec.Command("rundll32", "url.dll,FileProtocolHandler", path).Start()
	default:
		return exec.Command("xdg-open", path).Start()
	}
}
