package codedeploy

import (
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
)

func TestRecovered(t *testing.T) {
	ago := func(minutes int, status string, change ...func(*DeploymentInfo)) DeploymentInfo {
		d := DeploymentInfo{Status: status, Creator: wire.CreatorUser, Completed: begun.Add(-time.Duration(minutes) * time.Minute)}
		for _, c := range change {
			c(&d)
		}
		return d
	}
	code := func(code string) func(*DeploymentInfo) { return func(d *DeploymentInfo) { d.ErrorCode = code } }
	by := func(c wire.Creator) func(*DeploymentInfo) { return func(d *DeploymentInfo) { d.Creator = c } }
	untimed := func(d *DeploymentInfo) { d.Completed = time.Time{} }
	tests := []struct {
		name   string
		before []DeploymentInfo
		want   string
	}{
		{"none before", nil, ""},
		{"success", []DeploymentInfo{ago(5, "Succeeded"), ago(9, "Failed")}, ""},
		{"one failure", []DeploymentInfo{ago(5, "Failed"), ago(60, "Succeeded")}, "1 failed deployment, 5 minutes"},
		{"two failures", []DeploymentInfo{ago(5, "Failed"), ago(40, "Failed"), ago(60, "Succeeded"), ago(70, "Failed")}, "2 failed deployments, 40 minutes"},
		{"rollbacks between", []DeploymentInfo{ago(3, "Succeeded", by(wire.CreatorRollback)), ago(5, "Failed"), ago(8, "Failed", by(wire.CreatorCloudFormationRollback)), ago(40, "Failed")}, "2 failed deployments, 40 minutes"},
		{"instances launched between", []DeploymentInfo{ago(3, "Succeeded", by(wire.CreatorAutoScaling)), ago(5, "Failed")}, "1 failed deployment, 5 minutes"},
		{"stopped by hand", []DeploymentInfo{ago(3, "Stopped", code("MANUAL_STOP")), ago(5, "Stopped"), ago(6, "Succeeded")}, ""},
		{"stopped by hand between", []DeploymentInfo{ago(3, "Stopped", code("MANUAL_STOP")), ago(5, "Failed"), ago(6, "Succeeded")}, "1 failed deployment, 5 minutes"},
		{"stopped by an alarm", []DeploymentInfo{ago(5, "Stopped", code("ALARM_ACTIVE")), ago(6, "Succeeded")}, "1 failed deployment, 5 minutes"},
		{"one that goes on", []DeploymentInfo{ago(3, "InProgress"), ago(5, "Failed")}, "1 failed deployment, 5 minutes"},
		{"no success in sight", []DeploymentInfo{ago(5, "Failed"), ago(6, "Failed"), ago(7, "Failed")}, "3 failed deployments, 7 minutes"},
		{"no times", []DeploymentInfo{ago(5, "Failed", untimed)}, "1 failed deployment"},
		{"after its own end", []DeploymentInfo{ago(-5, "Failed")}, "1 failed deployment"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := recovered(tt.before, begun); got != tt.want {
				t.Errorf("recovered after %q, want %q", got, tt.want)
			}
		})
	}
}

func TestPrevious(t *testing.T) {
	s3 := Revision{Bucket: "b", Key: "app.zip", ETag: `"1"`}
	tests := []struct {
		name                string
		previous, next      Revision
		wantText, wantLinks string
	}{
		{"unknown", Revision{}, s3, "", ""},
		{"same", s3, s3, "app, the same revision", ""},
		{"another object of that name", Revision{Bucket: "b", Key: "app.zip", ETag: `"2"`}, s3, "app (object 2)", ""},
		{"another version of that object", Revision{Bucket: "b", Key: "app.zip", Version: "v1", ETag: `"2"`}, s3, "app (object v1)", ""},
		{"another name", Revision{Bucket: "b", Key: "app-1.zip", ETag: `"2"`}, s3, "app-1", ""},
		{"commits", commit("a"), commit("b"), "aaaaaaa", "https://github.com/some-team/some-service/compare/" + commit("a").Commit + "..." + commit("b").Commit},
		{"commits of two repositories", Revision{Repository: "x/y", Commit: "main"}, commit("b"), "main", ""},
		{"a repository without an owner", Revision{Repository: "y", Commit: "1"}, Revision{Repository: "y", Commit: "2"}, "1", ""},
		{"hostile commits", Revision{Repository: "x/y", Commit: "../a?"}, Revision{Repository: "x/y", Commit: "b#"}, "../a?", "https://github.com/x/y/compare/..%2Fa%3F...b%23"},
	}
	for _, tt := range tests {
		if text, link := tt.previous.before(tt.next); text != tt.wantText || link != tt.wantLinks {
			t.Errorf("%s: %q, %q", tt.name, text, link)
		}
	}

	last := attempt("d-1", StatusSucceeded, time.Hour)
	last.Revision = commit("a")
	d := &Deployment{Before: event.Found([]DeploymentInfo{attempt("d-2", StatusFailed, time.Minute), last})}
	if got := d.previous(); got != commit("a") {
		t.Errorf("the last success deployed %+v", got)
	}
	d.Info = event.Found(DeploymentInfo{Previous: s3})
	if got := d.previous(); got != s3 {
		t.Errorf("the record says %+v", got)
	}
}

func TestDelivered(t *testing.T) {
	for name, tt := range map[string]struct {
		d    DeploymentInfo
		want bool
	}{
		"succeeded":   {DeploymentInfo{Status: StatusSucceeded, Creator: wire.CreatorUser}, true},
		"failed":      {DeploymentInfo{Status: StatusFailed, Creator: wire.CreatorUser}, false},
		"rolled back": {DeploymentInfo{Status: StatusSucceeded, Creator: wire.CreatorRollback}, false},
		"redeployed":  {DeploymentInfo{Status: StatusSucceeded, Creator: wire.CreatorUser, RollbackOf: "d-1"}, false},
	} {
		if got := tt.d.Delivered(); got != tt.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
