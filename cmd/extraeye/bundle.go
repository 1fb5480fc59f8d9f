package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/toolchain"
	"github.com/extraeye/extraeye/internal/bundle"
)

func newBundleCommand() *cobra.Command {
	var arch, out string
	cmd := &cobra.Command{
		Use:   "bundle [flags]",
		Short: "Compile the notifier for an app that is synthesized without Go",
		Long: `Compiles the notifier for Lambda, byte for byte as synthesizing an app does, for apps
that are synthesized where Go is not installed. Pass the folder to NotifierProps.Code as
awslambda.Code_FromAsset(jsii.String("notifier"), nil).`,
		Args:              noArguments,
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if arch != "arm64" && arch != "amd64" {
				return usageError(fmt.Errorf("-arch %s: it must be arm64 or amd64", arch))
			}
			if err := toolchain.Go(cmd.Context()); err != nil {
				return err
			}
			log := newProgress(cmd.ErrOrStderr())
			log.compiling("the notifier")
			err := writeBundle(arch, out)
			log.end()
			if err != nil {
				return exitError{code: exitFailed, err: err}
			}
			fmt.Fprintln(cmd.OutOrStdout(), filepath.Join(out, "bootstrap"))
			return nil
		},
	}
	cmd.Flags().StringVar(&arch, "arch", "arm64", "compile for `ARCH`: arm64 or amd64 (x86_64)")
	cmd.Flags().StringVar(&out, "o", "notifier", "write the executable, bootstrap, to `DIR`")
	must(cmd.MarkFlagDirname("o"))
	must(cmd.RegisterFlagCompletionFunc("arch", cobra.FixedCompletions([]string{"arm64", "amd64"}, cobra.ShellCompDirectiveNoFileComp)))
	return cmd
}

// writeBundle compiles the notifier and puts it into a folder.
func writeBundle(arch, out string) error {
	dir, err := bundle.Build("linux", arch)
	if err != nil {
		return err
	}
	content, err := os.ReadFile(filepath.Join(dir, "bootstrap"))
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, "bootstrap"), content, 0o755)
}
