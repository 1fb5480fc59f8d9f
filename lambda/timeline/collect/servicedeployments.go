package collect

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ecs"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// ecsTarget names ECS's API and its version.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListServiceDeployments.html
const ecsTarget = "AmazonEC2ContainerServiceV20141113"

// serviceBatch is how many service deployments or revisions can be read at once.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServiceDeployments.html
const serviceBatch = 20

// serviceRecord is what is recorded of a service of ECS, the newest first.
type serviceRecord struct {
	wire.ClusterService
	deployments []serviceDeployment
}

// serviceDeployment is a service deployment of ECS.
type serviceDeployment struct {
	ARN      string `json:"serviceDeploymentArn"`
	Service  string `json:"serviceArn"`
	Status   string `json:"status"`
	Reason   string `json:"statusReason"`
	Created  moment `json:"createdAt"`
	Finished moment `json:"finishedAt"`
	Stopped  moment `json:"stoppedAt"`
	Target   struct {
		ARN string `json:"arn"`
	} `json:"targetServiceRevision"`

	record     ecs.ServiceDeployment
	definition string // the task definition, "family:revision"
}

// ended is when it ended, the zero time if it has not.
func (d serviceDeployment) ended() time.Time {
	return event.FirstKnown(d.Finished.Time, d.Stopped.Time)
}

// lastPart returns what follows the last slash of an ARN.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// readServiceDeployments reads the deployments of the services.
func (r *reader) readServiceDeployments(ctx context.Context) {
	services := r.ecsServices(ctx)
	found := make([]serviceRecord, len(services))
	each(ctx, indices(services), func(ctx context.Context, i int) {
		found[i] = serviceRecord{services[i], r.serviceDeployments(ctx, services[i])}
	})
	r.services = found
}

// ecsServices are the services, each by its own name.
func (r *reader) ecsServices(ctx context.Context) []wire.ClusterService {
	var mu sync.Mutex
	var all []wire.ClusterService
	each(ctx, r.scope.ECSServices, func(ctx context.Context, s wire.ClusterService) {
		found := []wire.ClusterService{s}
		if open(s.Name) {
			found = r.servicesOf(ctx, s)
		}
		mu.Lock()
		defer mu.Unlock()
		all = append(all, found...)
	})
	slices.SortFunc(all, func(a, b wire.ClusterService) int { return strings.Compare(a.Cluster+"/"+a.Name, b.Cluster+"/"+b.Name) })
	return slices.Compact(all)
}

// servicesOf lists the services of a cluster that a name stands for.
func (r *reader) servicesOf(ctx context.Context, s wire.ClusterService) (found []wire.ClusterService) {
	call := call("ecs", "ListServices")
	r.pages(ctx, call, "ECS services of cluster "+s.Cluster, func(ctx context.Context, token string) (string, error) {
		in := map[string]any{"cluster": s.Cluster, "maxResults": 100}
		if token != "" {
			in["nextToken"] = token
		}
		var page struct {
			ARNs []string `json:"serviceArns"`
			Next string   `json:"nextToken"`
		}
		err := r.json(ctx, call, ecsTarget, in, &page)
		for _, arn := range page.ARNs {
			if name := lastPart(arn); Matches(s.Name, name) {
				found = append(found, wire.ClusterService{Cluster: s.Cluster, Name: name})
			}
		}
		return page.Next, err
	})
	return found
}

// serviceDeployments reads the deployments of one service.
func (r *reader) serviceDeployments(ctx context.Context, s wire.ClusterService) []serviceDeployment {
	call := call("ecs", "ListServiceDeployments")
	var arns []string
	r.pages(ctx, call, "ECS deployments of "+nameOf(s), func(ctx context.Context, token string) (string, error) {
		in := map[string]any{
			"cluster": s.Cluster, "service": s.Name, "maxResults": 100,
			"createdAt": map[string]float64{"after": epoch(r.from.Add(-before)), "before": epoch(r.to)},
		}
		if token != "" {
			in["nextToken"] = token
		}
		var page struct {
			Deployments []serviceDeployment `json:"serviceDeployments"`
			Next        string              `json:"nextToken"`
		}
		err := r.json(ctx, call, ecsTarget, in, &page)
		for _, d := range page.Deployments {
			arns = append(arns, d.ARN)
		}
		return page.Next, err
	})
	found := r.describeDeployments(ctx, s, arns)
	r.addDefinitions(ctx, s, found)
	slices.SortFunc(found, func(a, b serviceDeployment) int { return b.Created.Compare(a.Created.Time) })
	return found
}

func (r *reader) describeDeployments(ctx context.Context, s wire.ClusterService, arns []string) (found []serviceDeployment) {
	call := call("ecs", "DescribeServiceDeployments")
	for some := range slices.Chunk(arns, serviceBatch) {
		var answer struct {
			Deployments []json.RawMessage `json:"serviceDeployments"`
		}
		if err := r.json(ctx, call, ecsTarget, map[string][]string{"serviceDeploymentArns": some}, &answer); err != nil {
			r.failedCall(call, "ECS deployments of "+nameOf(s), err)
			return found
		}
		for _, raw := range answer.Deployments {
			var d serviceDeployment
			_ = json.Unmarshal(raw, &d) // a member of another type is left empty
			d.record = evidence.ReadServiceDeployment(raw)
			found = append(found, d)
		}
	}
	return found
}

// addDefinitions looks up which task definitions were deployed.
func (r *reader) addDefinitions(ctx context.Context, s wire.ClusterService, found []serviceDeployment) {
	var revisions []string
	for _, d := range found {
		if d.Target.ARN != "" && !slices.Contains(revisions, d.Target.ARN) {
			revisions = append(revisions, d.Target.ARN)
		}
	}
	call := call("ecs", "DescribeServiceRevisions")
	for some := range slices.Chunk(revisions, serviceBatch) {
		var answer struct {
			Revisions []struct {
				ARN        string `json:"serviceRevisionArn"`
				Definition string `json:"taskDefinition"`
			} `json:"serviceRevisions"`
		}
		if err := r.json(ctx, call, ecsTarget, map[string][]string{"serviceRevisionArns": some}, &answer); err != nil {
			r.failedCall(call, "what was deployed to "+nameOf(s), err)
			return
		}
		for _, revision := range answer.Revisions {
			for i := range found {
				if found[i].Target.ARN == revision.ARN {
					found[i].definition = lastPart(revision.Definition)
				}
			}
		}
	}
}

// serviceEvents are the names of events by the status of a service deployment. One that was
// rolled back has failed.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceDeployment.html
var serviceEvents = map[string]string{
	"PENDING":              "SERVICE_DEPLOYMENT_IN_PROGRESS",
	"IN_PROGRESS":          "SERVICE_DEPLOYMENT_IN_PROGRESS",
	"SUCCESSFUL":           "SERVICE_DEPLOYMENT_COMPLETED",
	"STOPPED":              "SERVICE_DEPLOYMENT_FAILED",
	"STOP_REQUESTED":       "SERVICE_DEPLOYMENT_IN_PROGRESS",
	"ROLLBACK_REQUESTED":   "SERVICE_DEPLOYMENT_FAILED",
	"ROLLBACK_IN_PROGRESS": "SERVICE_DEPLOYMENT_FAILED",
	"ROLLBACK_SUCCESSFUL":  "SERVICE_DEPLOYMENT_FAILED",
	"ROLLBACK_FAILED":      "SERVICE_DEPLOYMENT_FAILED",
}

// info is what ECS knew of the service, as far as its deployments say it, whose ARNs become ids.
func (s serviceRecord) info(id func(arn string) string) ecs.ServiceInfo {
	var info ecs.ServiceInfo
	for _, d := range s.deployments {
		state := "IN_PROGRESS"
		switch serviceEvents[d.Status] {
		case "SERVICE_DEPLOYMENT_COMPLETED":
			state = "COMPLETED"
		case "SERVICE_DEPLOYMENT_FAILED":
			state = "FAILED"
		}
		info.Deployments = append(info.Deployments, ecs.DeploymentInfo{
			ID: id(d.ARN), State: state, TaskDefinition: d.definition, Created: d.Created.Time, Updated: d.ended(),
		})
	}
	return info
}

// serviceRows are the rows of ECS's deployments and of its tasks that stopped.
func (r *reader) serviceRows() []timeline.Row {
	var rows []timeline.Row
	infos := map[wire.ClusterService]ecs.ServiceInfo{}
	for _, s := range r.services {
		infos[s.ClusterService] = s.info(lastPart)
		for _, d := range s.deployments {
			rows = append(rows, r.serviceRow(s, d, s.info(whole)))
		}
	}
	for _, task := range r.tasks {
		rows = append(rows, r.taskRow(task, infos))
	}
	return rows
}

func (r *reader) serviceRow(s serviceRecord, d serviceDeployment, info ecs.ServiceInfo) timeline.Row {
	name, known := serviceEvents[d.Status]
	if !known {
		name = d.Status
	}
	at := event.FirstKnown(d.ended(), d.Created.Time)
	e := r.event(envelope{
		ID: d.ARN, Source: "aws.ecs", DetailType: "ECS Deployment State Change", Time: at,
		Resources: []string{fmt.Sprintf("arn:aws:ecs:%s:%s:service/%s/%s", r.Region, r.Account, s.Cluster, s.Name)},
		Detail:    map[string]any{"eventName": name, "deploymentId": d.ARN, "updatedAt": at, "reason": d.Reason},
	})
	if subject, ok := e.Subject.(*ecs.Deployment); ok {
		subject.Info, subject.ServiceDeployment = event.Found(info), event.Found(d.record)
	}
	row := timeline.FromNotice(e.Notice(r.now), timeline.FromAPI)
	row.Start, row.End = event.FirstKnown(d.Created.Time, r.from), d.ended()
	return row
}

// whole is an ARN as it is.
func whole(arn string) string { return arn }
