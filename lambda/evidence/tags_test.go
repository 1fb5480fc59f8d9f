package evidence

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	awsautoscaling "github.com/aws/aws-sdk-go-v2/service/autoscaling"
	autoscalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	awscodedeploy "github.com/aws/aws-sdk-go-v2/service/codedeploy"
	awsecs "github.com/aws/aws-sdk-go-v2/service/ecs"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/autoscaling"
	"github.com/extraeye/extraeye/lambda/event/cloudwatch"
	"github.com/extraeye/extraeye/lambda/event/codedeploy"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/ecs"
)

// The answers of services that are asked for tags, in the shapes that AWS documents.
const (
	groupTags = `<DescribeTagsResponse><DescribeTagsResult><Tags><member><ResourceId>web</ResourceId><ResourceType>auto-scaling-group</ResourceType><Key>team</Key><Value>checkout</Value><PropagateAtLaunch>true</PropagateAtLaunch></member></Tags></DescribeTagsResult></DescribeTagsResponse>`
	bigTags   = `{"Tags":[{"Key":"cost","Value":"1"},{"Key":"team","Value":"checkout"}]}`
	smallTags = `{"tags":[{"key":"cost","value":"1"},{"key":"team","value":"checkout"}]}`
	alarmTags = `<ListTagsForResourceResponse><ListTagsForResourceResult><Tags><member><Key>team</Key><Value>checkout</Value></member></Tags></ListTagsForResourceResult></ListTagsForResourceResponse>`
)

func subject(s event.Subject) *event.Event {
	return &event.Event{Account: "123456789012", Region: "us-east-1", Subject: s}
}

func credentials(context.Context) (aws.Credentials, error) {
	return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
}

// TestTag checks which service is asked for the tag of what, and that the answer is read. Where
// the SDK has the operation, its request is the same.
func TestTag(t *testing.T) {
	ctx := context.Background()
	for name, tt := range map[string]struct {
		subject event.Subject
		answer  string
		asked   string // a part of the request
		sdk     func(http.RoundTripper) error
	}{
		"group": {&autoscaling.Termination{GroupName: "web"}, groupTags, "Action=DescribeTags", func(r http.RoundTripper) error {
			_, err := awsautoscaling.New(awsautoscaling.Options{Region: "us-east-1", HTTPClient: &http.Client{Transport: r}, Credentials: aws.CredentialsProviderFunc(credentials)}).
				DescribeTags(ctx, &awsautoscaling.DescribeTagsInput{Filters: []autoscalingtypes.Filter{
					{Name: aws.String("auto-scaling-group"), Values: []string{"web"}}, {Name: aws.String("key"), Values: []string{"team"}},
				}})
			return err
		}},
		"application": {&codedeploy.Deployment{Application: "cart"}, bigTags, `{"ResourceArn":"arn:aws-cn:codedeploy:us-east-1:123456789012:application:cart"}`, func(r http.RoundTripper) error {
			_, err := awscodedeploy.New(awscodedeploy.Options{Region: "us-east-1", HTTPClient: &http.Client{Transport: r}, Credentials: aws.CredentialsProviderFunc(credentials)}).
				ListTagsForResource(ctx, &awscodedeploy.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws-cn:codedeploy:us-east-1:123456789012:application:cart")})
			return err
		}},
		"service": {&ecs.Task{Cluster: "main", Service: "cart"}, smallTags, `{"resourceArn":"arn:aws-cn:ecs:us-east-1:123456789012:service/main/cart"}`, func(r http.RoundTripper) error {
			_, err := awsecs.New(awsecs.Options{Region: "us-east-1", HTTPClient: &http.Client{Transport: r}, Credentials: aws.CredentialsProviderFunc(credentials)}).
				ListTagsForResource(ctx, &awsecs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws-cn:ecs:us-east-1:123456789012:service/main/cart")})
			return err
		}},
		"cluster": {&ecs.Task{Cluster: "main"}, smallTags, `{"resourceArn":"arn:aws-cn:ecs:us-east-1:123456789012:cluster/main"}`, nil},
		"alarm":   {&cloudwatch.Alarm{Name: "slow"}, alarmTags, "Action=ListTagsForResource&ResourceARN=arn%3Aaws-cn%3Acloudwatch%3Aus-east-1%3A123456789012%3Aalarm%3Aslow&Version=2010-08-01", nil},
	} {
		t.Run(name, func(t *testing.T) {
			var we asked
			l, log := lookups(t, func(w http.ResponseWriter, r *http.Request) {
				we.note(r)
				_, _ = io.WriteString(w, tt.answer)
			})
			ctx := lambdacontext.NewContext(ctx, &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws-cn:lambda:us-east-1:123456789012:function:f"})
			if value, problem := l.Tag(ctx, subject(tt.subject), "team"); value != "checkout" || problem != "" || log.Len() > 0 {
				t.Errorf("got %q, %q, log %q", value, problem, log)
			}
			if !strings.Contains(we.request, tt.asked) {
				t.Errorf("asked %s, want %s", we.request, tt.asked)
			}
			if tt.sdk == nil {
				return
			}
			sdk := &asked{answer: tt.answer}
			if err := tt.sdk(sdk); err != nil {
				t.Fatal(err)
			}
			if we.request != sdk.request {
				t.Errorf("asked %s, the SDK %s", we.request, sdk.request)
			}
		})
	}
}

// TestTagIsNotAsked checks what needs no call.
func TestTagIsNotAsked(t *testing.T) {
	l, _ := lookups(t, func(_ http.ResponseWriter, r *http.Request) { t.Errorf("asked for %s", r.URL) })
	abroad := lambdacontext.NewContext(context.Background(), &lambdacontext.LambdaContext{InvokedFunctionArn: "arn:aws:lambda:us-east-1:999999999999:function:f"})
	for name, tt := range map[string]struct {
		ctx            context.Context
		subject        event.Subject
		value, problem string
	}{
		"sent with the alarm": {context.Background(), &cloudwatch.Alarm{Name: "slow", Tags: []string{"cost: 1", "team: checkout"}}, "checkout", ""},
		"nothing to ask for":  {context.Background(), &autoscaling.Termination{}, "", ""},
		"abroad":              {abroad, &autoscaling.Termination{GroupName: "web"}, "", "it is in another account, which the notifier cannot ask"},
	} {
		if value, problem := l.Tag(tt.ctx, subject(tt.subject), "team"); value != tt.value || problem != tt.problem {
			t.Errorf("%s: got %q, %q", name, value, problem)
		}
	}
}

// TestTagIsKept checks that a tag is asked for again only after minutes, and after a failure
// sooner.
func TestTagIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		calls, status := 0, http.StatusForbidden
		l, _ := lookups(t, func(w http.ResponseWriter, _ *http.Request) {
			calls++
			w.WriteHeader(status)
			_, _ = io.WriteString(w, groupTags)
		})
		ask := func(wantCalls int, want string) {
			t.Helper()
			value, problem := l.Tag(t.Context(), subject(&autoscaling.Termination{GroupName: "web"}), "team")
			if value != want || (problem == "") != (want != "") || calls != wantCalls {
				t.Errorf("got %q, %q after %d calls; want %q after %d", value, problem, calls, want, wantCalls)
			}
		}
		ask(1, "")
		status = http.StatusOK
		ask(1, "")
		time.Sleep(fresh)
		ask(2, "checkout")
		time.Sleep(tagsFresh - time.Second)
		ask(2, "checkout")
		time.Sleep(time.Second)
		ask(3, "checkout")
		l.Unshared = true
		ask(4, "checkout")
	})
}

// TestTagsAreBounded shows that many tags are kept, and that they do not pile up.
func TestTagsAreBounded(t *testing.T) {
	var all tags
	for i := range 2*maxTags + 1 {
		q := tagQuestion{key: "team", thing: wire.Thing{Kind: wire.AutoScalingGroup, Name: fmt.Sprint(i)}}
		all.keep(q, knownTag{value: "checkout", asked: time.Now()})
		if _, ok := all.recent(q); !ok || len(all.known) != i%maxTags+1 {
			t.Fatalf("%d of %d tags are kept", len(all.known), i+1)
		}
	}
}

// TestThings checks the names that a team can own.
func TestThings(t *testing.T) {
	for name, tt := range map[string]struct {
		subject event.Subject
		want    string
	}{
		"termination":      {&autoscaling.Termination{GroupName: "web"}, "Auto Scaling group web"},
		"launch":           {&autoscaling.Launch{GroupName: "web"}, "Auto Scaling group web"},
		"refresh":          {&autoscaling.InstanceRefresh{GroupName: "web"}, "Auto Scaling group web"},
		"lifecycle":        {&autoscaling.Lifecycle{GroupName: "web"}, "Auto Scaling group web"},
		"instance":         {&ec2.InstanceStateChange{Instance: event.Found(ec2.Instance{Group: "web"})}, "Auto Scaling group web"},
		"unknown instance": {&ec2.InstanceStateChange{}, ""},
		"interruption":     {&ec2.Interruption{Instance: event.Found(ec2.Instance{Group: "web"})}, "Auto Scaling group web"},
		"deployment":       {&codedeploy.Deployment{Application: "cart"}, "CodeDeploy application cart"},
		"on an instance":   {&codedeploy.DeploymentInstance{Application: "cart"}, "CodeDeploy application cart"},
		"alarm":            {&cloudwatch.Alarm{Name: "slow"}, "CloudWatch alarm slow"},
		"task":             {&ecs.Task{Cluster: "main"}, "ECS cluster main"},
		"task of service":  {&ecs.Task{Cluster: "main", Service: "cart"}, "ECS service main/cart, ECS cluster main"},
		"ECS deployment":   {&ecs.Deployment{Cluster: "main", Service: "cart"}, "ECS service main/cart, ECS cluster main"},
		"hook":             {&ecs.Hook{Cluster: "main", Service: "cart"}, "ECS service main/cart, ECS cluster main"},
		"ECS service":      {&ecs.Service{Cluster: "main", Service: "cart"}, "ECS service main/cart, ECS cluster main"},
		"something else":   {nil, ""},
	} {
		var got []string
		for _, thing := range subject(tt.subject).Things() {
			got = append(got, string(thing.Kind)+" "+thing.Name)
		}
		if strings.Join(got, ", ") != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
