package main

import (
	"bufio"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
)

// accountFlags adds the flags of commands that ask AWS.
func accountFlags(cmd *cobra.Command, opt *session.Options) {
	cmd.Flags().StringVar(&opt.Profile, "profile", "", "use the credentials of the profile `NAME` (default that of AWS_PROFILE)")
	cmd.Flags().StringVar(&opt.Region, "region", "", "ask in the `REGION` (default that of the environment or the profile)")
}

// openAccount finds the credentials of whoever runs the command, and says whose account it is. A
// profile with a device for codes asks for one.
func openAccount(cmd *cobra.Command, opt session.Options, log *progress) (*session.Session, error) {
	opt.MFA = func() (string, error) {
		fmt.Fprint(cmd.ErrOrStderr(), "MFA code: ")
		line, err := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
		return strings.TrimSpace(line), err
	}
	account, err := session.Open(cmd.Context(), opt)
	if err != nil {
		return nil, err
	}
	log.line(fmt.Sprintf("Account %s, %s", account.Account, account.Region))
	return account, nil
}
