package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/toolchain"
)

func newRehearseCommand() *cobra.Command {
	c := rehearseCommand{Options: rehearse.Options{Resolve: map[string]string{}}}
	cmd := &cobra.Command{
		Use:   "rehearse [flags] [EVENT.json | DIR ...]",
		Short: "Play events against the app's rules and show every notification",
		Long: `Plays events against the rules of a synthesized CDK app, runs the real notifier on this
machine and shows what each target would be sent. Without -assembly and -app, the app of
./cdk.json is synthesized. Without events, built-in ones are played, with the names that
the rules ask for, or of a Fleet's services, of something that is a team's by its tag, and
of something that is nobody's; for a pattern that none of them fits, an event is made up.
A DIR stands for all .json files in it and in its subfolders. What would be sent after a
wait, or again after a sink did not take it, is sent at once, as if the time had passed. Of
the built-in events one is played again while a sink is down and, with grouped sinks, one
40 times.

No credentials are needed, read or sent, and nothing is sent to anyone: secrets are made
up, and AWS and all other destinations are faked on this machine.

"extraeye help exit-codes" explains the exit codes.`,
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return []string{"json"}, cobra.ShellCompDirectiveFilterFileExt
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c.Paths = args
			return c.run(cmd)
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.Assembly, "assembly", "", "read the cloud assembly in `DIR`, such as cdk.out, instead of synthesizing")
	flags.StringVar(&c.App, "app", "", "synthesize the app that `COMMAND` runs instead of that of cdk.json, for example\n\"go run ./examples/platform\"")
	flags.StringVar(&c.Stack, "stack", "", "rehearse only the stack `NAME`")
	flags.Var(values(c.Resolve), "resolve", "use `LogicalId=value` where the template does not resolve to a value; can be repeated")
	flags.StringVar(&c.Endpoint, "endpoint", "", "pass AWS calls on to the emulator at `URL` instead of answering them; secrets are still\nmade up, and destinations outside of AWS are still faked")
	flags.StringVar(&c.Answers, "answers", "", "answer calls with the files in `DIR`: for AWS, <service>.<Operation>.json or .xml, such as\ncodedeploy.GetDeployment.json, where an AWS error document is answered as an error;\nfor all others <sink>.json or .txt, such as slack.json, and <sink>.<status>.json to\nanswer with an HTTP status, such as pagerduty.429.json")
	flags.StringVar(&c.Down, "down", "", "let the sinks of the kind `SINK`, such as slack, be down for 15 minutes from each event on")
	flags.StringVar(&c.Out, "out", "", "write index.html and what was sent to `DIR` (default a temporary folder)")
	flags.BoolVar(&c.open, "open", false, "open the index.html")
	flags.BoolVar(&c.json, "json", false, "print one line of JSON for each event and sink")
	for _, name := range []string{"assembly", "answers", "out"} {
		must(cmd.MarkFlagDirname(name))
	}
	return cmd
}

// values is a flag that can be given several times: LogicalId=value.
type values map[string]string

func (v values) String() string { return "" }
func (v values) Type() string   { return "LogicalId=value" }

func (v values) Set(s string) error {
	name, value, ok := strings.Cut(s, "=")
	if !ok || name == "" {
		return errors.New("it must look like LogicalId=value")
	}
	v[name] = value
	return nil
}

type rehearseCommand struct {
	rehearse.Options
	open, json bool
}

func (c rehearseCommand) run(cmd *cobra.Command) error {
	if c.Assembly != "" && c.App != "" {
		return usageError(errors.New("-assembly and -app exclude each other: one is read, the other is synthesized"))
	}
	if c.Down != "" && !slices.Contains(destination.Names(), c.Down) {
		return usageError(fmt.Errorf("-down %s is no kind of sink: it is one of %s", c.Down, strings.Join(destination.Names(), ", ")))
	}
	if err := toolchain.Go(cmd.Context()); err != nil {
		return err
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	c.Progress, c.Problem, c.Compiling = log.line, log.problem, log.compiling
	if c.json {
		c.Each = func(r result.Result) {
			_ = printJSONLine(cmd.OutOrStdout(), r) // it was read from JSON, or made of text
		}
	}
	report, err := rehearse.Run(cmd.Context(), c.Options)
	if items := report.Items(); !c.json && len(items) > 0 {
		newTable(cmd.OutOrStdout()).print(items)
	}
	if err != nil {
		return err
	}
	log.line(summary(report))
	log.line("Every notification, as it would look: " + report.Index)
	if c.open {
		if err := openFile(report.Index); err != nil {
			log.problem(fmt.Errorf("open %s: %w", report.Index, err))
		}
	}
	return verdict(report)
}

// verdict is the exit code that a report asks for. What went wrong has already been printed.
func verdict(r rehearse.Report) error {
	switch {
	case r.Problems > 0:
		return exitError{code: exitUsage}
	case r.Count(result.Failed) > 0:
		return exitError{code: exitFailed}
	}
	return nil
}

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
