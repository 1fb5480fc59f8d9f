package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

// newExitCodesTopic is the one place that says what the exit codes mean.
func newExitCodesTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "exit-codes",
		Short: "What the exit codes mean",
		Long: `The exit codes of all commands:

  0  nothing failed
  1  a delivery failed in the rehearsal, "bundle" could not compile the notifier,
     "timeline" or "dora" could not read all of its sources and showed the others,
     "redrive" could not send all that it was to send again, "coverage" listed something or
     could not read all, or EventBridge did not take a "drill"
  2  wrong usage, input that cannot be read, mistakes in the app, or something missing
     without which the command cannot run, such as Go, Node.js or credentials

"go tool" passes them on. "go run" turns each but 0 into 1.`,
	}
}

// exitError ends a command with an exit code.
type exitError struct {
	code  int
	usage bool  // print a short hint on how to use the command
	err   error // nil: what went wrong has already been printed
}

func (e exitError) Error() string {
	if e.err == nil {
		return fmt.Sprintf("exit code %d", e.code)
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// usageError is a command line that makes no sense.
func usageError(err error) error { return exitError{code: exitUsage, usage: true, err: err} }

// exitCode prints the error of a command and returns its exit code.
func exitCode(cmd *cobra.Command, err error) int {
	if err == nil {
		return exitOK
	}
	exit := exitError{code: exitUsage, err: err}
	errors.As(err, &exit)
	if exit.usage {
		writeHint(cmd.ErrOrStderr(), cmd)
	}
	if exit.err != nil {
		fmt.Fprintf(cmd.ErrOrStderr(), "extraeye: %s\n", visible.Text(exit.err.Error()))
	}
	return exit.code
}
