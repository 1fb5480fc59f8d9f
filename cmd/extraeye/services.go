package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/internal/services"
)

const servicesFile = "services.yaml"

func newServicesCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "services COMMAND",
		Short: "Check a file of teams and services, and ask it who is notified",
		Long: `Reads the file of teams and services that an app gives to extraeye.LoadFleet. Neither
command needs an AWS account.`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usageError(errors.New("services needs a command: check or who"))
			}
			return usageError(fmt.Errorf("there is no command %q of services%s", args[0], didYouMean("", args[0], []string{"check", "who"})))
		},
	}
	cmd.AddCommand(newServicesCheckCommand(), newServicesWhoCommand())
	return cmd
}

func newServicesCheckCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILE]",
		Short: "Check a file of teams and services",
		Long: `Checks a file of teams and services, services.yaml if none is named, and says where each
mistake is and what to write instead.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return usageError(fmt.Errorf("check takes one file, but got %q", args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			file := append(args, servicesFile)[0]
			all, err := loadServices(cmd, file)
			if err != nil {
				return err
			}
			n := 0
			for _, t := range all.Teams {
				n += len(t.Services)
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s: %s, %s and %s, without a mistake\n", visible.Text(file),
				count(len(all.Teams), "team"), count(n, "service"), count(len(services.Owned(all.Teams)), "name"))
			return nil
		},
	}
}

// count writes a number of things.
func count(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return fmt.Sprint(n, " ", thing, "s")
}

// loadServices reads a file, and prints what is wrong with it.
func loadServices(cmd *cobra.Command, file string) (*services.File, error) {
	all, err := services.Load(file)
	var wrong services.Errors
	if !errors.As(err, &wrong) {
		return all, err
	}
	for _, one := range wrong {
		fmt.Fprintln(cmd.ErrOrStderr(), visible.Text(one.Error()))
	}
	return nil, exitError{code: exitUsage}
}
