package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
	"github.com/extraeye/extraeye/internal/plainjson"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/page"
)

func newTimelineCommand() *cobra.Command {
	var c timelineCommand
	cmd := &cobra.Command{
		Use:   "timeline [flags]",
		Short: "Show what happened to a service, in which order, from AWS's own records",
		Long: `Shows what happened to a service in the order of time: its deployments, the instances
that were launched and died, its alarms, its instance refreshes and, with -who, what somebody
changed. It reads AWS's own records, as far as AWS keeps them, and changes nothing.

What belongs to the service comes from the rules of a deployed stack, or of the stacks in a
cloud assembly; or name it with flags, in which * stands for any text.

Credentials and Region are those that the AWS CLI would use. docs/permissions.md has the
permissions that are needed. "extraeye help exit-codes" explains the exit codes.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&c.stack, "stack", "", "read what belongs to the service from the rules of the deployed stack `NAME`")
	flags.StringVar(&c.assembly, "assembly", "", "read it from the rules of the stacks in the cloud assembly `DIR`, such as cdk.out: of\nthose that are deployed, as deployed")
	flags.StringVar(&c.names.Service, "service", "", "show the service `NAME`, as the Eye calls it")
	flags.StringArrayVar(&c.names.Groups, "auto-scaling-group", nil, "show the Auto Scaling group `NAME`; can be repeated, as can the next ones")
	flags.StringArrayVar(&c.applications, "codedeploy-application", nil, "show the CodeDeploy application `NAME`, or APPLICATION/GROUP for one deployment group")
	flags.StringArrayVar(&c.services, "ecs-service", nil, "show the ECS service `CLUSTER/NAME`")
	flags.StringArrayVar(&c.names.Alarms, "alarm", nil, "show the CloudWatch alarm `NAME`, metric, composite or log alarm")
	flags.StringVar(&c.since, "since", "6h", "begin this `TIME` ago: 90m, 6h, 2d or 6w")
	flags.StringVar(&c.from, "from", "", "begin at `TIME`, with its zone: 2026-11-22T09:00Z or 2026-11-22T10:00+01:00")
	flags.StringVar(&c.to, "to", "", "end at `TIME` (default now)")
	flags.StringVar(&c.around, "around", "", "show from 30 minutes before `i-… | d-… | TIME` to 15 minutes after: the end of the\ninstance, the deployment, or the time")
	flags.BoolVar(&c.who, "who", false, "ask CloudTrail who deployed and what somebody changed; it takes a second or two for\neach name")
	flags.StringVar(&c.html, "html", "", "write a page to `FILE`: what happened on one axis, and everything in words")
	flags.BoolVar(&c.json, "json", false, "print one line of JSON for each thing that happened")
	accountFlags(cmd, &c.account)
	must(cmd.MarkFlagDirname("assembly"))
	return cmd
}

type timelineCommand struct {
	stack, assembly         string
	names                   collect.Scope
	applications, services  []string
	since, from, to, around string
	html                    string
	who, json               bool
	account                 session.Options
}

func (c timelineCommand) run(cmd *cobra.Command) error {
	if err := c.check(); err != nil {
		return usageError(err)
	}
	now := time.Now()
	span, err := parseSpan(c.since, c.from, c.to, now)
	if err != nil {
		return usageError(err)
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	account, err := openAccount(cmd, c.account)
	if err != nil {
		return err
	}
	log.line(fmt.Sprintf("Account %s, %s", account.Account, account.Region))
	belongs, err := c.scope(cmd.Context(), account, log)
	if err != nil {
		return err
	}
	collector := collect.Collector{
		API: account.API, Account: account.Account, Region: account.Region, Who: c.who,
		Done: func(source string) { log.line("Read " + source) },
	}
	if c.around != "" {
		if span, err = c.findSpan(cmd.Context(), collector, belongs, now); err != nil {
			return err
		}
	}
	return c.show(cmd, log, collector.Collect(cmd.Context(), belongs, span.from, span.to))
}

// check refuses flags that exclude each other, and names that say nothing.
func (c *timelineCommand) check() error {
	for _, text := range c.applications {
		a, err := parseApplication(text)
		if err != nil {
			return err
		}
		c.names.Applications = append(c.names.Applications, a)
	}
	for _, text := range c.services {
		s, err := parseService(text)
		if err != nil {
			return err
		}
		c.names.Services = append(c.names.Services, s)
	}
	switch {
	case c.stack != "" && c.assembly != "":
		return errors.New("-stack and -assembly exclude each other")
	case c.around != "" && (c.from != "" || c.to != ""):
		return errors.New("-around excludes -from and -to")
	case c.stack == "" && c.assembly == "" && c.names.Empty():
		return errors.New("what is to be shown? Name a -stack, an -assembly, or an -auto-scaling-group, -codedeploy-application, -ecs-service or -alarm")
	}
	return nil
}

// scope is what belongs to the service: what the rules watch, and what the flags name.
func (c *timelineCommand) scope(ctx context.Context, account *session.Session, log *progress) (collect.Scope, error) {
	if c.stack == "" && c.assembly == "" {
		return c.names, nil
	}
	rules, err := c.rules(ctx, account, log)
	if err != nil {
		return collect.Scope{}, err
	}
	s, err := scope.OfRules(rules, c.names.Service)
	if err != nil {
		return collect.Scope{}, fmt.Errorf("%s: %w", c.stack+c.assembly, err)
	}
	s.Groups = append(s.Groups, c.names.Groups...)
	s.Applications = append(s.Applications, c.names.Applications...)
	s.Services = append(s.Services, c.names.Services...)
	s.Alarms = append(s.Alarms, c.names.Alarms...)
	if s.Empty() {
		return s, fmt.Errorf("%s: its rules watch nothing that AWS keeps records of; name it with -auto-scaling-group, -codedeploy-application, -ecs-service or -alarm", c.stack+c.assembly)
	}
	return s, nil
}

// rules are those of the stack, or of the stacks of the assembly.
func (c *timelineCommand) rules(ctx context.Context, account *session.Session, log *progress) ([]assembly.Rule, error) {
	if c.stack != "" {
		return scope.DeployedRules(ctx, account.API, c.stack)
	}
	app, err := assembly.Read(c.assembly, assembly.Options{})
	if err != nil {
		return nil, err
	}
	var rules []assembly.Rule
	for _, s := range app.Stacks {
		if s.Parent != "" || !watched(app.Stacks, s.Name) {
			continue
		}
		deployed, err := scope.DeployedRules(ctx, account.API, s.Name)
		if errors.Is(err, scope.ErrNotDeployed) {
			log.line("note: stack " + s.Name + " is not deployed in this account and Region: it is left out")
			continue
		}
		if err != nil {
			return nil, err
		}
		rules = append(rules, deployed...)
	}
	return rules, nil
}

// watched reports whether a stack, or one that is nested in it, has rules.
func watched(all []assembly.Stack, name string) bool {
	for _, s := range all {
		if s.Name == name && len(s.Rules) > 0 || s.Parent == name && s.Name != name && watched(all, s.Name) {
			return true
		}
	}
	return false
}

// show prints the timeline.
func (c *timelineCommand) show(cmd *cobra.Command, log *progress, t *timeline.Timeline) error {
	if c.json {
		for _, row := range t.Rows {
			line, err := plainjson.Marshal(row)
			if err != nil {
				return err
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s\n", line)
		}
		for _, line := range t.Failed {
			log.problem(errors.New("could not be read: " + line))
		}
	} else {
		log.end()
		newTimelineText(cmd.OutOrStdout(), time.Local).print(t)
	}
	if c.html != "" {
		if err := writePage(c.html, t); err != nil {
			return err
		}
		log.line("Written: " + c.html)
	}
	if len(t.Failed) > 0 {
		return exitError{code: exitFailed}
	}
	return nil
}

// writePage writes the page into a file.
func writePage(path string, t *timeline.Timeline) error {
	var html bytes.Buffer
	if err := page.Write(&html, t, page.Options{Zone: time.Local}); err != nil {
		return fmt.Errorf("-html: %w", err)
	}
	if err := os.WriteFile(path, html.Bytes(), 0o644); err != nil {
		return fmt.Errorf("-html: %w", err)
	}
	return nil
}
