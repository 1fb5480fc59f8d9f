package services

import (
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// twice finds what is named twice in a file.
func (f *File) twice(name string) (errors Errors) {
	for _, again := range Twice(f.Teams) {
		at, first := f.places[again.Path], f.places[again.First]
		errors = append(errors, Error{name, at.line, at.column, fmt.Sprintf("%s: %s (the other is in line %d)", again.Path, again, first.line)})
	}
	return errors
}

// Again is a name that is there twice.
type Again struct {
	// What it is, such as "Auto Scaling group", and its Name.
	What, Name string
	// Path is where it is the second time, such as teams[1].accounts[0], and First where it
	// is the first time.
	Path, First string
	// Owner and FirstOwner say whose it is there.
	Owner, FirstOwner string
}

// String says what to do.
func (a Again) String() string {
	if a.Owner == "" {
		return fmt.Sprintf("the %s %q is there twice; give one another name", a.What, a.Name)
	}
	return fmt.Sprintf("the %s %q belongs to %s, and to %s; remove one, because only one team can be notified", a.What, a.Name, a.Owner, a.FirstOwner)
}

// Twice finds names that are there twice, so that it is not clear whose they are.
func Twice(teams []Team) (all []Again) {
	type first struct{ path, owner string }
	seen := map[[2]string]first{}
	once := func(what, name, path, owner string) {
		key := [2]string{what, name}
		if what == "team" { // whose tag may have it in upper or lower case
			key[1] = strings.ToLower(name)
		}
		if was, ok := seen[key]; ok {
			all = append(all, Again{what, name, path, was.path, owner, was.owner})
			return
		}
		seen[key] = first{path, owner}
	}
	for t, team := range teams {
		path := fmt.Sprintf("teams[%d]", t)
		once("team", team.Name, path+".name", "")
		for i, account := range team.Accounts {
			once("account", account, fmt.Sprintf("%s.accounts[%d]", path, i), "the team "+team.Name)
		}
		for s, service := range team.Services {
			path := fmt.Sprintf("%s.services[%d]", path, s)
			once("service of "+team.Name, service.Name, path+".name", "")
			for _, list := range service.Names() {
				for i, name := range list.Names {
					once(string(list.Kind), name, fmt.Sprintf("%s.%s[%d]", path, list.Field, i), fmt.Sprintf("%s of the team %s", service.Name, team.Name))
				}
			}
		}
	}
	return all
}

// Names are the names of one kind that a service has.
type Names struct {
	Field string // of the file
	Kind  wire.ThingKind
	Names []string
}

// Names are all names of a service, by their kinds.
func (s Service) Names() []Names {
	return []Names{
		{"autoScalingGroupNames", wire.AutoScalingGroup, s.AutoScalingGroupNames},
		{"codeDeployApplications", wire.CodeDeployApplication, s.CodeDeployApplications},
		{"clusterNames", wire.ECSCluster, s.ClusterNames},
		{"ecsServices", wire.ECSService, s.ECSServices},
		{"alarmNames", wire.Alarm, s.AlarmNames},
	}
}
