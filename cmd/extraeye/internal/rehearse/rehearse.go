// Package rehearse plays events against the rules of a synthesized CDK app: what
// the rules match goes to their targets, which for the notifier's means the real
// notifier, run on this machine. Nothing leaves it.
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
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/inbox"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/standin"
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
	// Endpoint is an emulator of AWS; Answers is a folder of API answers. See
	// [standin.Config].
	Endpoint, Answers string
	// Out is the folder for what was told. Empty: a temporary one.
	Out string
	// Paths are files of events, and folders of such files. Empty: the built-in ones.
	Paths []string
	// Each is called with every result when it is there. It may be nil.
	Each func(result.Result)
	// Progress is called with lines that say what is going on.
	Progress func(line string)
	// Compiling is called when something begins to compile, which may take minutes. What
	// it returns is called when that ends. It may be nil.
	Compiling func(what string) (compiled func())
	// Problem is called with what is wrong with the input, one line for each.
	Problem func(error)
}

// compiling is Compiling, which may be nil.
func (o Options) compiling(what string) (compiled func()) {
	if o.Compiling == nil {
		return func() {}
	}
	return o.Compiling(what)
}

// Report is what came of a rehearsal.
type Report struct {
	// Items are what became of every event at every target.
	Items []inbox.Item
	// Problems is how many things were wrong with the input, and Unreadable how many
	// of them are files of events that could not be read.
	Problems, Unreadable int
	// Index is the path of the page that shows everything.
	Index string
}

// Count returns how many results have the outcome.
func (r Report) Count(o result.Outcome) int {
	n := 0
	for _, i := range r.Items {
		if i.Outcome == o {
			n++
		}
	}
	return n
}

// Run rehearses. An error says that there was no rehearsing; inputs that cannot
// be read are told to Problem, and the others are played.
func Run(ctx context.Context, o Options) (Report, error) {
	var report Report
	problem := func(err error) {
		report.Problems++
		o.Problem(err)
	}
	servers, err := standin.Start(standin.Config{Answers: o.Answers, Endpoint: o.Endpoint})
	if err != nil {
		return report, err
	}
	defer servers.Close()

	app, bootstrap, err := prepare(ctx, o)
	if err != nil {
		return report, err
	}
	for _, err := range slices.Concat(app.Errors, app.Problems) {
		problem(err)
	}
	for _, note := range app.Notes {
		o.Progress("note: " + note)
	}
	rules := readRules(app, problem)
	if len(rules) == 0 {
		return report, errors.New("no AWS::Events::Rule with an event pattern in " + where(o))
	}
	events := readEvents(o.Paths, func(err error) {
		report.Unreadable++
		problem(err)
	})
	if len(o.Paths) == 0 {
		if events, err = builtIn(app, rules, o.Progress); err != nil {
			return report, err
		}
	}
	out, err := outFolder(o.Out)
	if err != nil {
		return report, err
	}

	o.Progress(fmt.Sprintf("Playing %s against %s", count(len(events), "event"), count(len(rules), "rule")))
	s := &stage{servers: servers, bootstrap: bootstrap, rules: rules}
	defer s.close()
	s.learn()
	for _, e := range events {
		for _, item := range s.play(ctx, e) {
			if ctx.Err() != nil {
				return report, ctx.Err()
			}
			item.Number = len(report.Items) + 1
			if item.Out, err = item.WriteFiles(out); err != nil {
				return report, err
			}
			report.Items = append(report.Items, item)
			if o.Each != nil {
				o.Each(item.Result)
			}
		}
	}
	page := inbox.Page{App: appName(app), Made: time.Now(), Endpoint: o.Endpoint, Items: report.Items}
	report.Index, err = page.Write(out)
	return report, err
}

// prepare reads the assembly and compiles the notifier, side by side.
func prepare(ctx context.Context, o Options) (*assembly.App, string, error) {
	type compiled struct {
		dir string
		err error
	}
	compiling := make(chan compiled, 1)
	o.Progress(fmt.Sprintf("Compiling the notifier for %s/%s; the first time takes a while", runtime.GOOS, runtime.GOARCH))
	go func() {
		done := o.compiling("the notifier")
		dir, err := bundle.Build(runtime.GOOS, runtime.GOARCH)
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
	app, err := assembly.Read(dir, assembly.Options{Stack: o.Stack, Resolve: o.Resolve})
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

// outFolder makes the folder for what was told.
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
