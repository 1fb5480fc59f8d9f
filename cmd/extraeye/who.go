package main

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/internal/services"
	"github.com/extraeye/extraeye/internal/wire"
)

func newServicesWhoCommand() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "who NAME [flags]",
		Short: "Say who is notified about something, and why",
		Long: `Says which team is notified about an Auto Scaling group, a CodeDeploy application, an ECS
cluster, an ECS service (CLUSTER/NAME), a CloudWatch alarm or an account, and why, as the
notifier would decide it. Tags are not looked up: what decides about a thing that is not in
the file, such as an instance, is said as a rule.`,
		ValidArgsFunction: cobra.NoFileCompletions,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError(fmt.Errorf("who takes one name, but got %q", args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			all, err := loadServices(cmd, file)
			if err != nil {
				return err
			}
			writeWho(cmd.OutOrStdout(), all, args[0])
			return nil
		},
	}
	cmd.Flags().StringVar(&file, "file", servicesFile, "read the teams and services from `FILE`")
	must(cmd.MarkFlagFilename("file", "yaml", "yml", "json"))
	return cmd
}

var (
	accountID  = regexp.MustCompile(`^[0-9]{12}$`)
	instanceID = regexp.MustCompile(`^i-[0-9a-f]+$`)
)

// writeWho says who is notified about what has a name.
func writeWho(w io.Writer, file *services.File, name string) {
	found := false
	for _, o := range services.Owned(file.Teams) {
		if o.Name == name {
			found = true
			writeTeam(w, file.Teams[o.Team], fmt.Sprintf("The %s %s is %s's, by its name: a part of %s.", o.Kind, name, file.Teams[o.Team].Name, o.Service))
		}
	}
	if cluster, _, isService := strings.Cut(name, "/"); isService && !found {
		found = writeCluster(w, file, name, cluster)
	}
	if accountID.MatchString(name) {
		for _, team := range file.Teams {
			for _, account := range team.Accounts {
				if account == name {
					found = true
					writeTeam(w, team, fmt.Sprintf("What is in the account %s and is named nowhere, or has no tag that names a team, is %s's.", name, team.Name))
				}
			}
		}
	}
	if !found {
		writeNobody(w, file, name)
	}
}

// writeCluster says who is notified about an ECS service of which only the cluster is
// named.
func writeCluster(w io.Writer, file *services.File, name, cluster string) (found bool) {
	for _, o := range services.Owned(file.Teams) {
		if o.Kind == wire.ECSCluster && o.Name == cluster {
			found = true
			writeTeam(w, file.Teams[o.Team], fmt.Sprintf("The ECS service %s is %s's, by the name of its cluster: a part of %s.", name, file.Teams[o.Team].Name, o.Service))
		}
	}
	return found
}

// writeNobody says what decides about a thing that is not in a file.
func writeNobody(w io.Writer, file *services.File, name string) {
	what := "Nothing in the file is called " + name
	if instanceID.MatchString(name) {
		what = fmt.Sprintf("An instance such as %s is whose its Auto Scaling group is", name)
	}
	fmt.Fprintf(w, "%s. Else, this decides:\n\n", visible.Text(what))
	step := 1
	if file.TeamTag != "" {
		fmt.Fprintf(w, "  %d. its tag %s, if the value is the name of a team\n", step, visible.Text(file.TeamTag))
		step++
	}
	fmt.Fprintf(w, "  %d. its account, if a team has it\n", step)
	writeTeam(w, services.Team{Sinks: file.Others}, fmt.Sprintf("  %d. else it is of no team.", step+1))
}

// writeTeam says where a team is notified.
func writeTeam(w io.Writer, team services.Team, why string) {
	fmt.Fprintln(w, visible.Text(why))
	if len(team.Sinks) == 0 {
		fmt.Fprint(w, "\n  Nobody is notified.\n")
		return
	}
	fmt.Fprint(w, "\n  Notified:\n")
	for _, s := range team.Sinks {
		fmt.Fprintf(w, "    %s\n", visible.Text(s.String()))
	}
}
