// The extraeye command rehearses what a CDK app would tell people, and compiles
// the notifier for apps that are synthesized without Go.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
)

const usage = `extraeye shows what a CDK app that uses github.com/extraeye/extraeye would tell people.

Usage:

  extraeye rehearse [flags] [EVENT.json | DIR ...]
        play events against the app's rules and show every notification
  extraeye bundle [flags]
        compile the notifier for an app that is synthesized without Go
  extraeye help
        print this

"extraeye rehearse -h" and "extraeye bundle -h" print the flags.
`

// The exit codes.
const (
	exitOK     = 0
	exitFailed = 1 // a delivery failed
	exitUsage  = 2 // wrong usage, input that cannot be read, or mistakes in the app
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	command := "help"
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	switch command {
	case "rehearse":
		return rehearseCommand(ctx, args, stdout, stderr)
	case "bundle":
		return bundleCommand(args, stdout, stderr)
	case "help", "-h", "-help", "--help":
		fmt.Fprint(stdout, usage)
		return exitOK
	default:
		fmt.Fprintf(stderr, "extraeye: there is no command %q\n\n%s", command, usage)
		return exitUsage
	}
}
