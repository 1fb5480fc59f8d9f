package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/evidence"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/pipes"
	"github.com/extraeye/extraeye/lambda/post"
	"github.com/extraeye/extraeye/lambda/secret"
)

// A mass failure: the instances of a group are terminated within a minute, and their events come
// to warm processes, each for five sinks.
const (
	floodSinks     = 5
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
	messages  int // that the sinks got
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
	if strings.Contains(r.Header.Get("Authorization"), "/sns/") {
		f.mu.Lock()
		f.messages++
		f.mu.Unlock()
		_, _ = io.WriteString(w, published)
		return
	}
	_, operation, isJSON := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	if !isJSON {
		operation = r.FormValue("Action")
	}
	_, _ = io.Copy(io.Discard, r.Body)
	time.Sleep(floodLatency)
	switch given := f.take(operation); {
	case !given && isJSON:
		reply(400, `{"__type":"ThrottlingException"}`)(w, r)
	case !given:
		reply(400, `<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>`)(w, r)
	case isJSON:
		reply(200, floodReleases[operation])(w, r)
	default:
		reply(200, f.xml(operation, r))(w, r)
	}
}

// xml are the answers of Auto Scaling, EC2 and IAM.
func (f *floodedAWS) xml(operation string, r *http.Request) string {
	switch operation {
	case "DescribeAutoScalingGroups":
		return inResult(operation, `<AutoScalingGroups><member><AutoScalingGroupName>`+floodGroup+`</AutoScalingGroupName><Instances>
			<member><InstanceId>i-1</InstanceId><LifecycleState>InService</LifecycleState><HealthStatus>Healthy</HealthStatus></member></Instances></member></AutoScalingGroups>`)
	case "DescribeScalingActivities":
		return f.activities()
	case "DescribeInstances":
		return strings.Replace(named, "%ID%", r.FormValue("InstanceId.1"), 1)
	case "GetConsoleOutput":
		return "<GetConsoleOutputResponse><instanceId>" + r.FormValue("InstanceId") + "</instanceId><output>" + base64.StdEncoding.EncodeToString([]byte(f.console)) + "</output></GetConsoleOutputResponse>"
	case "ListAccountAliases":
		return inResult(operation, "<AccountAliases><member>acme</member></AccountAliases>")
	default:
		return inResult(operation, "")
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
	return inResult("DescribeScalingActivities", "<Activities>"+strings.Join(members, "")+"</Activities>"+next)
}

func floodInstance(i int) string { return fmt.Sprintf("i-%017x", i) }

// inResult is an answer of Auto Scaling or IAM.
func inResult(operation, result string) string {
	return "<" + operation + "Response><" + operation + "Result>" + result + "</" + operation + "Result></" + operation + "Response>"
}

// process is one warm process of the notifier, which answers with its notices.
func (f *floodedAWS) process(t *testing.T) *handler {
	client := awsapi.NewHTTPClient()
	t.Cleanup(pipes.Serve(client.Transport.(*http.Transport), f))
	api, log := awsapi.New(client, "eu-west-1"), slog.New(slog.DiscardHandler)
	return &handler{
		clients: &clients{api, secret.New(api), post.New(client), post.New(client)},
		lookups: &evidence.Lookups{API: api, Log: log}, log: log, rehearsal: true,
	}
}

// payload is the delivery of the death of that number.
func (f *floodedAWS) payload(t *testing.T, i int) []byte {
	var sinks []string
	for s := range floodSinks {
		sinks = append(sinks, fmt.Sprintf(`{"topic":{"arn":"arn:aws:sns:eu-west-1:123456789012:%d"}}`, s))
	}
	payload := deliver(t, `"terminations":{"releases":{"applications":["`+floodGroup+`"]}}`, strings.Join(sinks, ","), killed)
	stamp := func(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }
	return []byte(strings.NewReplacer(
		"3e3c153a-8339-4e30-8c35-687ebef853fe", floodInstance(i), "i-016dea8095930f564", floodInstance(i), `"staging"`, `"`+floodGroup+`"`,
		"2022-12-23T19:05:15Z", stamp(f.start(i).Add(time.Minute)), "2022-12-23T19:05:15.651Z", stamp(f.start(i).Add(time.Minute)),
		"2022-12-23T19:00:11.120Z", stamp(f.start(i)), "At 2022-12-23T19:00:11Z", "At "+f.start(i).UTC().Format(time.RFC3339),
		"us-east-1", "eu-west-1",
	).Replace(payload))
}

// flood runs the mass failure, whose events come some time after the deaths: each when it does,
// or all at once. It returns the notices.
func (f *floodedAWS) flood(t *testing.T, atOnce bool) (notices []*notice.Notice, slowest time.Duration) {
	t.Setenv("AWS_ENDPOINT_URL", "http://aws.example")
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "verysecret")
	f.calls, f.buckets = map[string]int{}, map[string]*tokenBucket{}
	f.began, f.every = time.Now(), time.Minute/time.Duration(f.deaths)
	if atOnce {
		time.Sleep(time.Until(f.start(f.deaths - 1).Add(time.Minute)))
	}
	queue := make(chan []byte)
	var mu sync.Mutex
	var processes sync.WaitGroup
	for range floodProcesses {
		h := f.process(t)
		processes.Go(func() {
			for payload := range queue {
				began := time.Now()
				n := invokeFlooded(t, h, payload)
				mu.Lock()
				notices, slowest = append(notices, n), max(slowest, time.Since(began))
				mu.Unlock()
			}
		})
	}
	for i := range f.deaths {
		time.Sleep(time.Until(f.start(i).Add(time.Minute)))
		queue <- f.payload(t, i)
	}
	close(queue)
	processes.Wait()
	time.Sleep(time.Second) // for calls that were given up
	return notices, slowest
}

func invokeFlooded(t *testing.T, h *handler, payload []byte) *notice.Notice {
	ctx, cancel := context.WithTimeout(t.Context(), functionTimeout)
	defer cancel()
	answer, err := h.Invoke(lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{InvokedFunctionArn: functionARN}), payload)
	var r notice.Receipt
	if err != nil || json.Unmarshal(answer, &r) != nil || r.Orders[0].Notice == nil {
		t.Errorf("%v, %s", err, answer)
		return &notice.Notice{}
	}
	return r.Orders[0].Notice
}

// TestFlood shows what a mass failure asks of AWS, and that no notice of it is less severe for
// want of an answer.
func TestFlood(t *testing.T) {
	// As AWS documents for EC2, and less for CodeDeploy, which documents nothing.
	//
	// https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-throttling.html
	limited := func(operation string) (size, rate float64) {
		switch {
		case floodReleases[operation] != "":
			return 20, 10
		case operation == "GetConsoleOutput":
			return 100, 20
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
		gaps     int // notices in which something was not looked up, at most
		decisive int // how many have what decides their severity, at least
	}{
		{"unlimited, at once", 400, nil, true, quiet, 1000, 0, 400},
		{"limited, at once", 400, limited, true, quiet, 2600, 40, 360},
		{"tightly limited, in a minute", 400, tight, false, crash, 5000, 250, 360},
		{"how often is unknown", 60, noActivities, true, quiet, 1000, 60, 0},
	}
	for _, tt := range tests {
		// How long is waited between attempts is random, so the gaps are those of the middle one of
		// three floods.
		var gapsOf []int
		flood := func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f := &floodedAWS{deaths: tt.deaths, limits: tt.limits, console: tt.console}
				began := time.Now()
				notices, slowest := f.flood(t, tt.atOnce)
				total, decisive, low, gaps := 0, 0, 0, 0
				for _, n := range f.calls {
					total += n
				}
				for _, n := range notices {
					missing := ""
					if i := slices.IndexFunc(n.Facts, func(fact notice.Fact) bool { return fact.Label == "Not looked up" }); i >= 0 {
						missing = n.Facts[i].Value
						gaps++
					}
					if !strings.Contains("\n"+missing, "\nGroup: ") && !strings.Contains("\n"+missing, "\nHow often: ") {
						decisive++
					}
					if n.Severity != notice.Error && n.Severity != notice.Critical {
						low++
					}
				}
				calls, _ := json.Marshal(f.calls)
				t.Logf("%d calls, %d throttled; %d decided, %d less than error, %d with gaps; slowest %v, all %v\n%s", total, f.throttled, decisive, low, gaps, slowest, time.Since(began), calls)
				gapsOf = append(gapsOf, gaps)
				if total > tt.most || decisive < tt.decisive || low > 0 {
					t.Errorf("%d calls, at most %d; %d with what decides the severity, at least %d; %d less severe than error",
						total, tt.most, decisive, tt.decisive, low)
				}
				if f.messages != floodSinks*tt.deaths {
					t.Errorf("%d messages for %d deaths", f.messages, tt.deaths)
				}
			})
		}
		t.Run(tt.name, func(t *testing.T) {
			for range 3 {
				flood(t)
			}
			slices.Sort(gapsOf)
			if gapsOf[1] > tt.gaps {
				t.Errorf("%d notices with gaps, at most %d", gapsOf, tt.gaps)
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
