// Package scope finds what belongs to a service: in the rules of extraeye's that watch it.
package scope

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

// placeholder is an event, for what a target would be given.
const placeholder = `{"version":"0","id":"x","detail-type":"x","source":"x","account":"x","time":"2000-01-01T00:00:00Z","region":"x","resources":[],"detail":{}}`

// Services returns the names of the services that the rules watch.
func Services(rules []assembly.Rule) []string {
	var services []string
	for _, r := range rules {
		for _, w := range watches(r) {
			if w.Service != "" {
				add(&services, w.Service)
			}
		}
	}
	slices.Sort(services)
	return services
}

// OfRules returns what the rules watch for a service, or for the only one if it is "".
func OfRules(rules []assembly.Rule, service string) (collect.Scope, error) {
	var own []watched
	for _, r := range rules {
		for _, d := range deliveries(r) {
			for _, order := range ordersOf(d) {
				own = append(own, watched{order.Watch, r.Pattern, d.Journal})
			}
		}
	}
	if len(own) == 0 {
		return collect.Scope{}, errors.New("there is no rule of extraeye's")
	}
	service, err := choose(Services(rules), service)
	if err != nil {
		return collect.Scope{}, err
	}
	s := collect.Scope{Scope: wire.Scope{Service: service}}
	for _, w := range own {
		if w.Service == service || w.Service == "" {
			w.addTo(&s)
		}
	}
	if len(s.Journals) > 0 {
		s.Unrecorded = nil // as it is in the journal
	}
	s.Applications = slices.DeleteFunc(s.Applications, func(a wire.Application) bool { return a.Group == "" && narrower(s.Applications, a.Name) })
	return s, nil
}

// OfAll returns what the rules watch, for any service. Unlike [OfRules], it leaves out whose releases
// are only mentioned.
func OfAll(rules []assembly.Rule) collect.Scope {
	var s collect.Scope
	for _, r := range rules {
		for _, w := range watches(r) {
			if w.Terminations != nil {
				w.Terminations = &wire.Terminations{}
			}
			one := watched{w, r.Pattern, ""}
			if one.addTo(&s); one.seesAllServices() {
				add(&s.ECSServices, wire.ClusterService{Cluster: "*", Name: "*"})
			}
		}
	}
	return s
}

// seesAllServices reports whether a watch of ECS names no cluster, as those of a Fleet do.
func (w watched) seesAllServices() bool {
	var p pattern
	_ = json.Unmarshal(w.pattern, &p)
	ofECS := w.ECSTasks != nil || w.ECSDeployments != nil || w.ECSServices != nil
	return ofECS && len(p.Resources)+len(p.Detail.Clusters) == 0
}

// choose returns the service that is wanted, or else the only one.
func choose(services []string, wanted string) (string, error) {
	switch {
	case slices.Contains(services, wanted), wanted == "" && len(services) == 0:
		return wanted, nil
	case wanted != "":
		return "", fmt.Errorf("there is no service %q; there is %s", wanted, cmp.Or(strings.Join(services, ", "), "none with a name"))
	case len(services) > 1:
		return "", fmt.Errorf("several services are watched: %s; choose one with -service", strings.Join(services, ", "))
	default:
		return services[0], nil
	}
}

// narrower reports whether deployment groups of an application are named: then the others are not
// the service's.
func narrower(all []wire.Application, application string) bool {
	return slices.ContainsFunc(all, func(a wire.Application) bool { return a.Name == application && a.Group != "" })
}

// watched is a watch and the pattern of its rule.
type watched struct {
	wire.Watch
	pattern json.RawMessage
	journal string // "" if there is none
}

// watches are the watches of the deliveries that a rule makes.
func watches(r assembly.Rule) []wire.Watch {
	var all []wire.Watch
	for _, order := range Orders(r) {
		all = append(all, order.Watch)
	}
	return all
}

// Orders are the watches of the deliveries that a rule makes, with their sinks.
func Orders(r assembly.Rule) []wire.Order {
	var all []wire.Order
	for _, d := range deliveries(r) {
		all = append(all, ordersOf(d)...)
	}
	return all
}

// ordersOf are the orders of a delivery whose watches are known.
func ordersOf(d wire.Delivery) []wire.Order {
	return slices.DeleteFunc(d.Orders(), func(o wire.Order) bool { return o.Watch.Kind() == "" })
}

// deliveries are what a rule hands the notifier.
func deliveries(r assembly.Rule) (all []wire.Delivery) {
	for _, target := range r.Targets {
		payload, err := target.Payload([]byte(placeholder), r)
		if err != nil {
			continue // it is not ours: ours takes every event
		}
		var d wire.Delivery
		if json.Unmarshal(payload, &d) == nil {
			all = append(all, d)
		}
	}
	return all
}

// pattern is what a rule's pattern says of the names that it watches.
type pattern struct {
	Resources []value `json:"resources"`
	Detail    struct {
		Groups       []value         `json:"AutoScalingGroupName"`
		Applications []value         `json:"application"`
		Deployments  []value         `json:"deploymentGroup"`
		Clusters     []value         `json:"clusterArn"`
		TaskGroups   []value         `json:"group"`
		Alarms       []value         `json:"alarmName"`
		AlarmTags    json.RawMessage `json:"alarmTags"`
	} `json:"detail"`
}

// addTo adds what a watch and its pattern name.
func (w watched) addTo(s *collect.Scope) {
	var p pattern
	_ = json.Unmarshal(w.pattern, &p) // what it does not say is not restricted
	switch {
	case w.Terminations != nil, w.Launches != nil, w.InstanceRefreshes != nil, w.Lifecycle != nil:
		add(&s.Groups, namesOf(p.Detail.Groups)...)
		if w.Terminations != nil && w.Terminations.Releases != nil {
			for _, name := range w.Terminations.Releases.Applications {
				add(&s.Applications, wire.Application{Name: name})
			}
		}
	case w.SpotInterruptions != nil:
		add(&s.Groups, w.SpotInterruptions.Groups...)
	case w.Deployments != nil, w.DeploymentInstances != nil:
		addApplications(s, namesOf(p.Detail.Applications), p.Detail.Deployments)
	case w.ECSDeployments != nil, w.ECSServices != nil:
		for _, arn := range namesOf(p.Resources) {
			addService(s, arn)
		}
	case w.ECSTasks != nil:
		addTasks(s, namesOf(p.Detail.Clusters), p.Detail.TaskGroups)
	case w.Alarms != nil && (len(p.Detail.Alarms) > 0 || p.Detail.AlarmTags == nil):
		add(&s.Alarms, namesOf(p.Detail.Alarms)...)
	}
	if w.journal != "" {
		add(&s.Journals, w.journal)
	}
	if text := unrecorded(w.Watch, p); text != "" {
		add(&s.Unrecorded, text)
	}
}

// unrecorded says what a watch reports that AWS has no record of, "" if it has one of all.
func unrecorded(w wire.Watch, p pattern) string {
	switch {
	case w.Alarms != nil && len(p.Detail.Alarms) == 0 && p.Detail.AlarmTags != nil:
		return "alarms by their tags (name them with -alarm)"
	case w.Lifecycle != nil:
		return "lifecycle hooks that wait (AWS keeps no record)"
	case w.SpotInterruptions != nil:
		return "Spot interruptions (AWS keeps no record)"
	case w.Instances != nil:
		return "EC2 state changes (AWS keeps no record)"
	case w.Health != nil:
		return "AWS Health (not every account may ask it)"
	case w.Pattern != nil:
		return "events of your own patterns (AWS keeps no record)"
	default:
		return ""
	}
}

func add[T comparable](all *[]T, more ...T) {
	for _, one := range more {
		if !slices.Contains(*all, one) {
			*all = append(*all, one)
		}
	}
}

// addApplications adds applications with their deployment groups.
func addApplications(s *collect.Scope, applications []string, groups []value) {
	names := []string{""}
	if len(groups) > 0 {
		names = namesOf(groups)
	}
	for _, application := range applications {
		for _, group := range names {
			add(&s.Applications, wire.Application{Name: application, Group: group})
		}
	}
}

// addService adds the service of an ARN: "arn:aws:ecs:…:service/main/web". Those of service
// deployments are of the same services.
func addService(s *collect.Scope, arn string) {
	_, path, ok := strings.Cut(arn, ":service/")
	cluster, name, long := strings.Cut(path, "/")
	if ok && long && name != "" {
		add(&s.ECSServices, wire.ClusterService{Cluster: cluster, Name: name})
	}
}

// addTasks adds the services whose tasks are watched: "service:web" in the clusters.
func addTasks(s *collect.Scope, clusters []string, groups []value) {
	names := []string{"*"}
	if len(groups) > 0 {
		names = namesOf(groups)
	}
	for _, arn := range clusters {
		_, cluster, _ := strings.Cut(arn, ":cluster/")
		for _, name := range names {
			if name = strings.TrimPrefix(name, "service:"); cluster != "" && name != "" {
				add(&s.ECSServices, wire.ClusterService{Cluster: cluster, Name: name})
			}
		}
	}
}
