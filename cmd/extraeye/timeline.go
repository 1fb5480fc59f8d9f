package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/compare"
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
	c.addFlags(cmd)
	flags.StringVar(&c.since, "since", "6h", "begin this `TIME` ago: 90m, 6h, 2d or 6w")
	flags.StringVar(&c.from, "from", "", "begin at `TIME`, with its zone: 2026-11-22T09:00Z or 2026-11-22T10:00+01:00")
	flags.StringVar(&c.to, "to", "", "end at `TIME` (default now)")
	flags.StringVar(&c.around, "around", "", "show from 30 minutes before `i-… | d-… | TIME` to 15 minutes after: the end of the\ninstance, the deployment, or the time")
	flags.BoolVar(&c.who, "who", false, "ask CloudTrail who deployed and what somebody changed; it takes a second or two for\neach name")
	flags.StringVar(&c.html, "html", "", "write a page to `FILE`: what happened on one axis, and everything in words")
	flags.StringArrayVar(&c.metricTexts, "metric", nil, "show the CloudWatch metric `JSON`, before those that are found; can be repeated:\n{\"namespace\":\"Shop\",\"name\":\"Orders\",\"dimensions\":{\"Env\":\"prod\"},\"statistic\":\"Sum\",\n\"label\":\"Orders\",\"unit\":\"orders\",\"worse\":\"lower\"}")
	flags.BoolVar(&c.json, "json", false, "print one line of JSON for each thing that happened")
	return cmd
}

// metricsLimit is how long reading metrics may take.
const metricsLimit = time.Minute

type timelineCommand struct {
	belongings
	since, from, to, around string
	html                    string
	who, json               bool
	metricTexts             []string
	metrics                 []wire.Metric
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
	account, err := openAccount(cmd, c.account, log)
	if err != nil {
		return err
	}
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
	t := collector.Collect(cmd.Context(), belongs, span.from, span.to)
	if err := cmd.Context().Err(); err != nil {
		return fmt.Errorf("stopped: %w", err)
	}
	if !c.json || c.html != "" {
		ctx, cancel := context.WithTimeout(cmd.Context(), metricsLimit)
		defer cancel()
		compare.Fill(ctx, account.API, belongs, c.metrics, t)
		log.line("Read CloudWatch metrics")
	}
	return c.show(cmd, log, t)
}

// check refuses flags that exclude each other, and names that say nothing.
func (c *timelineCommand) check() error {
	if c.around != "" && (c.from != "" || c.to != "") {
		return errors.New("-around excludes -from and -to")
	}
	for _, text := range c.metricTexts {
		m, err := parseMetric(text)
		if err != nil {
			return fmt.Errorf("-metric %s: %w", text, err)
		}
		c.metrics = append(c.metrics, m)
	}
	return c.belongings.check()
}

// show prints the timeline.
func (c *timelineCommand) show(cmd *cobra.Command, log *progress, t *timeline.Timeline) error {
	if c.json {
		for _, row := range t.Rows {
			if err := printJSONLine(cmd.OutOrStdout(), row); err != nil {
				return err
			}
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
