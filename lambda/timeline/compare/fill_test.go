package compare

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
	"github.com/extraeye/extraeye/lambda/timeline"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
	"github.com/extraeye/extraeye/lambda/timeline/metrics"
)

// orders answers GetMetricData with a metric that has a value in every period, and another from a
// time on.
type orders struct {
	drop  time.Time
	asked url.Values
}

func (o *orders) RoundTrip(req *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	o.asked, _ = url.ParseQuery(string(body))
	from, _ := time.Parse(time.RFC3339, o.asked.Get("StartTime"))
	to, _ := time.Parse(time.RFC3339, o.asked.Get("EndTime"))
	var times, values strings.Builder
	for at := from; at.Before(to); at = at.Add(metrics.Period) {
		v := 100 + at.Minute()%3
		if !at.Before(o.drop) {
			v = 20
		}
		fmt.Fprintf(&times, "<member>%s</member>", at.Format(time.RFC3339))
		fmt.Fprintf(&values, "<member>%d</member>", v)
	}
	answer := `<GetMetricDataResponse><GetMetricDataResult><MetricDataResults><member><Id>q0</Id><Timestamps>` + times.String() +
		`</Timestamps><Values>` + values.String() + `</Values><StatusCode>Complete</StatusCode></member></MetricDataResults></GetMetricDataResult></GetMetricDataResponse>`
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, nil
}

// TestFill reads a week more than the timeline shows, and half an hour that it does not.
func TestFill(t *testing.T) {
	t.Setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(5 * time.Hour) // it was midnight
		now := time.Now().UTC()
		start := now.Add(-3 * time.Hour)
		cloud := &orders{drop: start.Add(10 * time.Minute)}
		l := timeline.Timeline{From: now.Add(-4 * time.Hour), To: now.Add(-150 * time.Minute),
			Rows: []timeline.Row{deployment("1.4.2", "g", start, start.Add(10*time.Minute), wire.DeploymentSucceeded)}}
		named := []wire.Metric{{Namespace: "Shop", Name: "Orders", Worse: wire.WorseLower}}
		Fill(t.Context(), awsapi.New(&http.Client{Transport: cloud}, "eu-west-1"), collect.Scope{}, named, &l)
		c := l.Compared.Releases[0]
		if c.Verdict != timeline.Worse || c.Changes[0].After.Points != full || c.Changes[0].After.Mean != 20 {
			t.Errorf("%s (%s): %+v", c.Verdict, c.Why, c.Changes)
		}
		if n := len(l.Metrics[0].Points); n != 18 {
			t.Errorf("%d points are drawn of an hour and a half", n)
		}
		if from := cloud.asked.Get("StartTime"); from != "1999-12-25T00:00:00Z" {
			t.Errorf("asked from %s on", from)
		}
		if len(l.Failed) > 0 || len(l.Asked) != 1 || l.Compared.How == "" {
			t.Errorf("failed %q, asked %q", l.Failed, l.Asked)
		}
		quiet := timeline.Timeline{From: now.Add(-time.Hour), To: now}
		Fill(t.Context(), awsapi.New(&http.Client{Transport: cloud}, "eu-west-1"), collect.Scope{}, named, &quiet)
		if from := cloud.asked.Get("StartTime"); from != quiet.From.Format(time.RFC3339) {
			t.Errorf("without a release asked from %s on", from)
		}
	})
}

// TestMeasured finds out what names with * stand for.
func TestMeasured(t *testing.T) {
	rows := []timeline.Row{
		{Key: "autoscaling:1:eu-west-1:web-a:i-1"}, {Key: "autoscaling:1:eu-west-1:web-a:launch"}, {Key: "ecs:1:eu-west-1:main/shop:deployment"},
		{Key: "ecs:1:eu-west-1:main:task"}, {Key: "autoscaling"}, {Key: "cloudwatch:1:eu-west-1:web-b"}, {},
	}
	exact := collect.Scope{Scope: wire.Scope{Groups: []string{"g"}, ECSServices: []wire.ClusterService{{Cluster: "main", Name: "cart"}}}}
	for _, tt := range []struct {
		of   collect.Scope
		want string
	}{
		{exact, "{[g] [{main cart}] []}"},
		{collect.Scope{Scope: wire.Scope{Groups: []string{"g", "web-*"}}}, "{[g web-a] [{main shop}] []}"},
		{collect.Scope{Scope: wire.Scope{ECSServices: []wire.ClusterService{{Cluster: "main", Name: "*"}}}}, "{[web-a] [{main shop}] []}"},
	} {
		if got := fmt.Sprint(measured(tt.of, nil, rows)); got != tt.want {
			t.Errorf("%+v: got %s, want %s", tt.of, got, tt.want)
		}
	}
}
