package evidence

import (
	"context"
	"net/http"
	"reflect"
	"testing"

	"github.com/extraeye/extraeye/lambda/event/autoscaling"
)

// applicationStatus is DescribeApplicationStatus' answer for one instance, in the shape of EC2's
// documentation.
//
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeApplicationStatus.html
func applicationStatus(id, checks string) string {
	return `<DescribeApplicationStatusResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId>
  <applicationStatusesResponseType><instanceSet><item><instanceId>` + id + `</instanceId><availabilityZone>us-east-1a</availabilityZone>
    <applicationStatus><status>impaired</status><statusSince>2026-06-30T19:50:00.000Z</statusSince><detailSet>` + checks + `</detailSet></applicationStatus>
  </item></instanceSet></applicationStatusesResponseType>
</DescribeApplicationStatusResponse>`
}

func check(id, status, aggregation, reason string) string {
	return "<item><applicationStatusCheckId>" + id + "</applicationStatusCheckId><aggregation>" + aggregation + "</aggregation><status>" + status +
		"</status><reason>" + reason + "</reason></item>"
}

func TestFailedChecks(t *testing.T) {
	const mismatch = "<code>ResponseCodeMismatch</code><statusCode>503</statusCode><protocol>HTTP</protocol>"
	const gone = "EC2 no longer says which check the instance failed"
	http503 := autoscaling.ApplicationCheck{ID: "asc-1", Code: "ResponseCodeMismatch", Protocol: "HTTP", Status: "503"}
	refused := autoscaling.ApplicationCheck{ID: "asc-2", Code: "ConnectionRefused"}
	for name, tt := range map[string]struct {
		answer  http.HandlerFunc
		want    []autoscaling.ApplicationCheck
		problem string
	}{
		"one of two": {answer(200, applicationStatus(instance, check("asc-0", "passed", "included", "<code>ResponseCodeMatched</code>")+check("asc-1", "failed", "included", mismatch))), []autoscaling.ApplicationCheck{http503}, ""},
		"those that decide first": {answer(200, applicationStatus(instance, check("asc-2", "failed", "excluded", "<code>ConnectionRefused</code>")+check("asc-1", "failed", "included", mismatch))),
			[]autoscaling.ApplicationCheck{http503, refused}, ""},
		"recovered":        {answer(200, applicationStatus(instance, check("asc-1", "passed", "included", ""))), nil, gone},
		"none":             {answer(200, "<r/>"), nil, gone},
		"another instance": {answer(200, applicationStatus("i-1", check("asc-1", "failed", "included", mismatch))), nil, gone},
		"denied":           {answer(403, refusal("UnauthorizedOperation")), nil, "ec2:DescribeApplicationStatus was denied; the notifier's role has no permission for it"},
		"gone":             {answer(400, refusal("InvalidInstanceID.NotFound")), nil, "the instance is no longer known to EC2"},
	} {
		l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
			if err := r.ParseForm(); err != nil || r.Form.Encode() != "Action=DescribeApplicationStatus&InstanceId.1="+instance+"&Version=2016-11-15" {
				t.Errorf("asked for %v, %v", r.Form, err)
			}
			tt.answer(w, r)
		})
		got := l.failedChecks(context.Background(), "us-east-1", instance)
		if !reflect.DeepEqual(got.Value, tt.want) || got.Problem != tt.problem || got.Known != (tt.problem == "") {
			t.Errorf("%s: got %+v; want %+v, %q", name, got, tt.want, tt.problem)
		}
	}
	l, _ := lookups(t, func(http.ResponseWriter, *http.Request) { t.Error("asked about no instance") })
	if got := l.failedChecks(context.Background(), "us-east-1", ""); got.Problem != "the event names no instance" {
		t.Errorf("problem is %q", got.Problem)
	}
}
