package evidence

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/ec2"
)

// asker counts how often AWS is asked.
type asker struct {
	Lookups
	calls int
	body  string
	err   error
	takes time.Duration
}

func (a *asker) once(ctx context.Context, parameters string) (string, error) {
	got, err := a.ask(ctx, question{placeOf(ctx), awsapi.Call{Operation: "O"}, parameters, nil}, func(ctx context.Context) (reply, error) {
		a.recent.mu.Lock()
		a.calls++
		a.recent.mu.Unlock()
		select {
		case <-time.After(a.takes):
			return reply{a.body, len(a.body)}, a.err
		case <-ctx.Done():
			return reply{}, ctx.Err()
		}
	})
	body, _ := got.value.(string)
	return body, err
}

func reusing(ctx context.Context, since time.Time) context.Context {
	return (&Lookups{}).reusing(ctx, since)
}

// TestRecentAnswers shows when an answer to another event will do.
func TestRecentAnswers(t *testing.T) {
	bubble(t, "steps", func(t *testing.T) {
		a := &asker{body: "an answer"}
		step := func(what string, ctx context.Context, parameters string, calls int) {
			t.Helper()
			before := a.calls
			if got, err := a.once(ctx, parameters); got != a.body || err != nil || a.calls-before != calls {
				t.Errorf("%s: %q, %v, asked %d times, want %d", what, got, err, a.calls-before, calls)
			}
		}
		start := time.Now()
		before := reusing(t.Context(), start.Add(-time.Minute))
		step("first", before, "p", 1)
		step("again", before, "p", 0)
		step("other parameters", before, "q", 1)
		step("not to be shared", t.Context(), "p", 1)
		step("a time that is not known", reusing(t.Context(), time.Time{}), "p", 0)
		time.Sleep(fresh / 2)
		step("older than the event", reusing(t.Context(), start.Add(time.Second)), "p", 1)
		step("the newer one", before, "p", 0)
		time.Sleep(fresh - 1)
		step("still fresh", before, "p", 0)
		time.Sleep(time.Nanosecond)
		step("no longer fresh", before, "p", 1)
		if len(a.recent.answers) != 1 || a.recent.bytes != len(a.body) {
			t.Errorf("%d answers of %d bytes are kept", len(a.recent.answers), a.recent.bytes)
		}

		a.err = errors.New("broken")
		for range 2 {
			calls := a.calls
			if _, err := a.once(before, "r"); !errors.Is(err, a.err) || a.calls != calls+1 {
				t.Errorf("%v, asked %d times: errors are not kept", err, a.calls-calls)
			}
		}
		a.err = nil
		elsewhere := context.WithValue(before, placeKey{}, &place{})
		step("another place", elsewhere, "p", 1)
		step("the same place", elsewhere, "p", 0)
	})
	now := time.Now()
	if within(now.Add(time.Second), now, time.Minute) {
		t.Error("what is in the future, after the clock was set back, is recent")
	}
}

// TestRecentAnswersAreBounded shows that neither many nor large answers pile up.
func TestRecentAnswersAreBounded(t *testing.T) {
	bubble(t, "bounds", func(t *testing.T) {
		for size, tt := range map[int]struct{ asked, kept int }{
			1: {3 * maxRecent, maxRecent}, 90_000: {maxRecent - 1, maxRecentBytes / 90_000}, maxRecentBytes: {2, 1}, maxRecentBytes + 1: {3, 0},
		} {
			a := &asker{body: strings.Repeat("x", size)}
			for i := range tt.asked {
				_, _ = a.once(reusing(t.Context(), time.Time{}), fmt.Sprint(i))
				time.Sleep(time.Millisecond)
			}
			if n := len(a.recent.answers); n != tt.kept || a.recent.bytes != n*size {
				t.Errorf("%d answers of %d bytes: %d are kept, %d bytes", tt.asked, size, n, a.recent.bytes)
			}
			calls := a.calls
			if _, _ = a.once(reusing(t.Context(), time.Time{}), fmt.Sprint(tt.asked-1)); tt.kept > 0 && a.calls != calls {
				t.Error("the newest was dropped")
			}
		}
	})
}

// TestSameQuestionAtOnce shows that those who ask the same at the same time share a call, and
// that one whose time is over does not take the others' answer away.
func TestSameQuestionAtOnce(t *testing.T) {
	bubble(t, "flight", func(t *testing.T) {
		a := &asker{body: "an answer", takes: time.Second}
		ctx := reusing(t.Context(), time.Time{})
		var all sync.WaitGroup
		hasty, cancel := context.WithTimeout(ctx, time.Second/2)
		defer cancel()
		all.Go(func() {
			if _, err := a.once(hasty, "p"); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("the hasty one: %v", err)
			}
		})
		time.Sleep(time.Millisecond)
		for range 9 {
			all.Go(func() {
				if got, err := a.once(ctx, "p"); got != a.body || err != nil {
					t.Errorf("%q, %v", got, err)
				}
			})
		}
		all.Wait()
		if a.calls != 2 {
			t.Errorf("asked %d times, want once for the hasty one and once for all others", a.calls)
		}
	})
}

// TestUnreadableAnswersAreNotKept shows that an answer that makes no sense is asked for again.
func TestUnreadableAnswersAreNotKept(t *testing.T) {
	bubble(t, "unreadable", func(t *testing.T) {
		calls := 0
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			calls++
			answer(200, "[}")(w, r)
		})
		ctx := reusing(t.Context(), time.Time{})
		for range 2 {
			l.group(ctx, "eu-west-1", "g")
			_, _ = l.deployments(ctx, "eu-west-1", []string{"d-1"})
		}
		if calls != 4 || len(l.recent.answers) > 0 || l.recent.bytes != 0 {
			t.Errorf("asked %d times, %d answers are kept", calls, len(l.recent.answers))
		}
	})
}

// TestKnownAnswersStayInTheAccount shows that what is known of a group is not said of another
// account's group of the same name.
func TestKnownAnswersStayInTheAccount(t *testing.T) {
	bubble(t, "abroad", func(t *testing.T) {
		l, _ := lookups(t, answer(200, strings.ReplaceAll(aGroup, "a &amp; b", "g")))
		ctx := lambdacontext.NewContext(t.Context(), &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:n"})
		for account, known := range map[string]bool{"123456789012": true, "999999999999": false} {
			for range 2 {
				s := &autoscaling.InstanceRefresh{GroupName: "g", ID: "r"}
				l.Gather(ctx, &event.Event{Subject: s, Account: account, Region: "eu-west-1"})
				if s.Group.Known != known || s.Group.Temporary {
					t.Errorf("%s: %+v", account, s.Group)
				}
			}
		}
	})
}

// TestUnshared shows that each event has its own answers if that is wanted, as in a rehearsal.
func TestUnshared(t *testing.T) {
	calls := 0
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		calls++
		answer(200, aGroup)(w, r)
	})
	for _, l.Unshared = range []bool{true, false} {
		calls = 0
		for range 2 {
			l.group(l.reusing(t.Context(), time.Time{}), "eu-west-1", "a & b")
		}
		if want := map[bool]int{true: 2, false: 1}[l.Unshared]; calls != want {
			t.Errorf("unshared %v: asked %d times, want %d", l.Unshared, calls, want)
		}
	}
}

// TestPauses shows that an operation that throttles is left alone for some seconds, there only,
// unless a severity depends on it.
func TestPauses(t *testing.T) {
	bubble(t, "pauses", func(t *testing.T) {
		calls := map[string]int{}
		l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
			calls[operation+r.FormValue("Action")]++
			answer(400, `{"__type":"ThrottlingException"}`)(w, r)
		})
		ask := func(region, want string, calledTo int) {
			t.Helper()
			if got := l.deployment(t.Context(), region, "d"); got.Problem != want || calls["GetDeployment"] != calledTo {
				t.Errorf("%q after %d calls, want %q after %d", got.Problem, calls["GetDeployment"], want, calledTo)
			}
		}
		const busy = "CodeDeploy was too busy to answer"
		ask("eu-west-1", busy, 3)
		ask("eu-west-1", "CodeDeploy was too busy a moment ago and was not asked again", 3)
		if !strings.Contains(log.String(), "code=paused") {
			t.Errorf("logged %s", log)
		}
		ask("us-east-1", busy, 6)
		if got := l.deploymentsBefore(t.Context(), "eu-west-1", "a", "g", "d", made); got.Problem != busy {
			t.Errorf("another operation: %+v", got)
		}
		time.Sleep(pause)
		ask("eu-west-1", busy, 9)

		instance := func(want string) {
			t.Helper()
			short, stop := context.WithTimeout(t.Context(), 5*time.Second)
			defer stop()
			if got := l.instance(short, "eu-west-1", "i-1"); got.Problem != want {
				t.Errorf("an instance: %q, want %q", got.Problem, want)
			}
		}
		for range persistence {
			instance("EC2 was too busy to answer")
		}
		before := calls["DescribeInstances"]
		instance("EC2 was too busy a moment ago and was not asked again")
		if before < 4*persistence || calls["DescribeInstances"] != before {
			t.Errorf("DescribeInstances was called %d times, and %d times after", before, calls["DescribeInstances"])
		}
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		for range 2 {
			before := calls["DescribeAutoScalingGroups"]
			short, stop := context.WithTimeout(ctx, 2*time.Second)
			if got := l.group(short, "eu-west-1", "g"); got.Known || !got.Temporary || calls["DescribeAutoScalingGroups"] == before {
				t.Errorf("group: %+v after %v", got, calls)
			}
			stop()
		}
	})
}

// TestTemporary shows which failures of what decides a severity count as no answer.
func TestTemporary(t *testing.T) {
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   bool
	}{
		"throttled":   {answer(400, `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`), true},
		"unavailable": {answer(503, ""), true},
		"no answer":   {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, true},
		"silent": {func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // only then is it seen that the client has gone
			<-r.Context().Done()
		}, true},
		"denied":     {answer(403, `<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>`), false},
		"unreadable": {answer(200, "{}"), false},
		"gone":       {answer(200, scaling("DescribeAutoScalingGroups", "")), false},
	} {
		bubble(t, name, func(t *testing.T) {
			l, _ := lookups(t, tt.answer)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if got := l.group(ctx, "eu-west-1", "g"); got.Known || got.Temporary != tt.want || got.Problem == "" {
				t.Errorf("%+v", got)
			}
		})
	}
}

// TestReleasesAreThoseOfTheDay shows that rounded times bring no release of another time.
func TestReleasesAreThoseOfTheDay(t *testing.T) {
	at := made.Add(2 * time.Minute)
	var ids []string
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
		body := releaseAnswers[operation]
		if operation == "BatchGetDeployments" {
			var all []string
			for id, created := range map[string]time.Time{"early": at.Add(-releasesBack - 1e9), "late": at.Add(1e9), "last": at, "first": at.Add(-releasesBack)} {
				all = append(all, fmt.Sprintf(`{"deploymentId":%q,"createTime":%d}`, id, created.Unix()))
			}
			body = `{"deploymentsInfo":[` + strings.Join(all, ",") + `]}`
		}
		answer(200, body)(w, r)
	})
	s := &releaseSearch{lookups: l, region: "eu-west-1", group: "some-service", at: at}
	found, _ := s.byApplication(t.Context(), []string{"some-service"})
	for _, d := range found {
		ids = append(ids, d.ID)
	}
	if got := strings.Join(ids, " "); got != "last first" {
		t.Errorf("found %s", got)
	}
	if s.end().Before(at) || s.start(releasesBack).After(at.Add(-releasesBack)) || !s.end().Equal((&releaseSearch{at: at.Add(time.Minute)}).end()) {
		t.Errorf("asked from %v to %v", s.start(releasesBack), s.end())
	}
}

// releaseAnswers are the answers of CodeDeploy.
var releaseAnswers = map[string]string{
	"ListDeploymentGroups":     `{"deploymentGroups":["prod"]}`,
	"BatchGetDeploymentGroups": `{"deploymentGroupsInfo":[{"deploymentGroupName":"prod","computePlatform":"Server","autoScalingGroups":[{"name":"some-service"}]}]}`,
	"ListDeployments":          `{"deployments":["d-1"]}`,
	"BatchGetDeployments":      `{"deploymentsInfo":[{"deploymentId":"d-1","status":"Succeeded","creator":"user"}]}`,
}

// TestGatherAsksOnce shows that the same question about several events is asked once, as is that of
// the account's alias by those who ask it at the same time.
func TestGatherAsksOnce(t *testing.T) {
	bubble(t, "once", func(t *testing.T) {
		calls := map[string]int{}
		var mu sync.Mutex
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			calls[r.FormValue("Action")]++
			mu.Unlock()
			time.Sleep(time.Second)
			answer(200, map[string]string{"DescribeInstances": described(instance, tag("Name", "web-3")), "ListAccountAliases": aliases("<member>acme</member>")}[r.FormValue("Action")])(w, r)
		})
		interrupted := func() *event.Event { return &event.Event{Subject: &ec2.Interruption{InstanceID: instance}} }
		batch := []*event.Event{interrupted(), interrupted()}
		other := interrupted()
		var all sync.WaitGroup
		all.Go(func() { l.Gather(t.Context(), batch...) })
		all.Go(func() { l.Gather(t.Context(), other) })
		all.Wait()
		for _, e := range append(batch, other) {
			if name := e.Subject.(*ec2.Interruption).Instance.Value.Name; name != "web-3" || e.Alias.Value != "acme" {
				t.Errorf("found instance %q, alias %q", name, e.Alias.Value)
			}
		}
		if calls["DescribeInstances"] != 2 || calls["ListAccountAliases"] != 1 {
			t.Errorf("asked %v", calls)
		}
	})
}
