package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

const rehearseUsage = `Usage: extraeye rehearse [flags] [EVENT.json | DIR ...]

Plays events against the rules of a synthesized CDK app, runs the real notifier
on this machine and shows what every target would be told. Without -assembly and
-app, the app of ./cdk.json is synthesized. Without events, built-in ones are played, in
the names that the rules ask for; for a pattern that none of them fits, one is
made up. A DIR gives all .json files in it and in the folders in it. What would be
told after a wait is told at once, as if the time had passed. No credentials are
needed, read or sent, and nothing is sent to anyone: secrets are made up, and AWS
and every destination outside of it are played on this machine.

The exit code is 0 when nothing failed, 1 when a delivery failed, 2 for wrong
usage, input that cannot be read and mistakes in the app.

Flags:
`

// values is a flag that can be given several times: LogicalId=value.
type values map[string]string

func (v values) String() string { return "" }

func (v values) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("it must look like LogicalId=value")
	}
	v[name] = value
	return nil
}

func rehearseCommand(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o := rehearse.Options{Resolve: map[string]string{}}
	flags := flag.NewFlagSet("rehearse", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(flags.Output(), rehearseUsage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.Assembly, "assembly", "", "read the cloud assembly in `DIR`, such as cdk.out, instead of synthesizing")
	flags.StringVar(&o.App, "app", "", "synthesize the app that `COMMAND` runs, such as \"go run ./examples/platform\", instead of that of cdk.json")
	flags.StringVar(&o.Stack, "stack", "", "rehearse only the stack `NAME`")
	flags.Var(values(o.Resolve), "resolve", "give what the template leaves open a value, as `LogicalId=value`; can be repeated")
	flags.StringVar(&o.Endpoint, "endpoint", "", "pass AWS calls on to the emulator at `URL` instead of answering them; secrets are made up\nand destinations outside of AWS are played all the same")
	flags.StringVar(&o.Answers, "answers", "", "answer calls with the files in `DIR`, named <service>.<Operation>.json or .xml,\nsuch as codedeploy.GetDeployment.json; an AWS error document is answered as an error.\nWhat is outside of AWS is answered with <sink>.json or .txt, such as slack.json, and\nwith an HTTP status by <sink>.<status>.json, such as pagerduty.429.json")
	flags.StringVar(&o.Out, "out", "", "write index.html and what was told to `DIR` (default a temporary folder)")
	open := flags.Bool("open", false, "open the index.html")
	lines := flags.Bool("json", false, "print one line of JSON for each event and target")
	switch err := flags.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return exitOK
	case err != nil:
		return exitUsage
	}
	if o.Assembly != "" && o.App != "" {
		fmt.Fprintln(stderr, "extraeye: -assembly and -app exclude each other: the one is read, the other synthesized")
		return exitUsage
	}
	o.Paths = flags.Args()

	log := &progress{out: stderr, started: time.Now()}
	o.Progress, o.Problem = log.line, log.problem
	if *lines {
		encoder := json.NewEncoder(stdout)
		encoder.SetEscapeHTML(false)
		o.Each = func(r result.Result) { encoder.Encode(r) }
	}
	report, err := rehearse.Run(ctx, o)
	if !*lines && len(report.Items) > 0 {
		newTable(stdout).print(report.Items)
	}
	if err != nil {
		log.problem(err)
		return exitUsage
	}
	log.line(summary(report))
	log.line("Every notification, as it would look: " + report.Index)
	if *open {
		if err := openFile(report.Index); err != nil {
			log.problem(fmt.Errorf("open %s: %w", report.Index, err))
		}
	}
	switch {
	case report.Problems > 0:
		return exitUsage
	case report.Count(result.Failed) > 0:
		return exitFailed
	}
	return exitOK
}

// progress writes what is going on, and how far into the run.
type progress struct {
	out     io.Writer
	started time.Time
}

func (p *progress) line(text string) {
	fmt.Fprintf(p.out, "%5.1fs  %s\n", time.Since(p.started).Seconds(), text)
}

func (p *progress) problem(err error) { fmt.Fprintf(p.out, "extraeye: %v\n", err) }

// summary counts the outcomes in one line.
func summary(r rehearse.Report) string {
	var parts []string
	for _, o := range result.Outcomes {
		if n := r.Count(o); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, o))
		}
	}
	if r.Unreadable > 0 {
		parts = append(parts, fmt.Sprintf("%d unreadable", r.Unreadable))
	}
	switch n := r.Problems - r.Unreadable; n {
	case 0:
	case 1:
		parts = append(parts, "1 problem")
	default:
		parts = append(parts, fmt.Sprintf("%d problems", n))
	}
	if len(parts) == 0 {
		return "nothing was played"
	}
	return strings.Join(parts, ", ")
}

// openFile opens a file with what the desktop opens such files with.
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
