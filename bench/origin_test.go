package bench

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// contender is one of the functions that are compared.
type contender struct {
	name          string
	function      function
	payload, want string
	lives         lives
}

// BenchmarkOrigin has the two Python handlers that extraeye began with do their work beside the
// notifier: the same calls, then all look-ups, by the same Runtime API, TLS and share of a CPU.
func BenchmarkOrigin(b *testing.B) {
	const invocations = 35
	aws := startAWS(b)
	python := installOrigin(b)
	hello := function{program: buildHere(b, "hello", runtime.GOARCH)}
	notifier := buildNotifier(b, runtime.GOARCH)
	for _, memory := range []int{128, wholeCPU} {
		b.Run(fmt.Sprintf("%dMB", memory), func(b *testing.B) {
			share := newShare(b, memory)
			env := aws.environment(memory)
			ours := function{program: notifier, env: env}
			email := wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"team@example.com"}}}
			marker := wire.Sink{NewRelic: &wire.NewRelic{APIKey: wire.Secret{Parameter: "/new-relic"}, EntityGUID: "MTIzNDU2"}}
			death, release, state := recorded(b, "autoscaling", "asg-terminate-elb-health-check"),
				now(b, recorded(b, "codedeploy", "codedeploy-deployment-success-doc")), now(b, recorded(b, "ec2", "ec2-state-terminated"))
			const sent = `"outcome":"sent"`
			all := []*contender{
				{name: "hello", function: hello, payload: "{}", want: "hello"},
				{name: "Python, a death", function: python.handler("terminated", env), payload: string(death), want: `"m-1"`},
				{name: "extraeye, the same two calls", function: ours, payload: delivery(b, wire.Watch{Instances: &wire.Instances{}}, state, email), want: sent},
				{name: "extraeye, a death with all look-ups", function: ours, payload: delivery(b, wire.Watch{Terminations: &wire.Terminations{}}, death, email), want: sent},
				{name: "Python, a release", function: python.handler("deployed", env), payload: string(release), want: `"m-1"`},
				{name: "extraeye, a release with all look-ups", function: ours, payload: delivery(b, wire.Watch{Deployments: &wire.Deployments{}}, release, email, marker), want: sent},
			}
			for range max(b.N, 3) {
				for _, c := range all {
					c.lives = append(c.lives, live(b, c.function, share, c.payload, c.want, invocations))
				}
			}
			b.ReportMetric(0, "ns/op")
			rows := [][]string{{"", "init", "start to first mail", "warm, median", "warm, 99 %", "memory", "CPU of a warm one"}}
			for _, c := range all {
				l := c.lives
				rows = append(rows, []string{c.name, milliseconds(l.init()), milliseconds(l.cold()), milliseconds(l.warm()), milliseconds(l.slowest()),
					fmt.Sprintf("%.1f MB", l.memory()), milliseconds(l.cpu())})
			}
			writeTable(b, fmt.Sprintf("origin-%d", memory), rows)
		})
	}
}

// now is a recorded event that has just happened, as New Relic takes no others, in the function's Region.
func now(b *testing.B, event json.RawMessage) json.RawMessage {
	b.Helper()
	var members map[string]any
	err := json.Unmarshal(event, &members)
	members["time"], members["region"] = time.Now().UTC().Format(time.RFC3339), "us-east-1"
	if err == nil {
		event, err = json.Marshal(members)
	}
	if err != nil {
		b.Fatal(err)
	}
	return event
}

// recorded is an event of the notifier's own tests.
func recorded(b *testing.B, service, name string) json.RawMessage {
	b.Helper()
	event, err := os.ReadFile(filepath.Join("../lambda/event", service, "testdata", name+".json"))
	if err != nil {
		b.Fatal(err)
	}
	return event
}

// delivery is what a rule sends to the notifier.
func delivery(b *testing.B, watch wire.Watch, event json.RawMessage, sinks ...wire.Sink) string {
	b.Helper()
	watch.Service = "some-service"
	return encoded(b, wire.Delivery{Order: wire.Order{Watch: watch, Sinks: sinks}, Event: event})
}

func encoded(b *testing.B, d wire.Delivery) string {
	b.Helper()
	text, err := json.Marshal(d)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// origin is where Python finds the handlers and what they need.
type origin struct{ python, dir string }

// installOrigin installs what the Python handlers need, AWS's own client of the Runtime API included.
func installOrigin(b *testing.B) origin {
	b.Helper()
	dir, err := filepath.Abs("origin")
	if err != nil {
		b.Fatal(err)
	}
	venv := b.TempDir()
	python := filepath.Join(venv, "bin", "python")
	for _, install := range [][]string{
		{"python3", "-m", "venv", venv},
		{python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", filepath.Join(dir, "requirements.txt")},
		{python, "-m", "compileall", "-q", venv}, // as Lambda's own copy of boto3 is
	} {
		if out, err := exec.Command(install[0], install[1:]...).CombinedOutput(); err != nil {
			b.Skipf("the Python handlers need Python and PyPI: %v\n%s", err, out)
		}
	}
	return origin{python, dir}
}

func (o origin) handler(name string, env []string) function {
	return function{
		program: o.python,
		args:    []string{"-B", "-m", "awslambdaric", "handlers." + name},
		env:     append([]string{"LAMBDA_TASK_ROOT=" + o.dir, "PYTHONPATH=" + o.dir, "NEW_RELIC_API_KEY=key"}, env...),
	}
}
