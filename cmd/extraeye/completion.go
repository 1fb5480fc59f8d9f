package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"
)

func newCompletionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "completion bash|zsh|fish|powershell",
		Short: "Print a script that lets a shell complete commands and flags",
		Long: `Prints a script that lets a shell complete commands, flags and files. It is for an
extraeye that is in PATH; to use it in this shell:

  bash        source <(extraeye completion bash)     needs the package bash-completion
  zsh         source <(extraeye completion zsh)      needs: autoload -U compinit; compinit
  fish        extraeye completion fish | source
  powershell  extraeye completion powershell | Out-String | Invoke-Expression

To use it in every shell, put the line into the file that the shell reads when it starts.`,
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError(errors.New("completion needs one shell: bash, zsh, fish or powershell"))
			}
			root, out := cmd.Root(), cmd.OutOrStdout()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(out, true)
			case "zsh":
				return root.GenZshCompletion(out)
			case "fish":
				return root.GenFishCompletion(out, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(out)
			}
			return usageError(fmt.Errorf("there is no completion for %q: the shells are bash, zsh, fish and powershell", args[0]))
		},
	}
}
