package main

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/drill"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

func newDrillCommand() *cobra.Command {
	var c drillCommand
	cmd := &cobra.Command{
		Use:   "drill -stack NAME [flags]",
		Short: "Send drills through a deployed stack, to see that notices arrive",
		Long: `Puts an event that is made up on the real event bus for each kind of watch of a deployed
stack, so that its rules, its notifier and its sinks do what they would do if it were real;
for a stack that only forwards events, one for each kind of event.
Every notice says that it is a drill. Nobody is paged or mentioned unless you set -page.

Credentials and Region are those that the AWS CLI would use. docs/operations.md says more, and
docs/permissions.md has the permissions that are needed. "extraeye help exit-codes" explains
the exit codes.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&c.stack, "stack", "", "drill the rules of the deployed stack `NAME`")
	flags.StringArrayVar(&c.options.Watches, "watch", nil, "drill only this `KIND` of watch, such as terminations; can be repeated")
	flags.StringArrayVar(&c.options.Sinks, "sink", nil, "send only to this `KIND` of sink, such as slack; can be repeated")
	flags.StringVar(&c.options.Team, "team", "", "notify the team `NAME` of a Fleet")
	flags.StringVar(&c.options.About, "about", "", "make the events about what has the `NAME`, such as main/cart for an ECS service, and notify\nthe team whose it is; only of a Fleet")
	flags.BoolVar(&c.options.Page, "page", false, "send to pagers, too, and mention people")
	flags.BoolVar(&c.json, "json", false, "print one line of JSON for each event")
	accountFlags(cmd, &c.account)
	return cmd
}

type drillCommand struct {
	stack   string
	options drill.Options
	json    bool
	account session.Options
}

func (c drillCommand) run(cmd *cobra.Command) error {
	if c.stack == "" {
		return usageError(errors.New("what is to be drilled? Name a -stack"))
	}
	if c.options.Team != "" && c.options.About != "" {
		return usageError(errors.New("-team and -about exclude each other: what the events are about decides which team is notified"))
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	account, err := openAccount(cmd, c.account, log)
	if err != nil {
		return err
	}
	rules, err := scope.DeployedRules(cmd.Context(), account.API, c.stack)
	if err != nil {
		return err
	}
	setting := samples.Setting{Account: account.Account, Region: account.Region, Now: time.Now()}
	events, err := drill.Plan(rules, c.options, setting)
	if err != nil {
		return fmt.Errorf("stack %s: %w", c.stack, err)
	}
	if err := drill.Put(cmd.Context(), account.API, events); err != nil {
		return err
	}
	log.end()
	if err := c.show(cmd.OutOrStdout(), events); err != nil {
		return err
	}
	if slices.ContainsFunc(events, func(e *drill.Event) bool { return e.Problem != "" }) {
		return exitError{code: exitFailed}
	}
	return nil
}

// show prints what is on the bus, and where a notice of it is to arrive.
func (c drillCommand) show(out io.Writer, events []*drill.Event) error {
	for _, e := range events {
		if c.json {
			if err := printJSONLine(out, e); err != nil {
				return err
			}
			continue
		}
		text := fmt.Sprintf("%s: %s as event %s, to %s", e.Watch, e.Sample, e.ID, strings.Join(e.Sinks, ", "))
		if e.AfterSeconds > 0 {
			text += fmt.Sprintf(", in %s", time.Duration(e.AfterSeconds)*time.Second)
		}
		if e.Problem != "" {
			text = fmt.Sprintf("%s: not sent: %s", e.Watch, e.Problem)
		}
		fmt.Fprintln(out, visible.Line(text))
	}
	return nil
}
