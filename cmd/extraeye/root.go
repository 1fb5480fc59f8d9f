package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

// newRootCommand makes the whole command line. A new command needs one more line here
// and a file of its own.
func newRootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:               "extraeye COMMAND [flags]",
		Long:              "extraeye shows what a CDK app that uses github.com/extraeye/extraeye would send to\npeople, without an AWS account.",
		Version:           version(),
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		SilenceErrors:     true,
		SilenceUsage:      true,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noCommand(cmd, "command", args[0])
			}
			return cmd.Help()
		},
	}
	root.SetVersionTemplate("{{.Version}}\n")
	root.SetHelpFunc(func(cmd *cobra.Command, _ []string) { writeHelp(cmd.OutOrStdout(), cmd) })
	root.SetFlagErrorFunc(flagError)
	root.SetHelpCommand(newHelpCommand())
	root.AddCommand(
		newRehearseCommand(),
		newTimelineCommand(),
		newDoraCommand(),
		newRedriveCommand(),
		newCoverageCommand(),
		newDrillCommand(),
		newServicesCommand(),
		newBundleCommand(),
		newVersionCommand(),
		newCompletionCommand(),
		newExitCodesTopic(),
	)
	return root
}

// noCommand is the error of a name that no command has.
func noCommand(cmd *cobra.Command, what, name string) error {
	var names []string
	for _, c := range cmd.Root().Commands() {
		names = append(names, c.Name())
	}
	return usageError(fmt.Errorf("there is no %s %q%s", what, name, didYouMean("", name, names)))
}

// noArguments refuses arguments that are not flags.
func noArguments(cmd *cobra.Command, args []string) error {
	if len(args) > 0 {
		return usageError(fmt.Errorf("%s takes no arguments, but got %q", cmd.Name(), args))
	}
	return nil
}

// must panics with an error that only a bug can cause.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
