package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

// progress writes what is going on, and the time since the start. While something
// compiles, it says so every few seconds; on a terminal, in one line that disappears
// when compiling is done.
type progress struct {
	out     io.Writer
	started time.Time
	columns int // of the terminal, or 0 if out is not one

	mu      sync.Mutex
	steps   []string    // what compiles
	timer   *time.Timer // until the next line about it
	waiting bool        // the temporary line is on the terminal
}

// How often a line says what compiles.
const (
	everyOnTerminal = time.Second
	everyElsewhere  = 10 * time.Second
)

func newProgress(out io.Writer) *progress {
	return &progress{out: out, started: time.Now(), columns: liveColumns(out)}
}

// line writes a line.
func (p *progress) line(text string) { p.print(p.elapsed() + text) }

// problem writes what is wrong.
func (p *progress) problem(err error) { p.print(fmt.Sprintf("extraeye: %v", err)) }

func (p *progress) print(line string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
	fmt.Fprintln(p.out, visible.Text(line))
}

func (p *progress) elapsed() string {
	return fmt.Sprintf("%5.1fs  ", time.Since(p.started).Seconds())
}

// compiling notes that something begins to compile. The function that it returns is
// called when that ends.
func (p *progress) compiling(what string) (compiled func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps = append(p.steps, what)
	if p.timer == nil {
		p.timer = time.AfterFunc(p.pause(), p.wait)
	}
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.steps = slices.DeleteFunc(p.steps, func(s string) bool { return s == what })
		if len(p.steps) == 0 {
			p.quiet()
		}
	}
}

// end stops the lines, even if something still compiles.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.steps = nil
	p.quiet()
}

// quiet stops the line that says what compiles.
func (p *progress) quiet() {
	if p.timer != nil {
		p.timer.Stop()
		p.timer = nil
	}
	p.clear()
}

func (p *progress) pause() time.Duration {
	if p.columns > 0 {
		return everyOnTerminal
	}
	return everyElsewhere
}

// wait says what compiles, now and after each pause.
func (p *progress) wait() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.steps) == 0 {
		return
	}
	p.timer = time.AfterFunc(p.pause(), p.wait)
	text := p.elapsed() + "Still compiling " + strings.Join(p.steps, ", ") + " (a minute or two the first time)"
	if p.columns == 0 {
		fmt.Fprintln(p.out, text)
		return
	}
	p.clear()
	fmt.Fprint(p.out, cutEnd(text, p.columns-1))
	p.waiting = true
}

// clear removes the temporary line from the terminal.
func (p *progress) clear() {
	if p.waiting {
		fmt.Fprint(p.out, "\r\x1b[K")
		p.waiting = false
	}
}
