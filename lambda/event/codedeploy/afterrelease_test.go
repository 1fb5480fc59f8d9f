package codedeploy

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// incident is when something happened after a deployment.
var incident = time.Date(2022, 12, 23, 19, 0, 11, 0, time.UTC)

func priorTo(d time.Duration) time.Time { return incident.Add(-d) }

func TestAfterRelease(t *testing.T) {
	info := func(d DeploymentInfo) DeploymentInfo { d.ID, d.Application = "d-1", "app"; return d }
	tests := []struct {
		name string
		info DeploymentInfo
		want string
	}{
		{"succeeded", DeploymentInfo{Status: "Succeeded", Completed: priorTo(30 * time.Second)}, "30 seconds after deployment d-1 of app succeeded"},
		{"failed", DeploymentInfo{Status: "Failed", Completed: priorTo(3*time.Hour + 5*time.Minute + time.Second)}, "3 hours 5 minutes after deployment d-1 of app failed"},
		{"stopped", DeploymentInfo{Status: "Stopped", Completed: priorTo(90 * time.Second)}, "1 minute after deployment d-1 of app was stopped"},
		{"ended somehow", DeploymentInfo{Status: "Lost", Completed: priorTo(time.Hour)}, "1 hour after deployment d-1 of app ended"},
		{"at the same moment", DeploymentInfo{Status: "Succeeded", Completed: incident}, "less than a second after deployment d-1 of app succeeded"},
		{"its end came later", DeploymentInfo{Status: "Failed", Created: priorTo(time.Hour), Completed: incident.Add(time.Minute)}, "while deployment d-1 of app was going on"},
		{"in progress", DeploymentInfo{Status: "InProgress", Created: priorTo(time.Hour)}, "while deployment d-1 of app was going on"},
		{"ended, unknown when", DeploymentInfo{Status: "Succeeded", Created: priorTo(time.Hour)}, "1 hour after deployment d-1 of app was made"},
		{"no times", DeploymentInfo{Status: "Succeeded"}, "some time after deployment d-1 of app"},
		{"a rollback", DeploymentInfo{Creator: wire.CreatorRollback, Status: "Succeeded", Completed: priorTo(time.Minute)}, "1 minute after rollback d-1 of app succeeded"},
		{"made by somebody", DeploymentInfo{Status: "Succeeded", Completed: priorTo(time.Minute), By: event.Found("alice")}, "1 minute after deployment d-1 of app (by alice) succeeded"},
		{"made later", DeploymentInfo{Status: "Succeeded", Created: incident.Add(time.Second)}, "no deployment in the last 24 hours"},
		{"made for a launch", DeploymentInfo{Creator: wire.CreatorAutoScaling, Status: "Succeeded", Created: priorTo(time.Hour), Completed: priorTo(time.Minute)}, "no deployment in the last 24 hours"},
	}
	for _, tt := range tests {
		n := &notice.Notice{}
		AddEarlier(n, EarlierThan(incident, []DeploymentInfo{info(tt.info)}), event.ConsoleFor("eu-west-1"))
		if len(n.Facts) != 1 || n.Facts[0].Value != tt.want {
			t.Errorf("%s: added %+v, want %q", tt.name, n.Facts, tt.want)
		}
	}

	var many []DeploymentInfo
	for i := range 9 {
		many = append(many, DeploymentInfo{ID: fmt.Sprintf("d-%d", i), Status: "Succeeded", Completed: priorTo(time.Duration(i) * 15 * time.Minute)})
	}
	n := &notice.Notice{}
	AddEarlier(n, EarlierThan(incident, many), event.ConsoleFor("eu-west-1"))
	if got := strings.Count(n.Facts[0].Value, "\n"); got != maxOthers || strings.Contains(n.Facts[0].Value, "d-4") {
		t.Errorf("added %d deployments besides the newest: %s", got, n.Facts[0].Value)
	}
	n = &notice.Notice{}
	if AddEarlier(n, EarlierThan(incident, []DeploymentInfo{many[0], many[4]}), event.ConsoleFor("eu-west-1")); !strings.Contains(n.Facts[0].Value, "d-4") {
		t.Errorf("left out one of an hour before: %s", n.Facts[0].Value)
	}
	n = &notice.Notice{}
	if AddEarlier(n, EarlierThan(incident, []DeploymentInfo{many[0], many[8]}), event.ConsoleFor("eu-west-1")); strings.Contains(n.Facts[0].Value, "d-8") {
		t.Errorf("added one of 2 hours before besides the newest: %s", n.Facts[0].Value)
	}
}
