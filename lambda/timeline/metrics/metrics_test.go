package metrics

import (
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// The shapes of the answers are those of AWS's documentation and of its service models.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
const (
	web    = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web/73e2d6bc24d8a067"
	shop   = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/1234567890123456"
	stream = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/stream/6543210987654321"
	lb     = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/"

	groupAnswer = `<DescribeAutoScalingGroupsResponse xmlns="http://autoscaling.amazonaws.com/doc/2011-01-01/"><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>
<AutoScalingGroupName>g</AutoScalingGroupName><TargetGroupARNs><member>` + web + `</member></TargetGroupARNs>
<TrafficSources><member><Identifier>` + web + `</Identifier><Type>elbv2</Type></member><member><Identifier>arn:aws:vpc-lattice:x</Identifier><Type>vpc-lattice</Type></member></TrafficSources>
</member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`
	classicAnswer = `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>
<LoadBalancerNames><member>old</member></LoadBalancerNames></member></AutoScalingGroups></DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`
	serviceAnswer = `{"services":[{"serviceName":"shop","loadBalancers":[{"targetGroupArn":"` + shop + `","containerName":"c","containerPort":80,
"advancedConfiguration":{"alternateTargetGroupArn":"` + web + `"}}]}],"failures":[]}`
)

// balancers is the answer of DescribeTargetGroups.
func balancers(of map[string]string) string {
	var b strings.Builder
	for _, group := range slices.Sorted(maps.Keys(of)) {
		fmt.Fprintf(&b, "<member><TargetGroupArn>%s</TargetGroupArn><LoadBalancerArns><member>%s</member></LoadBalancerArns></member>", group, lb+of[group])
	}
	return `<DescribeTargetGroupsResponse xmlns="http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/"><DescribeTargetGroupsResult><TargetGroups>` +
		b.String() + `</TargetGroups></DescribeTargetGroupsResult></DescribeTargetGroupsResponse>`
}

// cloud answers calls by their operation, and GetMetricData from values by "name statistic" or
// "name statistic dimension".
type cloud struct {
	answers map[string]string
	status  map[string]int
	metrics map[string][]string // "" is a period without a value
	results map[string]string   // the status of a metric
	page    int                 // how many values a page has; 0: all
	start   time.Time
	asked   []url.Values
}

func (c *cloud) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	form, _ := url.ParseQuery(string(body))
	operation := form.Get("Action")
	if target := req.Header.Get("X-Amz-Target"); target != "" {
		_, operation, _ = strings.Cut(target, ".")
	}
	answer := c.answers[operation]
	if operation == "GetMetricData" && answer == "" {
		c.asked = append(c.asked, form)
		answer = c.data(form)
	}
	status := c.status[operation]
	if status == 0 {
		status = http.StatusOK
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, nil
}

// data writes the values of the queries, a page of them.
func (c *cloud) data(form url.Values) string {
	skip, _ := strconv.Atoi(form.Get("NextToken"))
	var b strings.Builder
	seen, more := 0, false
	for i := 1; form.Get(fmt.Sprintf("MetricDataQueries.member.%d.Id", i)) != ""; i++ {
		q := fmt.Sprintf("MetricDataQueries.member.%d.", i)
		key := form.Get(q+"MetricStat.Metric.MetricName") + " " + form.Get(q+"MetricStat.Stat")
		dims := form.Get(q + "MetricStat.Metric.Dimensions.member.2.Value")
		all, ok := c.metrics[key+" "+dims]
		if !ok {
			all = c.metrics[key]
		}
		var times, vals strings.Builder
		status := "Complete"
		for j, v := range all {
			if v == "" {
				continue
			}
			if seen++; seen <= skip {
				continue
			}
			if c.page > 0 && seen > skip+c.page {
				status, more = "PartialData", true
				break
			}
			fmt.Fprintf(&times, "<member>%s</member>", c.start.Add(time.Duration(j)*Period).Format(time.RFC3339))
			fmt.Fprintf(&vals, "<member>%s</member>", v)
		}
		if s := c.results[key]; s != "" {
			status = s
		}
		fmt.Fprintf(&b, "<member><Id>%s</Id><Label>x</Label><Timestamps>%s</Timestamps><Values>%s</Values><StatusCode>%s</StatusCode></member>",
			form.Get(q+"Id"), times.String(), vals.String(), status)
	}
	next := ""
	if more {
		next = fmt.Sprintf("<NextToken>%d</NextToken>", skip+c.page)
	}
	return `<GetMetricDataResponse xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/"><GetMetricDataResult><MetricDataResults>` + b.String() +
		`</MetricDataResults>` + next + `<Messages/></GetMetricDataResult></GetMetricDataResponse>`
}

// read reads twenty minutes that end well before now.
func (c *cloud) read(t *testing.T, of Service) ([]Series, []string) {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	c.start = time.Now().UTC().Add(-2 * time.Hour).Truncate(Period)
	return Read(t.Context(), awsapi.New(&http.Client{Transport: c}, "eu-west-1"), of, c.start.Add(time.Minute), c.start.Add(4*Period))
}

// plain writes series as text, so that a test can compare them.
func plain(all []Series) string {
	var b strings.Builder
	list := func(values []float64) string { return strings.ReplaceAll(fmt.Sprint(values), "NaN", "-") }
	for _, s := range all {
		fmt.Fprintf(&b, "%s (%s) %s", s.Label, s.Unit, list(s.Values))
		if s.High != nil {
			b.WriteString(" high " + list(s.High))
		}
		if s.Of != nil {
			b.WriteString(" of " + list(s.Of))
		}
		b.WriteString("\n")
	}
	return b.String()
}

func TestRead(t *testing.T) {
	group, tasks := Service{Groups: []string{"g"}}, Service{Tasks: []wire.ClusterService{{Cluster: "c", Name: "shop"}}}
	refused := func(code string) string {
		return `<ErrorResponse><Error><Code>` + code + `</Code><Message>no</Message></Error></ErrorResponse>`
	}
	tests := []struct {
		name     string
		cloud    cloud
		of       Service
		want     string
		problems []string // what each begins with
	}{
		{
			name: "a group behind an Application Load Balancer",
			of:   group,
			cloud: cloud{
				answers: map[string]string{"DescribeAutoScalingGroups": groupAnswer, "DescribeTargetGroups": balancers(map[string]string{web: "app/web/50dc6c495c0c9188"})},
				metrics: map[string][]string{
					"RequestCount Sum":              {"100", "200", "", "50"},
					"HTTPCode_Target_5XX_Count Sum": {"", "5", "", "1"},
					"TargetResponseTime Average":    {"0.25", "0.5", "", "1"},
					"TargetResponseTime p99":        {"0.5", "1.5", "", "2"},
					"UnHealthyHostCount Average":    {"0", "0", "1", "0.5"},
					"CPUUtilization Average":        {"10", "20", "30", "40"},
				},
			},
			want: `5xx (% of requests) [0 2.5 - 2] of [100 200 - 50]
Response time (ms) [250 500 - 1000] high [500 1500 - 2000] of [100 200 - 50]
Unhealthy (hosts) [0 0 1 0.5]
CPU (%) [10 20 30 40]
Requests (per 5 minutes) [100 200 - 50]
`,
		},
		{
			name: "an ECS service with two target groups, in pages",
			of:   tasks,
			cloud: cloud{
				page:    3,
				answers: map[string]string{"DescribeServices": serviceAnswer, "DescribeTargetGroups": balancers(map[string]string{web: "app/a/1", shop: "app/a/1"})},
				metrics: map[string][]string{
					"RequestCount Sum targetgroup/web/73e2d6bc24d8a067":              {"100", "0", "10", "10"},
					"RequestCount Sum targetgroup/shop/1234567890123456":             {"300", "", "30", "30"},
					"HTTPCode_Target_5XX_Count Sum targetgroup/web/73e2d6bc24d8a067": {"4", "", "4", ""},
					"TargetResponseTime Average targetgroup/web/73e2d6bc24d8a067":    {"1", "", "1", "1"},
					"TargetResponseTime Average targetgroup/shop/1234567890123456":   {"2", "", "2", "2"},
					"TargetResponseTime p99":                                         {"", "", "", "3"},
					"UnHealthyHostCount Average":                                     {"1", "0", "0", ""},
					"CPUUtilization Average":                                         {"1", "2", "3", "4"},
					"CPUUtilization p99":                                             {"2", "", "4", "5"},
					"MemoryUtilization Average":                                      {"50", "50", "50", "50"},
				},
			},
			want: `5xx (% of requests) [1 - 10 0] of [400 0 40 40]
Response time (ms) [1750 - 1750 1750] high [- - - 3000] of [400 0 40 40]
Unhealthy (hosts) [2 0 0 -]
CPU (%) [1 2 3 4] high [2 - 4 5]
Memory (%) [50 50 50 50]
Requests (per 5 minutes) [400 0 40 40]
`,
		},
		{
			name: "behind a Network Load Balancer",
			of:   group,
			cloud: cloud{
				answers: map[string]string{"DescribeAutoScalingGroups": groupAnswer, "DescribeTargetGroups": balancers(map[string]string{web: "net/web/1", stream: "gwy/x/1"})},
				metrics: map[string][]string{"UnHealthyHostCount Average": {"1", "", "0"}, "RequestCount Sum": {"1", "2"}},
			},
			want: "Unhealthy (hosts) [1 - 0 -]\n",
		},
		{
			name: "behind a Classic Load Balancer",
			of:   group,
			cloud: cloud{
				answers: map[string]string{"DescribeAutoScalingGroups": classicAnswer},
				metrics: map[string][]string{"RequestCount Sum": {"10", "10", "10", "10"}, "HTTPCode_Backend_5XX Sum": {"1"}, "Latency Average": {"2"}},
			},
			want: `5xx (% of requests) [10 0 0 0] of [10 10 10 10]
Response time (ms) [2000 - - -] of [10 10 10 10]
Requests (per 5 minutes) [10 10 10 10]
`,
		},
		{
			name: "what the user names comes first",
			of: Service{Groups: []string{"g"}, Named: []wire.Metric{
				{Namespace: "Shop", Name: "Orders", Statistic: "Sum", Label: "Orders", Unit: "per 5 minutes", Worse: wire.WorseLower, Dimensions: map[string]string{"Shop": "x", "Env": "prod"}},
				{Namespace: "Shop", Name: "Queue"},
			}},
			cloud: cloud{
				answers: map[string]string{"DescribeAutoScalingGroups": `<DescribeAutoScalingGroupsResponse/>`},
				metrics: map[string][]string{"Orders Sum x": {"5", "6", "7", "8"}, "CPUUtilization Average": {"1", "1", "1", "1"}},
			},
			want: "Orders (per 5 minutes) [5 6 7 8]\nCPU (%) [1 1 1 1]\n",
		},
		{
			name: "denied here and there",
			of:   group,
			cloud: cloud{
				status:  map[string]int{"DescribeAutoScalingGroups": 403},
				answers: map[string]string{"DescribeAutoScalingGroups": refused("AccessDenied")},
				metrics: map[string][]string{"CPUUtilization Average": {"1", "1", "1", "1"}},
				results: map[string]string{"mem_used_percent Average": "Forbidden"},
			},
			want:     "CPU (%) [1 1 1 1]\n",
			problems: []string{"metrics: autoscaling:DescribeAutoScalingGroups was denied", "metrics: CloudWatch has no values of CWAgent mem_used_percent: Forbidden"},
		},
		{
			name:     "no permission for CloudWatch",
			of:       Service{Named: []wire.Metric{{Namespace: "N", Name: "M"}}},
			cloud:    cloud{status: map[string]int{"GetMetricData": 403}, answers: map[string]string{"GetMetricData": refused("AccessDenied")}},
			problems: []string{"metrics: cloudwatch:GetMetricData was denied"},
		},
		{
			name: "a target group that is gone",
			of:   tasks,
			cloud: cloud{
				status:  map[string]int{"DescribeTargetGroups": 400},
				answers: map[string]string{"DescribeServices": serviceAnswer, "DescribeTargetGroups": refused("TargetGroupNotFound")},
			},
			problems: []string{"metrics: Elastic Load Balancing refused the question"},
		},
		{
			name: "answers that are not what they should be",
			of:   tasks,
			cloud: cloud{answers: map[string]string{
				"DescribeServices": `{"services":{"a":1}}`,
				"GetMetricData":    `<html>`,
			}},
			problems: []string{"metrics: ECS's answer could not be read", "metrics: CloudWatch's answer could not be read"},
		},
		{
			name: "values that are none",
			of:   tasks,
			cloud: cloud{
				answers: map[string]string{"DescribeServices": `{}`},
				metrics: map[string][]string{"CPUUtilization Average": {"NaN", "1e400", "x", "-3"}},
			},
			want: "CPU (%) [- - - -3]\n",
		},
		{name: "nothing to measure"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			all, problems := tt.cloud.read(t, tt.of)
			if got := plain(all); got != tt.want {
				t.Errorf("got\n%swant\n%s", got, tt.want)
			}
			if len(problems) != len(tt.problems) {
				t.Fatalf("problems are %q, want %q", problems, tt.problems)
			}
			for i, p := range problems {
				if !strings.HasPrefix(p, tt.problems[i]) {
					t.Errorf("problem is %q, want %q", p, tt.problems[i])
				}
			}
		})
	}
}

// TestManyQueries asks for no more metrics in a call than CloudWatch takes, and for each once.
func TestManyQueries(t *testing.T) {
	c := cloud{metrics: map[string][]string{}}
	var of Service
	for i := range 2*maxQueries + 1 {
		name := "m" + strconv.Itoa(i)
		of.Named = append(of.Named, wire.Metric{Namespace: "N", Name: name}, wire.Metric{Namespace: "N", Name: name, Label: "again"})
		c.metrics[name+" Average"] = []string{strconv.Itoa(i)}
	}
	all, problems := c.read(t, of)
	if len(all) != len(of.Named) || len(problems) > 0 {
		t.Errorf("%d series of %d metrics: %v", len(all), len(of.Named), problems)
	}
	for i, s := range all {
		if s.Values[0] != float64(i/2) {
			t.Fatalf("metric %d is %v", i, s.Values[0])
		}
	}
	for i, form := range c.asked {
		if n := strings.Count(form.Encode(), "Id="); n > maxQueries {
			t.Errorf("call %d asks for %d metrics", i, n)
		}
	}
	if len(c.asked) != 3 {
		t.Errorf("%d calls, want 3", len(c.asked))
	}
}

// TestTimes asks for whole periods that are over, and for no more than CloudWatch keeps.
func TestTimes(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	synctest.Test(t, func(t *testing.T) { // it is midnight
		c := &cloud{}
		of, api := Service{Named: []wire.Metric{{Namespace: "N", Name: "M"}}}, awsapi.New(&http.Client{Transport: c}, "eu-west-1")
		now := time.Now()
		time.Sleep(7 * time.Minute)
		Read(t.Context(), api, of, now.Add(-100*24*time.Hour), now.Add(time.Hour))
		if from, to := c.asked[0].Get("StartTime"), c.asked[0].Get("EndTime"); from != "1999-10-30T00:05:00Z" || to != "2000-01-01T00:00:00Z" {
			t.Errorf("asked from %s to %s", from, to)
		}
		if all, problems := Read(t.Context(), api, of, now.Add(time.Hour), now.Add(2*time.Hour)); len(all)+len(problems) > 0 || len(c.asked) > 1 {
			t.Error("the future is asked for")
		}
	})
}

// TestEndlessPages ends where CloudWatch does not.
func TestEndlessPages(t *testing.T) {
	c := &cloud{page: 1, metrics: map[string][]string{"M Average": slices.Repeat([]string{"1"}, 3*maxPages)}}
	_, problems := c.read(t, Service{Named: []wire.Metric{{Namespace: "N", Name: "M"}}})
	if len(c.asked) != maxPages || len(problems) != 1 || !strings.Contains(problems[0], "more than 100 pages") {
		t.Errorf("%d pages: %v", len(c.asked), problems)
	}
}

func TestStrips(t *testing.T) {
	start := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
	all := []Series{
		{Label: "A", Unit: "%", Start: start, Values: []float64{1, math.NaN(), 3, 4, 5}},
		{Label: "B", Start: start, Values: []float64{1, math.NaN(), math.NaN(), math.NaN(), 5}},
	}
	strips := Strips(all, start.Add(6*time.Minute), start.Add(16*time.Minute))
	if len(strips) != 1 || len(strips[0].Points) != 2 || strips[0].Points[0].Value != 3 || !strips[0].Points[1].Time.Equal(start.Add(15*time.Minute)) {
		t.Errorf("strips are %+v", strips)
	}
}
