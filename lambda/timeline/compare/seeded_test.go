package compare

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
)

// midnight is when every seeded series begins.
var midnight = time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)

// days is how long a seeded series is: the history that the rule wants, and a day of releases.
const days = 9

const valuesPerDay = int(24 * time.Hour / metrics.Period)

// service is one of the seeded services.
type service struct {
	random *rand.Rand
	// perMinute is its mean traffic.
	perMinute float64
	// share is its usual share of errors.
	share float64
	// bursts is how often a day a few minutes are bad, and how many times as bad they are.
	bursts, bad float64
	// season is how much traffic follows the hour of the day, 0 to 1.
	season float64
	// rough is the scatter of everything from one five minutes to the next.
	rough float64
}

// newService draws one of a kind that is met: from a few requests a minute to thousands, steady
// or not, with errors all the time or almost never.
func newService(seed uint64, errorsPerWindow float64) *service {
	r := rand.New(rand.NewPCG(seed, 20261127))
	s := &service{
		random:    r,
		perMinute: math.Exp(math.Log(5) + r.Float64()*math.Log(1000)),
		bursts:    r.Float64() * r.Float64() * 8,
		bad:       5 + 45*r.Float64(),
		season:    0.9 * r.Float64(),
		rough:     0.02 + 0.13*r.Float64(),
	}
	if errorsPerWindow < 0 { // whatever is met, most often few
		errorsPerWindow = math.Exp(math.Log(0.02) + r.Float64()*math.Log(10000))
	}
	s.share = min(0.05, errorsPerWindow/30/s.perMinute)
	return s
}

// poisson draws how many of a mean happen.
func (s *service) poisson(mean float64) float64 {
	if mean > 50 {
		return math.Max(0, math.Round(mean+math.Sqrt(mean)*s.random.NormFloat64()))
	}
	limit, product, n := math.Exp(-mean), s.random.Float64(), 0.0
	for product > limit {
		product *= s.random.Float64()
		n++
	}
	return n
}

// load is the traffic of every five minutes, as a share of the mean: with a season of a day, quieter
// weekends and slow waves.
func (s *service) load() []float64 {
	load := make([]float64, days*valuesPerDay)
	wave := 0.0
	for i := range load {
		wave = 0.95*wave + 0.3*s.rough*s.random.NormFloat64()
		hour := float64(i%valuesPerDay) / float64(valuesPerDay) * 24
		load[i] = math.Exp(wave) * (1 + s.season*math.Sin((hour-9)/24*2*math.Pi))
		if weekday := midnight.AddDate(0, 0, i/valuesPerDay).Weekday(); weekday == time.Saturday || weekday == time.Sunday {
			load[i] *= 1 - 0.5*s.season
		}
	}
	return load
}

// burst is by how many times each five minutes are worse than usual.
func (s *service) burst() []float64 {
	worse := make([]float64, days*valuesPerDay)
	for i := range worse {
		worse[i] = 1
	}
	for range int(s.poisson(s.bursts * days)) {
		at, long := s.random.IntN(len(worse)), 1+s.random.IntN(3)
		for i := at; i < min(at+long, len(worse)); i++ {
			worse[i] = s.bad * (0.3 + 0.7*s.random.Float64())
		}
	}
	return worse
}

// series are the five metrics of the service. From a value on, its errors are times as many.
func (s *service) series(from int, times float64) []metrics.Series {
	load, burst := s.load(), s.burst()
	n := len(load)
	requests, errors, mean, p99, cpu, memory := make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n), make([]float64, n)
	slow, leak, leaks := 0.0, 0.0, s.random.Float64()*0.02
	for i := range load {
		share := s.share * burst[i] * math.Exp(2*s.rough*s.random.NormFloat64())
		if i >= from {
			share *= times
		}
		requests[i] = s.poisson(5 * s.perMinute * load[i])
		errors[i] = min(requests[i], s.poisson(requests[i]*share))
		slow = 0.8*slow + s.rough*s.random.NormFloat64()
		mean[i] = 0.12 * math.Exp(slow) * (1 + 0.3*load[i]*load[i]) * math.Sqrt(math.Sqrt(burst[i]))
		p99[i] = 5 * mean[i] * math.Exp(1.5*s.rough*s.random.NormFloat64()) * math.Sqrt(burst[i])
		cpu[i] = min(100, 25*load[i]*math.Exp(s.rough*s.random.NormFloat64()))
		if leak += leaks; i%(valuesPerDay*3/2) == 0 {
			leak = 0
		}
		memory[i] = min(100, 40+leak+s.random.NormFloat64())
		if requests[i] == 0 {
			mean[i], p99[i] = math.NaN(), math.NaN()
		}
	}
	percent := make([]float64, n)
	for i := range percent {
		percent[i] = 100 * errors[i] / requests[i]
	}
	return []metrics.Series{
		{Label: "5xx", Unit: "%", Start: midnight, Values: percent, Of: requests, Share: true},
		{Label: "Response time", Unit: "ms", Start: midnight, Values: mean, High: p99, Of: requests},
		{Label: "Unhealthy", Unit: "hosts", Start: midnight, Values: s.unhealthy(), Least: 1},
		{Label: "CPU", Unit: "%", Start: midnight, Values: cpu, Least: 5},
		{Label: "Memory", Unit: "%", Start: midnight, Values: memory, Least: 5},
	}
}

// unhealthy are hosts that fail their health check for some minutes before they are replaced.
func (s *service) unhealthy() []float64 {
	hosts := make([]float64, days*valuesPerDay)
	for range int(s.poisson(s.bursts / 4 * days)) {
		at, long := s.random.IntN(len(hosts)), 1+s.random.IntN(3)
		for i := at; i < min(at+long, len(hosts)); i++ {
			hosts[i]++
		}
	}
	return hosts
}

// release draws a deployment on the last day, most often in working hours, and returns the row of it.
func (s *service) release() (row timeline.Row, firstValue int) {
	hour := 9 + 9*s.random.Float64()
	if s.random.IntN(5) == 0 {
		hour = 1 + 21*s.random.Float64()
	}
	start := midnight.Add((days-1)*24*time.Hour + time.Duration(hour*float64(time.Hour))).Truncate(time.Second)
	end := start.Add(time.Duration(1+s.random.IntN(20)) * time.Minute)
	row = timeline.Row{Start: start, End: end, Lane: timeline.Releases, Kind: notice.KindDeployment, Release: &notice.Release{
		ID: "d-" + strconv.Itoa(int(s.random.Uint32())), Application: "a", Group: "g", State: wire.DeploymentSucceeded, Started: start, Ended: end,
	}}
	return row, int(start.Sub(midnight) / metrics.Period)
}

// verdict compares the first metrics around the seeded release of one seeded service.
func verdict(seed uint64, metrics int, errorsPerWindow, times float64) timeline.Comparison {
	s := newService(seed, errorsPerWindow)
	row, first := s.release()
	return Releases([]timeline.Row{row}, s.series(first, times)[:metrics], row.End.Add(time.Hour)).Releases[0]
}

// TestFalseAlarms measures how often a release without a change is called worse, over all five
// metrics together.
func TestFalseAlarms(t *testing.T) {
	t.Parallel()
	const n = 2000
	wrong, unclear, by := 0, 0, map[string]int{}
	for seed := range uint64(n) {
		c := verdict(100_000+seed, MaxMetrics, -1, 1)
		switch c.Verdict {
		case timeline.Worse:
			wrong++
			for _, change := range c.Changes {
				if change.Verdict == timeline.Worse {
					by[change.Label]++
				}
			}
		case timeline.Unclear:
			unclear++
		}
	}
	t.Logf("%d releases without a change: %d worse %v, %d unclear", n, wrong, by, unclear)
	if wrong*100 > n {
		t.Errorf("%d of %d releases without a change are called worse; at most 1 in 100 may be", wrong, n)
	}
	if unclear*20 > n {
		t.Errorf("%d of %d releases are unclear", unclear, n)
	}
}

// TestErrorsTriple measures how often a release after which there are three times as many errors is
// called worse, by how many errors there are in half an hour. Few cannot be found: that none becomes
// one happens all the time.
func TestErrorsTriple(t *testing.T) {
	t.Parallel()
	const n, many = 400, 50
	for _, usual := range []float64{10, 20, 30, many, 100, 1000} {
		found := 0
		for seed := range uint64(n) {
			if verdict(200_000+seed, 1, usual, 3).Changes[0].Verdict == timeline.Worse {
				found++
			}
		}
		t.Logf("about %.0f errors in half an hour before, three times as many after: found %d of %d", usual, found, n)
		if usual >= many && found*10 < n*9 {
			t.Errorf("of %.0f errors that tripled %d of %d are found; 9 in 10 have to be", usual, found, n)
		}
	}
}
