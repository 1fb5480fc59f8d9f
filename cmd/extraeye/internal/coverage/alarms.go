package coverage

import (
	"context"
	"encoding/xml"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// alarms finds watched alarms that do not exist. Alarms that nobody watches are no gap: many only
// scale.
//
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html
func (c *comparison) alarms(ctx context.Context) {
	call := awsapi.Call{Service: "monitoring", Operation: "DescribeAlarms"}
	for _, pattern := range c.watched.Alarms {
		prefix, _, _ := strings.Cut(pattern, "*")
		if prefix == "" {
			continue
		}
		var names []string
		err := pages(func(token string) (string, error) {
			in := url.Values{
				"AlarmNamePrefix": {prefix}, "MaxRecords": {"100"},
				"AlarmTypes.member.1": {"MetricAlarm"}, "AlarmTypes.member.2": {"CompositeAlarm"}, "AlarmTypes.member.3": {"LogAlarm"},
			}
			if token != "" {
				in.Set("NextToken", token)
			}
			next, page, err := c.alarmPage(ctx, call, in)
			if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Status == http.StatusBadRequest && !refused.Retryable() {
				in.Del("AlarmTypes.member.3") // which not every Region has
				next, page, err = c.alarmPage(ctx, call, in)
			}
			names = append(names, page...)
			return next, err
		})
		if err != nil {
			c.fail("CloudWatch alarms", call, "CloudWatch", err)
			return
		}
		c.mu.Lock()
		c.missing(wire.Alarm, names, []string{pattern})
		c.mu.Unlock()
	}
}

func (c *comparison) alarmPage(ctx context.Context, call awsapi.Call, in url.Values) (next string, names []string, err error) {
	var page struct {
		XMLName   xml.Name `xml:"DescribeAlarmsResponse"`
		Next      string   `xml:"DescribeAlarmsResult>NextToken"`
		Metric    []string `xml:"DescribeAlarmsResult>MetricAlarms>member>AlarmName"`
		Composite []string `xml:"DescribeAlarmsResult>CompositeAlarms>member>AlarmName"`
		Log       []string `xml:"DescribeAlarmsResult>LogAlarms>member>AlarmName"`
	}
	err = c.api.Query(ctx, call, "2010-08-01", in, &page)
	return page.Next, slices.Concat(page.Metric, page.Composite, page.Log), err
}
