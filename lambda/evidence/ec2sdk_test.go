//go:build ec2sdk

// This file is run in CI only, with -tags ec2sdk: compiling the SDK's EC2 client
// takes a minute and more than 3 GB of memory.

package evidence

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/lambda/console"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/ec2"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
)

// sdk is the SDK's EC2 client, whose every call is answered the same and whose last
// request is kept.
func sdk(answer string, asked *string) *awsec2.Client {
	return awsec2.New(awsec2.Options{
		Region: "eu-west-1",
		HTTPClient: &http.Client{Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
			body, err := io.ReadAll(r.Body)
			*asked = string(body)
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer))}, err
		})},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
}

// same compares a request of the SDK's with the form that a look-up sent.
func same(t *testing.T, asked string, ours url.Values) {
	t.Helper()
	if theirs, err := url.ParseQuery(asked); err != nil || theirs.Encode() != ours.Encode() {
		t.Errorf("asked %q, the SDK %q (%v)", ours.Encode(), theirs.Encode(), err)
	}
}

// TestInstanceIsTheSDKs asks and reads one answer with the SDK and with ours.
func TestInstanceIsTheSDKs(t *testing.T) {
	raw := described(instance, tag("Name", "web &amp; 1")+tag("aws:autoscaling:groupName", "g"))
	var asked string
	out, err := sdk(raw, &asked).DescribeInstances(context.Background(), &awsec2.DescribeInstancesInput{InstanceIds: []string{instance}})
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		same(t, asked, r.Form)
		_, _ = io.WriteString(w, raw)
	})
	i := out.Reservations[0].Instances[0]
	want := ec2.Instance{
		ID: aws.ToString(i.InstanceId), Name: aws.ToString(i.Tags[0].Value), Group: aws.ToString(i.Tags[1].Value), Type: string(i.InstanceType), Image: aws.ToString(i.ImageId),
		Zone: aws.ToString(i.Placement.AvailabilityZone), Launched: aws.ToTime(i.LaunchTime), State: string(i.State.Name),
		StateReason: aws.ToString(i.StateReason.Message), StateSince: since(aws.ToString(i.StateTransitionReason)),
	}
	if got := l.instance(context.Background(), "eu-west-1", instance); got.Value != want {
		t.Errorf("read %+v, the SDK %+v", got.Value, want)
	}
}

// TestConsoleOutputIsTheSDKs does the same for a console's output.
func TestConsoleOutputIsTheSDKs(t *testing.T) {
	raw := left("Kernel panic\r\n")
	var asked string
	out, err := sdk(raw, &asked).GetConsoleOutput(context.Background(), &awsec2.GetConsoleOutputInput{InstanceId: aws.String(instance)})
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		same(t, asked, r.Form)
		_, _ = io.WriteString(w, raw)
	})
	theirs, err := base64.StdEncoding.DecodeString(aws.ToString(out.Output))
	if err != nil {
		t.Fatal(err)
	}
	want := crashIn(console.Read(console.Output{Text: string(theirs), Posted: aws.ToTime(out.Timestamp), Ended: made}))
	if got := l.console(context.Background(), "eu-west-1", instance, made); !reflect.DeepEqual(got.Value, want) || len(want.Lines) != 1 {
		t.Errorf("read %+v, the SDK %s", got.Value, theirs)
	}
}

// TestApplicationStatusIsTheSDKs does the same for the application status checks.
func TestApplicationStatusIsTheSDKs(t *testing.T) {
	raw := applicationStatus(instance, check("asc-1", "failed", "included", "<code>ResponseCodeMismatch</code><statusCode>503</statusCode><protocol>HTTP</protocol>"))
	var asked string
	out, err := sdk(raw, &asked).DescribeApplicationStatus(context.Background(), &awsec2.DescribeApplicationStatusInput{InstanceIds: []string{instance}})
	if err != nil {
		t.Fatal(err)
	}
	l, _ := lookups(t, func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		same(t, asked, r.Form)
		_, _ = io.WriteString(w, raw)
	})
	c := out.ApplicationStatuses.Instances[0].ApplicationStatus.Details[0]
	want := autoscaling.ApplicationCheck{
		ID: aws.ToString(c.ApplicationStatusCheckId), Code: aws.ToString(c.Reason.Code),
		Protocol: aws.ToString(c.Reason.Protocol), Status: strconv.Itoa(int(aws.ToInt32(c.Reason.StatusCode))),
	}
	if got := l.failedChecks(context.Background(), "eu-west-1", instance); len(got.Value) != 1 || got.Value[0] != want {
		t.Errorf("read %+v, the SDK %+v", got.Value, want)
	}
}
