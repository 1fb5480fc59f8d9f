package metrics

import (
	"context"
	"encoding/xml"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/extraeye/extraeye/lambda/awsapi"
)

const (
	// cloudWatchVersion is the version of CloudWatch's API, which still speaks the query protocol
	// besides others.
	//
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/making-api-requests.html
	cloudWatchVersion = "2010-08-01"
	// maxQueries is how many metrics one call may ask for.
	//
	// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
	maxQueries = 500
	// maxDatapoints is how many values a page has. Each takes about 75 bytes, and an answer may
	// have no more than 1 MB.
	maxDatapoints = 10_000
	// maxPages is how many pages are read.
	maxPages = 100
)

// values are those of one metric, of each period; what is not known is not a number.
type values []float64

// answer is a page of GetMetricData.
type answer struct {
	XMLName  xml.Name  `xml:"GetMetricDataResponse"`
	Next     string    `xml:"GetMetricDataResult>NextToken"`
	Messages []message `xml:"GetMetricDataResult>Messages>member"`
	Results  []struct {
		ID       string    `xml:"Id"`
		Status   string    `xml:"StatusCode"`
		Times    []string  `xml:"Timestamps>member"`
		Values   []string  `xml:"Values>member"`
		Messages []message `xml:"Messages>member"`
	} `xml:"GetMetricDataResult>MetricDataResults>member"`
}

type message struct {
	Code  string `xml:"Code"`
	Value string `xml:"Value"`
}

// fetch reads the values of queries by their keys.
func (r *reader) fetch(ctx context.Context, all []query, from, to time.Time) map[string]values {
	found := map[string]values{}
	n := int(to.Sub(from) / Period)
	for chunk := range slices.Chunk(all, maxQueries) {
		r.fetchChunk(ctx, chunk, from, to, func(q query, at time.Time, v float64) {
			i := int(at.Sub(from) / Period)
			if at.Before(from) || i >= n {
				return
			}
			if found[q.key()] == nil {
				found[q.key()] = unknown(n)
			}
			found[q.key()][i] = v
		})
	}
	return found
}

func unknown(n int) values {
	v := make(values, n)
	for i := range v {
		v[i] = math.NaN()
	}
	return v
}

// fetchChunk reads page after page of what one call may ask for.
func (r *reader) fetchChunk(ctx context.Context, chunk []query, from, to time.Time, put func(query, time.Time, float64)) {
	call := awsapi.Call{Service: "monitoring", Operation: "GetMetricData", Persistent: true}
	in := parameters(chunk, from, to)
	problems := map[string]bool{}
	for range maxPages {
		var page answer
		if err := r.api.Query(ctx, call, cloudWatchVersion, in, &page); err != nil {
			r.failed(call, "CloudWatch", err)
			return
		}
		for _, about := range page.read(chunk, put) {
			if !problems[about] {
				problems[about] = true
				r.problemf("metrics: %s", about)
			}
		}
		// A page may be empty and not the last.
		if page.Next == "" || page.Next == in.Get("NextToken") {
			return
		}
		in.Set("NextToken", page.Next)
	}
	r.problemf("metrics: CloudWatch has more than %d pages, of which the rest was not read; ask for less time", maxPages)
}

// parameters are those of GetMetricData.
func parameters(chunk []query, from, to time.Time) url.Values {
	in := url.Values{
		"StartTime":     {from.UTC().Format(time.RFC3339)},
		"EndTime":       {to.UTC().Format(time.RFC3339)},
		"ScanBy":        {"TimestampAscending"},
		"MaxDatapoints": {strconv.Itoa(maxDatapoints)},
	}
	for i, q := range chunk {
		prefix := fmt.Sprintf("MetricDataQueries.member.%d.", i+1)
		in.Set(prefix+"Id", id(i))
		prefix += "MetricStat."
		in.Set(prefix+"Stat", q.statistic)
		in.Set(prefix+"Period", strconv.Itoa(int(Period/time.Second)))
		prefix += "Metric."
		in.Set(prefix+"Namespace", q.namespace)
		in.Set(prefix+"MetricName", q.name)
		for j, d := range q.dimensions {
			dimension := fmt.Sprintf("%sDimensions.member.%d.", prefix, j+1)
			in.Set(dimension+"Name", d.name)
			in.Set(dimension+"Value", d.value)
		}
	}
	return in
}

// id is a query's id, which must begin with a lowercase letter.
func id(i int) string { return "q" + strconv.Itoa(i) }

// read puts the values of a page in place, and returns what CloudWatch says of those that it does
// not have.
func (a *answer) read(chunk []query, put func(query, time.Time, float64)) (problems []string) {
	queries := map[string]query{}
	for i, q := range chunk {
		queries[id(i)] = q
	}
	for _, m := range a.Messages {
		problems = append(problems, "CloudWatch says: "+m.Code+": "+m.Value)
	}
	for _, result := range a.Results {
		q, known := queries[result.ID]
		if !known {
			continue
		}
		for i := range min(len(result.Times), len(result.Values)) {
			at, err := time.Parse(time.RFC3339, result.Times[i])
			v, bad := strconv.ParseFloat(result.Values[i], 64)
			if err == nil && bad == nil && !math.IsNaN(v) && !math.IsInf(v, 0) {
				put(q, at, v)
			}
		}
		// PartialData means that the next page has more.
		if result.Status == "InternalError" || result.Status == "Forbidden" {
			problems = append(problems, fmt.Sprintf("CloudWatch has no values of %s %s: %s", q.namespace, q.name, result.Status))
		}
	}
	return problems
}
