package evidence

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// lookupCount says how many look-ups a subject has, and how many that depend on what these find.
type lookupCount struct{ first, later int }

// subjects are what anything is looked up about.
func subjects() map[event.Subject]lookupCount {
	return map[event.Subject]lookupCount{
		&autoscaling.Termination{GroupName: "g", InstanceID: instance}:                                    {5, 2},
		&autoscaling.Termination{GroupName: "g", InstanceID: instance, Cause: wire.CauseApplicationCheck}: {6, 1},
		&autoscaling.Launch{GroupName: "g", InstanceID: instance}:                                         {2, 0},
		&autoscaling.InstanceRefresh{GroupName: "g", ID: "r"}:                                             {2, 0},
		&autoscaling.Lifecycle{GroupName: "g", InstanceID: instance, HookName: "h"}:                       {3, 0},
		&ec2.InstanceStateChange{InstanceID: instance}:                                                    {1, 0},
		&ec2.Interruption{InstanceID: instance}:                                                           {1, 0},
		&ec2.CapacityBlock{ReservationID: "cr-1"}:                                                         {1, 0},
		&codedeploy.Deployment{Application: "a", Group: "g", ID: "d", State: wire.DeploymentStopped}:      {3, 0},
		&codedeploy.DeploymentInstance{DeploymentID: "d", InstanceID: instance}:                           {3, 0},
		&ecs.Task{Cluster: "c", Service: "s"}:                                                             {1, 0},
		&ecs.Deployment{Cluster: "c", Service: "s"}:                                                       {2, 0},
		&ecs.Hook{DeploymentARN: "arn:aws:ecs:r:1:service-deployment/c/s/d"}:                              {1, 0},
		&ecs.Service{Cluster: "c", Service: "s"}:                                                          {1, 0},
	}
}

// problems are what a subject's findings say, and how many there are.
func problems(s event.Subject) (said []string, findings int) {
	v := reflect.ValueOf(s).Elem()
	for i := range v.NumField() {
		if !strings.HasPrefix(v.Field(i).Type().Name(), "Finding[") {
			continue
		}
		findings++
		if p := v.Field(i).FieldByName("Problem").String(); p != "" && !v.Field(i).FieldByName("Known").Bool() {
			said = append(said, p)
		}
	}
	return said, findings
}

// watched is a watch that asks for all that can be looked up.
var watched = wire.Watch{
	Terminations: &wire.Terminations{Releases: &wire.Releases{Applications: []string{"a", "b"}, Who: true}},
	Deployments:  &wire.Deployments{Who: true},
}

// TestFaults shows that every look-up ends in time with a problem in a few words,
// whatever it is that AWS answers.
func TestFaults(t *testing.T) {
	const secret = "AKIASECRET"
	huge := strings.Repeat(secret, 3<<20/len(secret))
	faults := map[string]http.HandlerFunc{
		"denied":      answer(403, `{"__type":"AccessDeniedException","message":"`+secret+`"}`),
		"throttled":   answer(400, `{"__type":"ThrottlingException","message":"`+secret+`"}`),
		"unavailable": answer(503, secret),
		"redirected":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/"+secret, http.StatusFound) },
		"a page":      answer(200, "<!DOCTYPE html><html><body><p>"+secret+"<br></body></html>"),
		"garbage":     answer(200, "\xff\x00{"+secret),
		"nothing":     answer(200, ""),
		"huge":        answer(200, huge),
		"cut off": func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			_, _ = io.WriteString(w, secret)
		},
		"silent": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then is it seen that the client has gone
			<-r.Context().Done()
		},
	}
	for name, fault := range faults {
		bubble(t, name, func(t *testing.T) {
			for s, want := range subjects() {
				l, log := lookups(t, fault)
				ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
				start := time.Now()
				l.Gather(ctx, &event.Event{Subject: s, Watch: watched, Region: "eu-west-1", Time: made})
				cancel()
				if took := time.Since(start); took > 250*time.Millisecond {
					t.Errorf("%T: it took %v", s, took)
				}
				said, findings := problems(s)
				if findings != want.first+want.later || len(said) != want.first {
					t.Errorf("%T: %d of %d findings say why there is none, want %+v: %q", s, len(said), findings, want, said)
				}
				for _, p := range append(said, log.String()) {
					if strings.Contains(p, "SECRET") || strings.Contains(p, "\n") && p != log.String() {
						t.Errorf("%T says %q", s, p)
					}
				}
			}
		})
	}
}

// TestAbroad shows that the function's own account is not asked about the things of
// another, where the same names stand for others.
func TestAbroad(t *testing.T) {
	ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:n"})
	for s, want := range subjects() {
		l, log := lookups(t, func(http.ResponseWriter, *http.Request) { t.Errorf("asked about %T", s) })
		e := &event.Event{Subject: s, Watch: watched, Region: "eu-west-1", Account: "999999999999", Time: made}
		l.Gather(ctx, e)
		said, _ := problems(s)
		if len(said) != want.first || said[0] != "it is in another account, which the notifier cannot ask" || log.Len() > 0 || e.Alias.Problem != "" {
			t.Errorf("%T: %q, alias %+v, logged %q", s, said, e.Alias, log)
		}
	}
	asked := make(chan bool, 1)
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) { asked <- true })
	l.Gather(ctx, &event.Event{Subject: &ec2.InstanceStateChange{}, Account: "123456789012"})
	if len(asked) == 0 {
		t.Error("the own account's alias was not asked for")
	}
}

// TestPanicsAreNoLoss shows that a look-up that panics finds nothing, and that the
// others are not disturbed.
func TestPanicsAreNoLoss(t *testing.T) {
	for s := range subjects() {
		l, log := lookups(t, nil)
		l.API = nil
		l.Gather(t.Context(), &event.Event{Subject: s, Watch: watched})
		if !strings.Contains(log.String(), "panic in a look-up") {
			t.Errorf("%T: logged %q", s, log)
		}
	}
}
