package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

const (
	faultEvents  = 200
	faultSeed    = 1
	faultTimeout = 4 * time.Second // of one run; a real one has more
	instances    = 48              // of the function, side by side
	maxRuns      = 3               // of one asynchronous invocation

	keptSecret = "0123456789abcdef0123456789abcdef"
)

// faulty are the shares of the requests that go wrong for some sinks: two are healthy
// and one is down.
var faulty = map[string]float64{"email": 0, "datadog": 0, "webhook": 1}

// usuallyFaulty is the share for all other sinks.
const usuallyFaulty = 0.3

// example is how a sink is configured, and what its destination answers to a message
// that it accepts: testdata/example.json in the sink's folder. Its secret is secretARN,
// which has the fields key and url.
type example struct {
	Config json.RawMessage
	Also   []json.RawMessage // other configurations
	Status int               // of the answer; zero: 200
	Answer json.RawMessage   // JSON, or another answer as a string

	name   string
	faulty float64
}

// reply answers as the destination does to a message that it accepts.
func (e *example) reply(w http.ResponseWriter) {
	body := []byte(e.Answer)
	if text := ""; json.Unmarshal(body, &text) == nil {
		body = []byte(text)
	}
	w.WriteHeader(max(e.Status, http.StatusOK))
	_, _ = w.Write(body)
}

// examples reads the example of every sink in the contract.
func examples(t *testing.T) []*example {
	t.Helper()
	var all []*example
	for _, field := range reflect.VisibleFields(reflect.TypeFor[wire.Sink]()) {
		file := "../sink/" + strings.ToLower(field.Name) + "/testdata/example.json"
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatalf("wire.Sink.%s needs an example, so that it is shown to lose nothing: %v", field.Name, err)
		}
		e := &example{faulty: usuallyFaulty}
		if err := json.Unmarshal(content, e); err != nil || e.Config == nil {
			t.Fatalf("%s has no config: %v", file, err)
		}
		e.name, _, _ = strings.Cut(field.Tag.Get("json"), ",")
		if share, ok := faulty[e.name]; ok {
			e.faulty = share
		}
		all = append(all, e)
	}
	return all
}

const secretARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:sinks-AbCdEf"

// job is one event for one sink, and what happened to it.
type job struct {
	sink    *example
	payload string
	event   int

	runs, requests, faults, taken int
	reason                        string // in the dead-letter queue
}

// lambdaService is Lambda's asynchronous invocation, a queue and a failure
// destination, and everything that the function calls.
type lambdaService struct {
	t       *testing.T
	binary  string
	queue   chan *job // has room for all jobs
	mu      sync.Mutex
	pending int
	done    chan struct{}
}

// TestFaults shows that nothing is lost while destinations fail, throttle, hang
// and break connections at random, and that what one does is nothing to another.
func TestFaults(t *testing.T) {
	jobs := makeJobs(t)
	s := &lambdaService{t: t, binary: notifier(t), queue: make(chan *job, len(jobs)), pending: len(jobs), done: make(chan struct{})}
	for _, j := range jobs {
		s.queue <- j
	}
	for range instances {
		s.run()
	}
	select {
	case <-s.done:
	case <-time.After(3 * time.Minute):
		t.Error("not all deliveries have ended")
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	var taken, repaired, dead int
	for _, j := range jobs {
		j.check(t)
		taken += j.taken
		if j.reason != "" {
			dead++
		}
		if j.taken == 1 && j.faults > 0 {
			repaired++
		}
	}
	t.Logf("%d deliveries: %d taken, %d of them after faults; %d in the dead-letter queue", len(jobs), taken, repaired, dead)
	if repaired < 100 || dead <= faultEvents {
		t.Error("too few faults to show anything")
	}
}

// makeJobs returns a job for each event and each sink.
func makeJobs(t *testing.T) []*job {
	t.Helper()
	sinks, events := examples(t), recorded(t)
	var jobs []*job
	for e := range faultEvents {
		watch := []string{terminations, deployments}[e%2]
		event := strings.Replace(events[e%2], `"id":`, fmt.Sprintf(`"id":"event-%d","oldId":`, e), 1)
		for _, sink := range sinks {
			payload := fmt.Sprintf(`{"watch":{"service":"s",%s},"sinks":[{%q:%s}],"event":%s}`, watch, sink.name, sink.Config, event)
			jobs = append(jobs, &job{sink: sink, event: e, payload: payload})
		}
	}
	return jobs
}

// check checks what happened to the job: it was taken once, or is in the dead-letter
// queue with a reason.
func (j *job) check(t *testing.T) {
	t.Helper()
	what := fmt.Sprintf("event %d for %s", j.event, j.sink.name)
	if (j.reason != "") == (j.taken == 1) || j.taken > 1 {
		t.Errorf("%s was taken %d times in %d runs; dead letter: %q", what, j.taken, j.runs, j.reason)
	}
	if j.faults == 0 && (j.requests != 1 || j.runs != 1) {
		t.Errorf("%s went well but was sent %d times in %d runs", what, j.requests, j.runs)
	}
	if j.sink.faulty == 1 && j.reason == "" {
		t.Errorf("%s, which is down, has no dead letter", what)
	}
	if strings.Contains(j.reason, keptSecret) || strings.Contains(j.reason, "verysecret") {
		t.Errorf("a dead letter shows a secret: %s", j.reason)
	}
}

// recorded returns the events of a termination and of a deployment, as of now.
func recorded(t *testing.T) [2]string {
	t.Helper()
	var events [2]string
	for i, file := range []string{killed, deployed} {
		raw, err := os.ReadFile("../event/" + file)
		if err != nil || strings.Count(string(raw), `"id":`) != 1 || strings.Count(string(raw), `"time":`) != 1 {
			t.Fatalf("%s has not one id and time: %v", file, err)
		}
		events[i] = strings.Replace(string(raw), `"time":`, `"time":"`+time.Now().UTC().Format(time.RFC3339)+`","oldTime":`, 1)
	}
	return events
}

// run runs one instance of the function, with a server of its own, so that every
// request is known to be of the delivery that it has.
func (s *lambdaService) run() {
	var current *job
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, isRuntime := strings.CutPrefix(r.URL.Path, "/2018-06-01/runtime/invocation/")
		switch {
		case !isRuntime:
			s.mu.Lock()
			j := current
			s.mu.Unlock()
			s.answer(w, r, j)
		case rest == "next":
			select {
			case j := <-s.queue:
				s.mu.Lock()
				current = j
				j.runs++
				s.mu.Unlock()
				w.Header().Set("Lambda-Runtime-Aws-Request-Id", "request")
				w.Header().Set("Lambda-Runtime-Deadline-Ms", fmt.Sprint(time.Now().Add(faultTimeout).UnixMilli()))
				_, _ = io.WriteString(w, j.payload)
			case <-r.Context().Done():
			}
		default:
			body, _ := io.ReadAll(r.Body)
			w.WriteHeader(http.StatusAccepted)
			s.ended(current, strings.HasSuffix(rest, "/error"), body)
		}
	}))
	cmd := exec.Command(s.binary)
	cmd.Env = []string{
		"AWS_LAMBDA_RUNTIME_API=" + strings.TrimPrefix(server.URL, "http://"), "AWS_ENDPOINT_URL=" + server.URL, "EXTRAEYE_REHEARSAL=" + server.URL,
		"AWS_REGION=eu-west-1", "AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=verysecret", "GOMAXPROCS=1",
	}
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		server.CloseClientConnections()
		server.Close()
	})
}

// ended does what Lambda does with an asynchronous invocation that has ended: it
// is run twice again if it failed, and then goes to the failure destination.
//
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
func (s *lambdaService) ended(j *job, failed bool, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if failed && j.runs < maxRuns {
		s.queue <- j
		return
	}
	if failed {
		var a answer
		if err := json.Unmarshal(body, &a); err != nil || a.ErrorMessage == "" || a.ErrorType != "Transient" && a.ErrorType != "Permanent" {
			s.t.Errorf("event %d for %s has the dead letter %s", j.event, j.sink.name, body)
		}
		j.reason = a.ErrorMessage
	}
	if s.pending--; s.pending == 0 {
		close(s.done)
	}
}

// answer answers for AWS and for the destinations.
func (s *lambdaService) answer(w http.ResponseWriter, r *http.Request, j *job) {
	body, _ := io.ReadAll(r.Body)
	scope := r.Header.Get("Authorization")
	signed := func(service string) bool { return strings.Contains(scope, "/"+service+"/aws4_request") }
	switch {
	case signed("ec2"):
		_, _ = io.WriteString(w, named)
	case signed("autoscaling"), signed("iam"):
		reply(http.StatusForbidden, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>")(w, r)
	case signed("codedeploy"):
		_, _ = io.WriteString(w, `{"deploymentInfo":{"creator":"user"}}`)
	case signed("secretsmanager"), signed("ssm"):
		if s.fault(w, r, j, j.sink.faulty/3, false) {
			return
		}
		value, _ := json.Marshal(`{"key":"` + keptSecret + `","url":"https://prod-1.westeurope.logic.azure.com:443/workflows/x/triggers/manual/paths/invoke?sig=` + keptSecret + `"}`)
		if signed("ssm") {
			value = []byte(`"` + keptSecret + `"`)
		}
		_, _ = fmt.Fprintf(w, `{"SecretString":%s,"Parameter":{"Value":%s}}`, value, value)
	case signed("ses"), signed("sns"), r.Header.Get("X-Extraeye-Host") != "":
		if s.fault(w, r, j, j.sink.faulty, true) {
			return
		}
		if len(body) == 0 {
			s.t.Errorf("%s was sent nothing", j.sink.name)
		}
		s.mu.Lock()
		j.taken++
		s.mu.Unlock()
		j.sink.reply(w)
	default:
		s.t.Errorf("unknown request: %s %s %s", r.Method, r.URL, scope)
	}
}

// fault does something bad with the given probability, and says whether it did.
// What it does depends on the seed, the delivery and how many faults and requests
// it had, and not on the order in which deliveries come.
func (s *lambdaService) fault(w http.ResponseWriter, r *http.Request, j *job, share float64, isMessage bool) bool {
	s.mu.Lock()
	hash := fnv.New64a()
	_, _ = fmt.Fprint(hash, j.sink.name, j.event, j.requests, j.faults)
	random := rand.New(rand.NewPCG(faultSeed, hash.Sum64()))
	bad := random.Float64() < share
	if isMessage {
		j.requests++
	}
	if bad {
		j.faults++
	}
	s.mu.Unlock()
	if !bad {
		return false
	}
	switch random.IntN(15) {
	case 0, 1:
		w.WriteHeader(http.StatusInternalServerError)
	case 2, 3:
		reply(http.StatusServiceUnavailable, "<html>sorry</html>")(w, r)
	case 4, 5:
		w.Header().Set("Retry-After", "1")
		w.WriteHeader(http.StatusTooManyRequests)
	case 6, 7:
		w.Header().Set("Retry-After", "3600")
		w.WriteHeader(http.StatusTooManyRequests)
	case 8, 9:
		reply(http.StatusBadRequest, fmt.Sprintf("no: %s %v", r.URL, r.Header))(w, r)
	case 10, 11:
		w.WriteHeader(http.StatusUnauthorized)
	case 12, 13:
		panic(http.ErrAbortHandler)
	case 14:
		<-r.Context().Done()
	}
	return true
}
