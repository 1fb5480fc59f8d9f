package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/dora"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

func newDoraCommand() *cobra.Command {
	var c doraCommand
	cmd := &cobra.Command{
		Use:   "dora [flags]",
		Short: "Count how often services are released, and how that goes: DORA's metrics",
		Long: `Counts the deployments of CodeDeploy and ECS and what came of them, from AWS's own records:
deployment frequency, change fail rate, failed deployment recovery time, deployment rework
rate and, where it can be known, change lead time. Each deployment counts once. It changes
nothing. docs/releases.md says what each number is.

What belongs to the services comes from the rules of a deployed stack, or of the stacks in a
cloud assembly; or name it with flags, in which * stands for any text.

When a commit was made is looked up in a clone of the repository, by the commit of a GitHub
revision or by a tag that is called like the version. Nothing is fetched.

Credentials and Region are those that the AWS CLI would use. "extraeye help exit-codes"
explains the exit codes.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	flags := cmd.Flags()
	c.addFlags(cmd)
	flags.StringVar(&c.since, "since", "6w", "begin this `TIME` ago: 6h, 2d or 6w")
	flags.StringVar(&c.by, "by", "", "print the numbers of each `service`, too")
	flags.StringVar(&c.repository, "repository", ".", "look commits up in the clone in `DIR`")
	flags.BoolVar(&c.json, "json", false, "print JSON")
	must(cmd.MarkFlagDirname("repository"))
	must(cmd.RegisterFlagCompletionFunc("by", cobra.FixedCompletions([]string{byService}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// byService is what -by may be.
const byService = "service"

type doraCommand struct {
	belongings
	since, by, repository string
	json                  bool
}

// doraReport is what is printed.
type doraReport struct {
	From     time.Time      `json:"from"`
	To       time.Time      `json:"to"`
	All      dora.Figures   `json:"all"`
	Services []dora.Figures `json:"services,omitempty"`
	NotAsked []string       `json:"notAsked,omitempty"`
	Failed   []string       `json:"couldNotBeRead,omitempty"`
}

func (c *doraCommand) run(cmd *cobra.Command) error {
	if c.by != "" && c.by != byService {
		return usageError(fmt.Errorf("-by %q: it must be %q", c.by, byService))
	}
	if err := c.check(); err != nil {
		return usageError(err)
	}
	span, err := parseSpan(c.since, "", "", time.Now())
	if err != nil {
		return usageError(err)
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	account, err := openAccount(cmd, c.account, log)
	if err != nil {
		return err
	}
	scopes, err := c.scopes(cmd.Context(), account, log)
	if err != nil {
		return err
	}
	collector := collect.Collector{API: account.API, Account: account.Account, Region: account.Region}
	report := doraReport{From: span.from.UTC(), To: span.to.UTC()}
	var counts []dora.Count
	committed := dora.InRepository(cmd.Context(), c.repository)
	for _, s := range scopes {
		t := collector.Collect(cmd.Context(), s, span.from, span.to)
		log.line("Read the records of " + nameOf(s))
		count := dora.Of(t.Rows, span.from, span.to, committed)
		counts = append(counts, count)
		report.add(t, count.Figures(s.Service, span.to.Sub(span.from)), c.by != "")
	}
	report.All = dora.Total(counts).Figures("", span.to.Sub(span.from))
	return c.print(cmd, log, report)
}

// nameOf is what a service is called.
func nameOf(s collect.Scope) string {
	if s.Service == "" {
		return "the service"
	}
	return s.Service
}

// add adds a service.
func (r *doraReport) add(t *timeline.Timeline, f dora.Figures, own bool) {
	if own {
		r.Services = append(r.Services, f)
	}
	for _, lines := range []struct{ to, from *[]string }{{&r.NotAsked, &t.NotAsked}, {&r.Failed, &t.Failed}} {
		for _, line := range *lines.from {
			if t.Service != "" {
				line = t.Service + ": " + line
			}
			*lines.to = append(*lines.to, line)
		}
	}
}

func (c *doraCommand) print(cmd *cobra.Command, log *progress, r doraReport) error {
	log.end()
	if c.json {
		if err := printJSONLine(cmd.OutOrStdout(), r); err != nil {
			return err
		}
	} else {
		writeDora(cmd.OutOrStdout(), tableColumns(cmd.OutOrStdout()), r)
	}
	for _, line := range r.Failed {
		log.problem(errors.New("could not be read: " + line))
	}
	if len(r.Failed) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}
