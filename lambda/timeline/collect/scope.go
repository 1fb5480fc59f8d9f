package collect

import "strings"

// Scope is what belongs to a service. In each name, * stands for any text.
type Scope struct {
	// Service is the team's own name for it. It may be empty.
	Service string `json:"service,omitempty"`
	// Groups are Auto Scaling groups.
	Groups []string `json:"groups,omitempty"`
	// Applications are those of CodeDeploy.
	Applications []Application `json:"applications,omitempty"`
	// Services are those of ECS.
	Services []Service `json:"services,omitempty"`
	// Alarms are those of CloudWatch.
	Alarms []string `json:"alarms,omitempty"`
	// Journals are log groups in which the notifier writes down what became of each event. Their
	// names have no *.
	Journals []string `json:"journals,omitempty"`
	// Unrecorded is what else belongs to it and is not read, with the reason: "EC2 state changes
	// (AWS keeps no record)".
	Unrecorded []string `json:"unrecorded,omitempty"`
}

// Application is an application of CodeDeploy.
type Application struct {
	Name string `json:"name"`
	// Group is one of its deployment groups. Empty: all of them.
	Group string `json:"group,omitempty"`
}

// Service is a service of ECS. Its cluster has a name without *.
type Service struct {
	Cluster string `json:"cluster"`
	Name    string `json:"name"`
}

func (s Service) text() string { return s.Cluster + "/" + s.Name }

// Empty reports whether nothing belongs to the service.
func (s Scope) Empty() bool {
	return len(s.Groups)+len(s.Applications)+len(s.Services)+len(s.Alarms)+len(s.Journals) == 0
}

// open reports whether a name stands for several.
func open(name string) bool { return strings.Contains(name, "*") }

// Matches reports whether a name is one that a pattern with * stands for.
func Matches(pattern, name string) bool {
	first, rest, wild := strings.Cut(pattern, "*")
	name, ok := strings.CutPrefix(name, first)
	if !ok || !wild {
		return ok && name == ""
	}
	parts := strings.Split(rest, "*")
	last := parts[len(parts)-1]
	for _, part := range parts[:len(parts)-1] {
		at := strings.Index(name, part)
		if at < 0 {
			return false
		}
		name = name[at+len(part):]
	}
	return strings.HasSuffix(name, last)
}
