package collect

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ecs"
	"github.com/extraeye/extraeye/lambda/timeline"
)

// maxTasks is how many tasks are read at once, half of what ECS allows: a task has a few
// kilobytes.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
const maxTasks = 50

// readTasks reads the tasks that stopped. ECS forgets them after about an hour.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
func (r *reader) readTasks(ctx context.Context) {
	services := r.ecsServices(ctx)
	found := make([][]json.RawMessage, len(services))
	each(ctx, indices(services), func(ctx context.Context, i int) { found[i] = r.stoppedTasks(ctx, services[i]) })
	r.tasks = slices.Concat(found...)
}

func (r *reader) stoppedTasks(ctx context.Context, s wire.ClusterService) (tasks []json.RawMessage) {
	list, describe := call("ecs", "ListTasks"), call("ecs", "DescribeTasks")
	r.pages(ctx, list, "stopped tasks of "+nameOf(s), func(ctx context.Context, token string) (string, error) {
		in := map[string]any{"cluster": s.Cluster, "serviceName": s.Name, "desiredStatus": "STOPPED", "maxResults": maxTasks}
		if token != "" {
			in["nextToken"] = token
		}
		var page struct {
			ARNs []string `json:"taskArns"`
			Next string   `json:"nextToken"`
		}
		if err := r.json(ctx, list, ecsTarget, in, &page); err != nil || len(page.ARNs) == 0 {
			return page.Next, err
		}
		var answer struct {
			Tasks []json.RawMessage `json:"tasks"`
		}
		if err := r.json(ctx, describe, ecsTarget, map[string]any{"cluster": s.Cluster, "tasks": page.ARNs}, &answer); err != nil {
			r.failedCall(describe, "stopped tasks of "+nameOf(s), err)
		}
		tasks = append(tasks, answer.Tasks...)
		return page.Next, nil
	})
	return tasks
}

// taskTimes are the members of a task that are times. The event has them as text, the API in
// seconds since 1970.
var taskTimes = []string{"createdAt", "startedAt", "stoppingAt", "stoppedAt", "connectivityAt", "pullStartedAt", "pullStoppedAt", "executionStoppedAt"}

// taskRow is the row of a task. Its event has the task as the API does, but for the times.
func (r *reader) taskRow(raw json.RawMessage, infos map[wire.ClusterService]ecs.ServiceInfo) timeline.Row {
	task, _ := event.Object(raw)
	for _, name := range taskTimes {
		var m moment
		if value, ok := task[name]; ok && json.Unmarshal(value, &m) == nil && !m.IsZero() {
			task[name], _ = json.Marshal(m.Time)
		}
	}
	arn := task.Text("taskArn")
	e := r.event(envelope{
		ID: lastPart(arn), Source: "aws.ecs", DetailType: "ECS Task State Change", Resources: []string{arn},
		Time: event.FirstKnown(task.Time("stoppedAt"), task.Time("stoppingAt"), task.Time("createdAt")), Detail: task,
	})
	var at time.Time
	if subject, ok := e.Subject.(*ecs.Task); ok {
		at = subject.Decided
		if info, known := infos[wire.ClusterService{Cluster: subject.Cluster, Name: subject.Service}]; known {
			subject.Info = event.Found(info)
		}
	}
	row := timeline.FromNotice(e.Notice(r.now), timeline.FromAPI)
	row.Start = event.FirstKnown(at, e.Time, r.from)
	row.End = row.Start
	return row
}
