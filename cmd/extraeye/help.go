package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

func newHelpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "Explain a command or a topic",
		ValidArgsFunction: func(cmd *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
			var names []string
			for _, c := range cmd.Root().Commands() {
				names = append(names, cobra.CompletionWithDesc(c.Name(), c.Short))
			}
			return names, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			explained, rest, err := cmd.Root().Find(args)
			if err != nil || len(rest) > 0 {
				return noCommand(cmd, "command or topic", strings.Join(args, " "))
			}
			return explained.Help()
		},
	}
}

// writeHelp explains a command.
func writeHelp(w io.Writer, cmd *cobra.Command) {
	fmt.Fprintf(w, "%s\n", cmd.Long)
	if cmd.Runnable() {
		fmt.Fprintf(w, "\nUsage: %s\n", useLine(cmd))
	}
	writeCommands(w, "Commands", cmd, (*cobra.Command).IsAvailableCommand)
	writeCommands(w, "Topics", cmd, (*cobra.Command).IsAdditionalHelpTopicCommand)
	if cmd.HasSubCommands() && !cmd.HasParent() {
		fmt.Fprintf(w, "\n\"%s help COMMAND\" explains a command or a topic. Flags begin with one dash or two:\n-json is --json.\n", cmd.Name())
	}
	writeFlags(w, cmd.Flags())
}

// writeHint says in two lines how to use a command.
func writeHint(w io.Writer, cmd *cobra.Command) {
	root := cmd.Root().Name()
	fmt.Fprintf(w, "Usage: %s\n", useLine(cmd))
	if !cmd.HasParent() || cmd.Name() == "help" {
		fmt.Fprintf(w, "\"%s help\" lists the commands.\n", root)
		return
	}
	fmt.Fprintf(w, "\"%s help %s\" explains it.\n", root, strings.TrimPrefix(cmd.CommandPath(), root+" "))
}

func useLine(cmd *cobra.Command) string {
	if cmd.HasParent() {
		return cmd.Parent().CommandPath() + " " + cmd.Use
	}
	return cmd.Use
}

// writeCommands lists commands below a heading.
func writeCommands(w io.Writer, heading string, cmd *cobra.Command, listed func(*cobra.Command) bool) {
	commands := slices.DeleteFunc(slices.Clone(cmd.Commands()), func(c *cobra.Command) bool { return !listed(c) })
	if len(commands) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s:\n", heading)
	for _, c := range commands {
		fmt.Fprintf(w, "  %-11s %s\n", c.Name(), c.Short)
	}
}

// writeFlags lists a command's own flags.
func writeFlags(w io.Writer, flags *pflag.FlagSet) {
	heading := "\nFlags:\n"
	flags.VisitAll(func(f *pflag.Flag) {
		if f.Annotations[cobra.FlagSetByCobraAnnotation] != nil {
			return // -h and -version, which every program has
		}
		value, usage := pflag.UnquoteUsage(f)
		if f.Value.Type() == "string" && f.DefValue != "" {
			usage += fmt.Sprintf(" (default %q)", f.DefValue)
		}
		fmt.Fprintf(w, "%s  %s\n        %s\n", heading, strings.TrimSpace("-"+f.Name+" "+value), strings.ReplaceAll(usage, "\n", "\n        "))
		heading = ""
	})
}
