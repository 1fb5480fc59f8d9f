package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/coverage"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

func newCoverageCommand() *cobra.Command {
	var c coverageCommand
	cmd := &cobra.Command{
		Use:   "coverage [flags]",
		Short: "List what nobody watches, and what is watched and does not exist",
		Long: `Lists the Auto Scaling groups, CodeDeploy applications and ECS services of the account and
Region that no rule of extraeye's watches, and watched names of which there is none: also of
deployment groups and of alarms. It changes nothing.

The rules are those of the account's default event bus and of buses of the account that they
forward to, or of a deployed stack, or of the stacks in a cloud assembly. Rules that are
disabled watch nothing.

Credentials and Region are those that the AWS CLI would use. docs/operations.md says more, and
docs/permissions.md has the permissions that are needed. "extraeye help exit-codes" explains
the exit codes.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&c.from.stack, "stack", "", "read what is watched from the rules of the deployed stack `NAME`")
	flags.StringVar(&c.from.assembly, "assembly", "", "read it from the rules of the stacks in the cloud assembly `DIR`, such as cdk.out: of\nthose that are deployed, as deployed")
	flags.StringArrayVar(&c.except, "except", nil, "leave out what has this `NAME`, in which * stands for any text; can be repeated")
	flags.BoolVar(&c.json, "json", false, "print one line of JSON for each name")
	accountFlags(cmd, &c.from.account)
	must(cmd.MarkFlagDirname("assembly"))
	return cmd
}

type coverageCommand struct {
	from   belongings
	except []string
	json   bool
}

func (c coverageCommand) run(cmd *cobra.Command) error {
	if c.from.stack != "" && c.from.assembly != "" {
		return usageError(errors.New("-stack and -assembly exclude each other"))
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	account, err := openAccount(cmd, c.from.account, log)
	if err != nil {
		return err
	}
	rules, err := c.rules(cmd.Context(), account, log)
	if err != nil {
		return err
	}
	rules = slices.DeleteFunc(rules, func(r assembly.Rule) bool { return !r.Enabled })
	report := coverage.Compare(cmd.Context(), account.API, scope.OfAll(rules))
	if err := cmd.Context().Err(); err != nil {
		return fmt.Errorf("stopped: %w", err)
	}
	report.Gaps = slices.DeleteFunc(report.Gaps, c.isExcepted)
	for _, line := range report.Failed {
		log.problem(errors.New("could not be read: " + line))
	}
	log.end()
	if err := c.show(cmd.OutOrStdout(), account, report); err != nil {
		return err
	}
	if len(report.Gaps)+len(report.Failed) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// rules are those that the flags choose.
func (c coverageCommand) rules(ctx context.Context, account *session.Session, log *progress) ([]assembly.Rule, error) {
	if c.from.stack != "" || c.from.assembly != "" {
		return c.from.rules(ctx, account, log)
	}
	rules, elsewhere, err := coverage.AccountRules(ctx, account.API)
	for _, bus := range elsewhere {
		log.problem(fmt.Errorf("events are forwarded to %s, whose rules are not counted; read those of the Fleet there with -assembly", visible.Line(bus)))
	}
	return rules, err
}

func (c coverageCommand) isExcepted(gap coverage.Gap) bool {
	return slices.ContainsFunc(c.except, func(pattern string) bool { return collect.Matches(pattern, gap.Name) })
}

// show prints the gaps: below what is wrong with them, each with its kind and its name. AWS
// restricts names, but patterns may have anything.
func (c coverageCommand) show(out io.Writer, account *session.Session, r coverage.Report) error {
	if c.json {
		for _, gap := range r.Gaps {
			if err := printJSONLine(out, gap); err != nil {
				return err
			}
		}
		return nil
	}
	t := newTable(out)
	fmt.Fprintf(out, "\n%s\n", t.paint("1", fmt.Sprintf("%s %s: %d of %d are watched", visible.Line(account.Account), visible.Line(account.Region), r.Watched, r.All)))
	width := 0
	for _, gap := range r.Gaps {
		width = max(width, len(gap.Kind))
	}
	before := coverage.State("")
	for _, gap := range r.Gaps {
		if gap.State != before {
			fmt.Fprintf(out, "\n%s\n", t.paint("33", headings[gap.State]))
		}
		before = gap.State
		fmt.Fprintln(out, indent+cells(pad(string(gap.Kind), width), visible.Line(gap.Name)))
	}
	fmt.Fprintln(out)
	return nil
}

// headings say what is wrong with names.
var headings = map[coverage.State]string{
	coverage.Unwatched: "Nobody watches",
	coverage.Missing:   "Watched, but there is none",
}
