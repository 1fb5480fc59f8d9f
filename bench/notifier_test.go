package bench

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
)

// memories are those that a team might give its notifier, in MB.
var memories = []int{128, 256, 512, 1024, wholeCPU}

// BenchmarkNotifier delivers the termination of an instance by mail, cold and warm,
// and has the hello function start and answer beside it.
//
// A "notifier" runs as deployed: it sees the memory size that its share of a CPU
// corresponds to. A "lazy" one sees a memory size so large that it prepares nothing, and runs on all
// CPUs.
func BenchmarkNotifier(b *testing.B) {
	aws := startAWS(b)
	notifier, hello := buildNotifier(b, runtime.GOARCH), buildHere(b, "hello", runtime.GOARCH)
	delivery := terminationByMail(b)
	rows := [][]string{{"memory", "CPU", "hello, cold", "not prepared, cold", "prepared, cold", "prepared, warm", "peak"}}
	for _, memory := range memories {
		var bare, ready, lazy lives
		b.Run(fmt.Sprintf("%dMB", memory), func(b *testing.B) {
			share := newShare(b, memory)
			for range max(b.N, 5) {
				bare = append(bare, live(b, function{program: hello}, share, "{}", "hello", warm))
				ready = append(ready, live(b, function{program: notifier, env: aws.environment(memory)}, share, delivery, `"outcome":"sent"`, warm))
				lazy = append(lazy, live(b, function{program: notifier, env: aws.environment(10240)}, share, delivery, `"outcome":"sent"`, warm))
			}
			b.ReportMetric(0, "ns/op")
			ready.report(b, "notifier", bare)
			lazy.report(b, "lazy", bare)
			b.ReportMetric(ready.memory(), "notifier-peak-MB")
		})
		if len(ready) > 0 {
			rows = append(rows, []string{fmt.Sprint(memory, " MB"), fmt.Sprint((100*memory+wholeCPU/2)/wholeCPU, " %"), milliseconds(bare.cold()), milliseconds(lazy.cold()),
				milliseconds(ready.cold()), milliseconds(ready.warm()), fmt.Sprintf("%.1f MB", ready.memory())})
		}
	}
	writeTable(b, "notifier", rows)
}

// BenchmarkCPU measures how much CPU time a warm delivery of the same event takes, whatever else
// the machine does: what many deliveries of one process take beyond what few do. Beside it are the
// hello function, and one that does nothing but what a delivery does with the network.
func BenchmarkCPU(b *testing.B) {
	const few, many = 10, 310
	aws, share := startAWS(b), newShare(b, wholeCPU)
	functions := []struct{ name, program, payload, want string }{
		{"hello", buildHere(b, "hello", runtime.GOARCH), "{}", "hello"},
		{"network", buildHere(b, "network", runtime.GOARCH), "{}", "done"},
		{"notifier", buildNotifier(b, runtime.GOARCH), terminationByMail(b), `"outcome":"sent"`},
	}
	user, system := map[string][]time.Duration{}, map[string][]time.Duration{}
	for range max(b.N, 5) {
		for _, f := range functions {
			of := function{program: f.program, env: aws.environment(wholeCPU)}
			short := live(b, of, share, f.payload, f.want, few)
			long := live(b, of, share, f.payload, f.want, many)
			user[f.name] = append(user[f.name], (long.user-short.user)/(many-few))
			system[f.name] = append(system[f.name], (long.system-short.system)/(many-few))
		}
	}
	b.ReportMetric(0, "ns/op")
	rows := [][]string{{"", "user", "system", "together"}}
	for _, f := range functions {
		u, s := median(user[f.name]), median(system[f.name])
		b.ReportMetric(u, f.name+"-user-ms")
		b.ReportMetric(s, f.name+"-system-ms")
		rows = append(rows, []string{f.name, fmt.Sprintf("%.2f ms", u), fmt.Sprintf("%.2f ms", s), fmt.Sprintf("%.2f ms", u+s)})
	}
	writeTable(b, "cpu", rows)
}

// BenchmarkZip measures what is uploaded, for arm64.
func BenchmarkZip(b *testing.B) {
	notifier, hello := zipped(b, buildNotifier(b, "arm64")), zipped(b, buildHere(b, "hello", "arm64"))
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(notifier/1e6, "MB")
	b.ReportMetric(notifier/hello, "hello-x")
}

// warm is how often a function is invoked: once cold, and then warm.
const warm = 5

// terminationByMail is the delivery of a recorded event.
func terminationByMail(b *testing.B) string {
	b.Helper()
	return delivery(b, wire.Watch{Terminations: &wire.Terminations{}}, recorded(b, "autoscaling", "asg-terminate-elb-health-check"),
		wire.Sink{Email: &wire.Email{From: "ops@example.com", To: []string{"team@example.com"}}})
}

// environment is what Lambda gives a function of the memory, in MB. Only the one
// file of certificates is read: as on Lambda, where the notifier sees to it.
func (a *aws) environment(memory int) []string {
	return []string{
		"AWS_REGION=us-east-1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + fmt.Sprint(memory),
		"AWS_DEFAULT_REGION=us-east-1", "AWS_CA_BUNDLE=" + a.roots, // for boto3
		"AWS_ACCESS_KEY_ID=AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret", "AWS_SESSION_TOKEN=token",
		"HTTPS_PROXY=" + a.proxy, "SSL_CERT_FILE=" + a.roots, "SSL_CERT_DIR=/nonexistent",
	}
}

// lives are several processes of the same function.
type lives []life

// report adds medians, in milliseconds, and how many times as long as another
// function they are.
func (l lives) report(b *testing.B, name string, than lives) {
	b.ReportMetric(l.cold(), name+"-cold-ms")
	b.ReportMetric(l.warm(), name+"-warm-ms")
	b.ReportMetric(l.init()/than.init(), name+"-init-x")
	b.ReportMetric(l.cold()/than.cold(), name+"-cold-x")
	b.ReportMetric(l.warm()/than.warm(), name+"-warm-x")
}

// memory is the most that any of them took, in MB.
func (l lives) memory() (most float64) {
	for _, one := range l {
		most = max(most, one.memory)
	}
	return most
}

// init is from the start of the process until it asks for work.
func (l lives) init() float64 {
	return l.median(func(l life) []time.Duration { return []time.Duration{l.init} })
}

// cold is what the first delivery waits for: the start, and its own time.
func (l lives) cold() float64 {
	return l.median(func(l life) []time.Duration { return []time.Duration{l.init + l.invocations[0]} })
}

func (l lives) warm() float64 {
	return l.median(func(l life) []time.Duration { return l.invocations[1:] })
}

// slowest is what 99 in 100 warm deliveries do not exceed.
func (l lives) slowest() float64 {
	var all []time.Duration
	for _, one := range l {
		all = append(all, one.invocations[1:]...)
	}
	slices.Sort(all)
	return float64(all[len(all)*99/100]) / float64(time.Millisecond)
}

// cpu is the CPU time of a warm delivery.
func (l lives) cpu() float64 {
	return l.median(func(l life) []time.Duration {
		return []time.Duration{l.warmCPU / time.Duration(len(l.invocations)-1)}
	})
}

func (l lives) median(of func(life) []time.Duration) float64 {
	var all []time.Duration
	for _, one := range l {
		all = append(all, of(one)...)
	}
	return median(all)
}
