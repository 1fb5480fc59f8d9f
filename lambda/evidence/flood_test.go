package evidence

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/pipes"
)

// A mass failure: the instances of a group are terminated within a minute, and their events come
// to warm processes.
const (
	floodProcesses = 20
	floodGroup     = "some-service"
	floodLatency   = 40 * time.Millisecond
	floodCause     = "At 2022-12-23T18:00:11Z an instance was taken out of service in response to an ELB system health check failure."
)

// floodedAWS is a fake of AWS that counts calls and throttles them as AWS does: an operation
// has a bucket of tokens that is refilled.
type floodedAWS struct {
	deaths  int
	every   time.Duration // between two deaths
	began   time.Time
	limits  func(operation string) (size, rate float64)
	console string

	mu        sync.Mutex
	calls     map[string]int
	throttled int
	buckets   map[string]*tokenBucket
}

type tokenBucket struct {
	tokens float64
	filled time.Time
}

// start is when the group decided about the death of that number.
func (f *floodedAWS) start(i int) time.Time { return f.began.Add(time.Duration(i) * f.every) }

// take counts a call, and reports whether there is a token for it.
func (f *floodedAWS) take(operation string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls[operation]++
	if f.limits == nil {
		return true
	}
	size, rate := f.limits(operation)
	b, now := f.buckets[operation], time.Now()
	if b == nil {
		b = &tokenBucket{size, now}
		f.buckets[operation] = b
	}
	b.tokens = min(size, b.tokens+now.Sub(b.filled).Seconds()*rate)
	b.filled = now
	if b.tokens < 1 {
		f.throttled++
		return false
	}
	b.tokens--
	return true
}

func (f *floodedAWS) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	_, operation, isJSON := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !isJSON {
		operation = r.FormValue("Action")
	}
	_, _ = io.Copy(io.Discard, r.Body)
	time.Sleep(floodLatency)
	switch given := f.take(operation); {
	case !given && isJSON:
		answer(400, `{"__type":"ThrottlingException"}`)(w, r)
	case !given:
		answer(400, `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`)(w, r)
	case isJSON:
		answer(200, floodReleases[operation])(w, r)
	default:
		answer(200, f.xml(operation, r))(w, r)
	}
}

// xml are the answers of Auto Scaling, EC2 and IAM.
func (f *floodedAWS) xml(operation string, r *http.Request) string {
	switch operation {
	case "DescribeAutoScalingGroups":
		return strings.ReplaceAll(aGroup, "a &amp; b", floodGroup)
	case "DescribeScalingActivities":
		return f.activities()
	case "DescribeInstances":
		return described(r.FormValue("InstanceId.1"), tag("Name", "web"))
	case "GetConsoleOutput":
		return strings.ReplaceAll(left(f.console), instance, r.FormValue("InstanceId"))
	case "ListAccountAliases":
		return aliases("<member>acme</member>")
	default:
		return scaling(operation, "")
	}
}

// activities is the page of those that began by now, the newest first.
func (f *floodedAWS) activities() string {
	var members []string
	for i := f.deaths - 1; i >= 0 && len(members) < 100; i-- {
		if started := f.start(i); !started.After(time.Now()) {
			members = append(members, fmt.Sprintf(`<member><ActivityId>a-%d</ActivityId><Description>Terminating EC2 instance: %s</Description><Cause>%s</Cause><StatusCode>Successful</StatusCode><StartTime>%s</StartTime></member>`,
				i, floodInstance(i), floodCause, started.UTC().Format(time.RFC3339Nano)))
		}
	}
	next := ""
	if len(members) == 100 {
		next = "<NextToken>more</NextToken>"
	}
	return scaling("DescribeScalingActivities", "<Activities>"+strings.Join(members, "")+"</Activities>"+next)
}

func floodInstance(i int) string { return fmt.Sprintf("i-%017x", i) }

// process is one warm process of the notifier.
func (f *floodedAWS) process(t *testing.T) *Lookups {
	client := awsapi.NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), f))
	return &Lookups{API: awsapi.New(client, "eu-west-1"), Log: slog.New(slog.DiscardHandler)}
}

// flood runs the mass failure, whose events come some time after the deaths: each when it does,
// or all at once. It returns them with what was found.
func (f *floodedAWS) flood(t *testing.T, atOnce bool) (events []*event.Event, slowest time.Duration) {
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	f.calls, f.buckets = map[string]int{}, map[string]*tokenBucket{}
	f.began, f.every = time.Now(), time.Minute/time.Duration(f.deaths)
	w := watched
	w.Terminations = &wire.Terminations{Releases: &wire.Releases{Applications: []string{floodGroup}}}
	for i := range f.deaths {
		events = append(events, &event.Event{ID: floodInstance(i), Source: "aws.autoscaling", Region: "eu-west-1", Watch: w, Time: f.start(i).Add(time.Minute),
			Subject: &autoscaling.Termination{GroupName: floodGroup, InstanceID: floodInstance(i), Cause: wire.CauseELBHealthCheck, CauseText: floodCause, Started: f.start(i)}})
	}
	if atOnce {
		time.Sleep(time.Until(events[f.deaths-1].Time))
	}
	queue := make(chan *event.Event)
	var mu sync.Mutex
	var processes sync.WaitGroup
	for range floodProcesses {
		l := f.process(t)
		processes.Go(func() {
			for e := range queue {
				began := time.Now()
				l.Gather(t.Context(), e)
				mu.Lock()
				slowest = max(slowest, time.Since(began))
				mu.Unlock()
			}
		})
	}
	for _, e := range events {
		time.Sleep(time.Until(e.Time))
		queue <- e
	}
	close(queue)
	processes.Wait()
	time.Sleep(time.Second) // for calls that were given up
	return events, slowest
}

// TestFlood shows what a mass failure asks of AWS, and that no notice of it is less severe for
// want of an answer.
func TestFlood(t *testing.T) {
	// As AWS documents for EC2, and less for CodeDeploy, which documents nothing.
	//
	// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
	limited := func(operation string) (size, rate float64) {
		if _, ok := floodReleases[operation]; ok {
			return 20, 10
		}
		return 50, 10
	}
	tight := func(string) (size, rate float64) { return 20, 5 }
	noActivities := func(operation string) (size, rate float64) {
		if operation == "DescribeScalingActivities" {
			return 0, 0
		}
		return limited(operation)
	}
	const quiet, crash = "a quiet console", "Out of memory: Killed process 1 (java)"
	tests := []struct {
		name     string
		deaths   int
		limits   func(string) (float64, float64)
		atOnce   bool
		console  string
		most     int // calls
		decisive int // how many have what decides their severity, at least
	}{
		{"unlimited, at once", 400, nil, true, quiet, 1000, 400},
		{"limited, at once", 400, limited, true, quiet, 1000, 360},
		{"tightly limited, in a minute", 400, tight, false, crash, 2500, 360},
		{"how often is unknown", 60, noActivities, true, quiet, 1000, 0},
	}
	for _, tt := range tests {
		bubble(t, tt.name, func(t *testing.T) {
			f := &floodedAWS{deaths: tt.deaths, limits: tt.limits, console: tt.console}
			began := time.Now()
			events, slowest := f.flood(t, tt.atOnce)
			total, decisive, low, gaps := 0, 0, 0, 0
			for _, n := range f.calls {
				total += n
			}
			for _, e := range events {
				s := e.Subject.(*autoscaling.Termination)
				n := e.Notice(time.Now())
				if s.Group.Known && s.Activities.Known {
					decisive++
				}
				if n.Severity != notice.Error && n.Severity != notice.Critical {
					low++
				}
				for _, fact := range n.Facts {
					if fact.Label == "Not looked up" {
						gaps++
					}
				}
			}
			calls, _ := json.Marshal(f.calls)
			t.Logf("%d calls, %d throttled; %d decided, %d less than error, %d with gaps; slowest %v, all %v\n%s", total, f.throttled, decisive, low, gaps, slowest, time.Since(began), calls)
			if total > tt.most || decisive < tt.decisive || low > 0 {
				t.Errorf("%d calls, at most %d; %d with what decides the severity, at least %d; %d less severe than error", total, tt.most, decisive, tt.decisive, low)
			}
		})
	}
}

// floodReleases are the answers of CodeDeploy.
var floodReleases = map[string]string{
	"ListDeploymentGroups":     `{"deploymentGroups":["prod"]}`,
	"BatchGetDeploymentGroups": `{"deploymentGroupsInfo":[{"deploymentGroupName":"prod","computePlatform":"Server","autoScalingGroups":[{"name":"some-service"}]}]}`,
	"ListDeployments":          `{"deployments":["d-1"]}`,
	"BatchGetDeployments":      `{"deploymentsInfo":[{"deploymentId":"d-1","status":"Succeeded","creator":"user"}]}`,
}
