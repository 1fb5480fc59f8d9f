// Package rehearse plays events against the rules of a synthesized CDK app: events
// that a rule matches go to its targets. For the targets of the notifier it runs the
// real notifier, on this machine. Nothing leaves it.
package rehearse

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/synth"
	"github.com/extraeye/extraeye/internal/bundle"
)

// Options say what to rehearse.
type Options struct {
	// Assembly is the folder of a cloud assembly. Empty: the app is synthesized.
	Assembly string
	// App is the command that synthesizes the app. Empty: that of ./cdk.json.
	App string
	// Stack narrows the rehearsal to one stack. Empty: all.
	Stack string
	// Resolve gives values to what the templates leave open, by logical id.
	Resolve map[string]string
	// Endpoint is the URL of an emulator of AWS; Answers is a folder of API answers. See
	// [fake.Config].
	Endpoint, Answers string
	// Out is the folder for the page and its files. Empty: a temporary one.
	Out string
	// Down is the JSON name of a sink that is down whenever an event is played: its notices are
	// sent late. Empty: if the events are the built-in ones, one sink is down at one of them.
	Down string
	// Paths are files of events, and folders of such files. Empty: the built-in ones.
	Paths []string
	// Each is called with every result as soon as there is one. It may be nil.
	Each func(result.Result)
	// Progress is called with a line about each step.
	Progress func(line string)
	// Compiling is called when something begins to compile, which may take minutes. What
	// it returns is called when that ends. It may be nil.
	Compiling func(what string) (compiled func())
	// Problem is called with each problem of the input, which is one line.
	Problem func(error)
}

// compiling is Compiling, which may be nil.
func (o Options) compiling(what string) (compiled func()) {
	if o.Compiling == nil {
		return func() {}
	}
	return o.Compiling(what)
}

// each is Each, which may be nil.
func (o Options) each(r result.Result) {
	if o.Each != nil {
		o.Each(r)
	}
}

// Run rehearses. It returns an error if nothing could be rehearsed. Problems of single
// inputs are reported to [Options.Problem], and the others are played.
func Run(ctx context.Context, o Options) (Report, error) {
	var report Report
	stages, err := openStages(fake.Config{Answers: o.Answers, Endpoint: o.Endpoint})
	if err != nil {
		return report, err
	}
	defer closeStages(stages)
	app, bootstrap, err := prepare(ctx, o)
	if err != nil {
		return report, err
	}
	problem := func(err error) {
		report.Problems++
		o.Problem(err)
	}
	fleets := readFleets(app, problem)
	defer removeTables(fleets)
	rules, events, err := o.read(app, fleets, &report, problem)
	if err != nil {
		return report, err
	}
	out, err := outFolder(o.Out)
	if err != nil {
		return report, err
	}

	o.Progress(fmt.Sprintf("Playing %s against %s", count(len(events), "event"), count(len(rules), "rule")))
	p := &player{buses: newBuses(rules), fleets: fleets, problem: problem, account: fakeaws.NewAccount()}
	switch {
	case o.Down != "" && !p.hasSink(o.Down):
		problem(fmt.Errorf("-down %s: no rule has such a sink", o.Down))
	case o.Down == "" && len(o.Paths) == 0:
		p.outage, p.flood = &outage{}, &flood{}
	}
	for n := range events {
		events[n].down = o.Down
	}
	p.enter(stages, bootstrap, len(events))
	for n, done := range p.playAll(ctx, events) {
		for _, d := range append(done.deliveries, p.again(ctx, done, n == len(events)-1)...) {
			if ctx.Err() != nil {
				return report, ctx.Err()
			}
			if err := report.add(d, out); err != nil {
				return report, err
			}
			for _, i := range d.Items {
				o.each(i.Result)
			}
		}
	}
	page := inbox.Page{App: appName(app), Made: time.Now(), Endpoint: o.Endpoint, Deliveries: report.Deliveries}
	err = report.write(page, out)
	return report, err
}

// read returns the rules and the events to play, and reports the problems of the app
// and of the events.
func (o Options) read(app *assembly.App, fleets map[string]*fleet, report *Report, problem func(error)) ([]rule, []event, error) {
	for _, err := range slices.Concat(app.Errors, app.Problems) {
		problem(err)
	}
	for _, note := range app.Notes {
		o.Progress("note: " + note)
	}
	rules := readRules(app, problem, o.Progress)
	if len(rules) == 0 {
		return nil, nil, errors.New("no AWS::Events::Rule with an event pattern in " + where(o))
	}
	if len(o.Paths) == 0 {
		events, err := builtIn(app, newBuses(rules), fleets, o.Progress)
		return rules, events, err
	}
	return rules, readEvents(o.Paths, func(err error) {
		report.Unreadable++
		problem(err)
	}), nil
}

// prepare reads the assembly and compiles the notifier, side by side.
func prepare(ctx context.Context, o Options) (*assembly.App, string, error) {
	type compiled struct {
		dir string
		err error
	}
	compiling := make(chan compiled, 1)
	o.Progress("Compiling the notifier; the first time takes a while")
	go func() {
		done := o.compiling("the notifier")
		dir, err := bundle.BuildHere()
		done()
		compiling <- compiled{dir, err}
	}()

	dir := o.Assembly
	if dir == "" {
		o.Progress("Synthesizing " + where(Options{App: o.App}))
		temp, err := os.MkdirTemp("", "extraeye-assembly-")
		if err != nil {
			return nil, "", fmt.Errorf("make a folder for the cloud assembly: %w", err)
		}
		defer os.RemoveAll(temp)
		done := o.compiling("your app and CDK")
		err = synth.Run(ctx, ".", o.App, temp)
		done()
		if err != nil {
			return nil, "", err
		}
		dir = temp
	}
	app, err := assembly.Read(dir, assembly.Options{Stack: o.Stack, Resolve: o.Resolve, LayerFile: tableFile})
	if err != nil {
		return nil, "", err
	}
	select {
	case c := <-compiling:
		if c.err != nil {
			return nil, "", c.err
		}
		bootstrap, err := executable(c.dir)
		return app, bootstrap, err
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// executable returns the compiled notifier. Windows only runs what is named .exe.
func executable(dir string) (string, error) {
	path := filepath.Join(dir, "bootstrap")
	if runtime.GOOS != "windows" {
		return path, nil
	}
	if err := os.Link(path, path+".exe"); err != nil && !errors.Is(err, fs.ErrExist) {
		return "", fmt.Errorf("name the notifier: %w", err)
	}
	return path + ".exe", nil
}

// outFolder makes the folder for the page and its files.
func outFolder(dir string) (string, error) {
	if dir == "" {
		return os.MkdirTemp("", "extraeye-rehearsal-")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return dir, inbox.Prepare(dir)
}

// where names what is rehearsed, for messages.
func where(o Options) string {
	name := "the app of ./cdk.json"
	switch {
	case o.Assembly != "":
		name = o.Assembly
	case o.App != "":
		name = o.App
	}
	if o.Stack != "" {
		name = "stack " + o.Stack + " of " + name
	}
	return name
}

// appName names what is rehearsed, for the page.
func appName(app *assembly.App) string {
	var names []string
	for _, s := range app.Stacks {
		if s.Parent == "" {
			names = append(names, s.DisplayName)
		}
	}
	if more := len(names) - 3; more > 0 {
		return fmt.Sprintf("%s and %d more stacks", strings.Join(names[:3], ", "), more)
	}
	return strings.Join(names, ", ")
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
