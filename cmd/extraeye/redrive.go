package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/deadletters"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
)

func newRedriveCommand() *cobra.Command {
	var c redriveCommand
	cmd := &cobra.Command{
		Use:   "redrive -stack NAME [flags]",
		Short: "List what could not be sent or forwarded, and send it again",
		Long: `Lists the dead-letter queue of the notifier of a deployed stack: what was to be sent, where,
why that was not possible, and since when. Then it asks which of it to send again: all, or
some by their numbers. A message leaves the queue once Lambda has accepted it for the
notifier; all others are put back. What fails again comes back into the queue.

Of a stack with a Forwarder, it lists what could not be forwarded. Nobody but AWS may put that
on a bus, so it is handed to the notifier of the Fleet: name its stack with -fleet and, if it
is in another account, a profile of that with -fleet-profile.

With -yes it asks nothing and sends all, or what -message names. With -json it prints one line
for each message, and without -yes sends nothing.

Credentials and Region are those that the AWS CLI would use. docs/operations.md says more, and
docs/permissions.md has the permissions that are needed. "extraeye help exit-codes" explains
the exit codes.`,
		Args: noArguments,
		RunE: func(cmd *cobra.Command, _ []string) error { return c.run(cmd) },
	}
	flags := cmd.Flags()
	flags.StringVar(&c.stack, "stack", "", "list the queue of the notifier or the Forwarder in the deployed stack `NAME`")
	flags.StringVar(&c.fleet, "fleet", "", "hand what could not be forwarded to the Fleet in the deployed stack `NAME`")
	flags.StringVar(&c.fleetProfile, "fleet-profile", "", "use the credentials of the profile `NAME` for a Fleet in another account")
	flags.StringArrayVar(&c.messages, "message", nil, "list and send only the message with this `ID`; can be repeated")
	flags.BoolVar(&c.yes, "yes", false, "send without asking")
	flags.BoolVar(&c.json, "json", false, "print JSON")
	accountFlags(cmd, &c.account)
	return cmd
}

type redriveCommand struct {
	stack               string
	fleet, fleetProfile string
	messages            []string
	yes, json           bool
	account             session.Options
	answers             *bufio.Reader // nil until somebody is asked
}

func (c redriveCommand) run(cmd *cobra.Command) error {
	if c.stack == "" {
		return usageError(errors.New("whose queue? Name the -stack that has the notifier or the Forwarder"))
	}
	log := newProgress(cmd.ErrOrStderr())
	defer log.end()
	account, err := openAccount(cmd, c.account, log)
	if err != nil {
		return err
	}
	owners, err := deadletters.Find(cmd.Context(), account.API, c.stack)
	if err != nil {
		return err
	}
	fleets := c.fleets(cmd, account, log)
	c.answers = bufio.NewReader(cmd.InOrStdin())
	found, failed := map[string]bool{}, false
	for _, o := range owners {
		ok, err := c.redrive(cmd, account, o, fleets, found, log)
		if err != nil {
			return err
		}
		failed = failed || !ok
	}
	for _, id := range c.messages {
		if !found[id] {
			return fmt.Errorf("-message %s: there is no such message, or somebody else is handling it", id)
		}
	}
	if failed {
		return exitError{code: exitFailed}
	}
	return nil
}

// releaseLimit is how long messages are put back for at the end, even of a command that was
// stopped.
const releaseLimit = time.Minute

// redrive lists one queue, and sends what is chosen. It is ok if all of that was sent.
func (c redriveCommand) redrive(cmd *cobra.Command, account *session.Session, o deadletters.Owner, fleets deadletters.Finder, found map[string]bool, log *progress) (ok bool, err error) {
	ctx := cmd.Context()
	box, err := deadletters.Open(ctx, account.API, o, fleets)
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseLimit)
		defer cancel()
		if problem := box.Release(ctx); problem != nil {
			log.problem(problem)
			ok = false
		}
	}()
	if err != nil {
		return false, fmt.Errorf("dead-letter queue of %s: %w", o.Name(), err)
	}
	listed := c.listed(box.Letters, found)
	if !c.json {
		newRedriveText(cmd.OutOrStdout(), time.Local).print(box, listed)
	}
	ok = true
	for _, l := range c.chosen(cmd, listed) {
		if err := box.Send(ctx, l); err != nil {
			log.problem(fmt.Errorf("message %s: %w", l.ID, err))
			ok = false
			continue
		}
		log.line("Sent again: " + strings.Join(l.What, "; "))
	}
	return ok, c.printJSON(cmd.OutOrStdout(), listed)
}

// listed are the letters that -message names, or all.
func (c redriveCommand) listed(all []*deadletters.Letter, found map[string]bool) []*deadletters.Letter {
	if len(c.messages) == 0 {
		return all
	}
	var some []*deadletters.Letter
	for _, l := range all {
		if slices.Contains(c.messages, l.ID) {
			found[l.ID] = true
			some = append(some, l)
		}
	}
	return some
}

// chosen are the letters that are to be sent.
func (c redriveCommand) chosen(cmd *cobra.Command, listed []*deadletters.Letter) []*deadletters.Letter {
	canBeSent := slices.ContainsFunc(listed, func(l *deadletters.Letter) bool { return l.Left == "" })
	switch {
	case c.yes:
		return listed
	case c.json || !canBeSent:
		return nil
	}
	for {
		fmt.Fprint(cmd.ErrOrStderr(), `Send which again? "all", numbers such as "1 3", or nothing: `)
		line, err := c.answers.ReadString('\n')
		some, wrong := choose(listed, line)
		if wrong == nil {
			return some
		}
		fmt.Fprintf(cmd.ErrOrStderr(), "%v\n", wrong)
		if err != nil {
			return nil
		}
	}
}

// choose reads an answer. All are those that can be sent.
func choose(listed []*deadletters.Letter, answer string) (some []*deadletters.Letter, err error) {
	answer = strings.TrimSpace(answer)
	if answer == "all" {
		return slices.DeleteFunc(slices.Clone(listed), func(l *deadletters.Letter) bool { return l.Left != "" }), nil
	}
	for _, word := range strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' || r == ',' }) {
		n, err := strconv.Atoi(word)
		if err != nil || n < 1 || n > len(listed) {
			return nil, fmt.Errorf("%q is not a number from 1 to %d", word, len(listed))
		}
		if l := listed[n-1]; !slices.Contains(some, l) {
			some = append(some, l)
		}
	}
	return some, nil
}

func (c redriveCommand) printJSON(out io.Writer, listed []*deadletters.Letter) error {
	if !c.json {
		return nil
	}
	for _, l := range listed {
		if err := printJSONLine(out, l); err != nil {
			return err
		}
	}
	return nil
}
