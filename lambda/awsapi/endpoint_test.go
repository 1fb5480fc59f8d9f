package awsapi

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudtrail"
	"github.com/aws/aws-sdk-go-v2/service/codedeploy"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/sesv2"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/auth"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// TestEndpointsAreTheSDKs compares hosts in every partition.
func TestEndpointsAreTheSDKs(t *testing.T) {
	ctx := context.Background()
	for _, region := range []string{
		"us-east-1", "eu-west-1", "ap-southeast-7", "mx-central-1", "cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1",
		"us-iso-east-1", "us-isob-east-1", "us-isof-south-1", "eu-isoe-west-1", "eusc-de-east-1",
	} {
		ses, err := sesv2.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sesv2.EndpointParameters{Region: &region}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		deploy, err := codedeploy.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, codedeploy.EndpointParameters{Region: &region}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		tokens, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sts.EndpointParameters{Region: &region}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		topic, err := sns.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, sns.EndpointParameters{Region: &region}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		global, err := iam.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, iam.EndpointParameters{Region: &region}.WithDefaults())
		if err != nil {
			t.Fatal(err)
		}
		schemes, _ := auth.GetAuthOptions(&global.Properties)
		if want, _ := smithyhttp.GetSigV4SigningRegion(&schemes[0].SignerProperties); iamRegion(region) != want {
			t.Errorf("%s: IAM is signed for %s, the SDK signs for %s", region, iamRegion(region), want)
		}
		for want, call := range map[string]Call{
			global.URI.String(): {Service: "iam", Region: iamRegion(region)},
			ses.URI.String():    {Service: "ses", Host: "email", Region: region},
			deploy.URI.String(): {Service: "codedeploy", Region: region},
			topic.URI.String():  {Service: "sns", Region: region},
			tokens.URI.String(): {Service: "sts", Region: region},
		} {
			if got, err := endpoint(call); err != nil || got != want {
				t.Errorf("%s: got %s (%v), the SDK has %s", region, got, err, want)
			}
		}
	}
}

// TestEndpointVariables spells the variable of every service that is called as the
// SDK does.
func TestEndpointVariables(t *testing.T) {
	// The SDKs of these are not a dependency; their ids are in
	// https://docs.aws.amazon.com/sdkref/latest/guide/ss-endpoints-table.html
	const secretsManager, ssm = "Secrets Manager", "SSM"
	const balancing = "Elastic Load Balancing v2"
	const cloudFormation, cloudWatch, logs, eventBridge = "CloudFormation", "CloudWatch", "CloudWatch Logs", "EventBridge"
	for service, id := range map[string]string{
		"autoscaling": autoscaling.ServiceID, "cloudformation": cloudFormation, "cloudtrail": cloudtrail.ServiceID, "codedeploy": codedeploy.ServiceID,
		"ec2": ec2.ServiceID, "ecs": ecs.ServiceID, "elasticloadbalancing": balancing, "events": eventBridge, "iam": iam.ServiceID, "logs": logs, "monitoring": cloudWatch, "secretsmanager": secretsManager,
		"ses": sesv2.ServiceID, "sns": sns.ServiceID, "ssm": ssm, "sts": sts.ServiceID,
	} {
		t.Run(service, func(t *testing.T) {
			name := "AWS_ENDPOINT_URL_" + strings.ToUpper(strings.ReplaceAll(id, " ", "_"))
			t.Setenv(name, "http://127.0.0.1:4566")
			if got, err := endpoint(Call{Service: service, Region: "eu-west-1"}); got != "http://127.0.0.1:4566" {
				t.Errorf("%s is not obeyed: got %s, %v", name, got, err)
			}
		})
	}
}

func TestEndpointOverrides(t *testing.T) {
	call := Call{Service: "ses", Host: "email", Region: "eu-west-1"}
	tests := []struct {
		name string
		env  map[string]string
		want string
		bad  bool
	}{
		{name: "none", want: "https://email.eu-west-1.amazonaws.com"},
		{name: "all services", env: map[string]string{"AWS_ENDPOINT_URL": "http://127.0.0.1:4566/"}, want: "http://127.0.0.1:4566"},
		{name: "one service first", env: map[string]string{"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_SESV2": "http://b/p"}, want: "http://b/p"},
		{name: "another service", env: map[string]string{"AWS_ENDPOINT_URL_SNS": "http://b"}, want: "https://email.eu-west-1.amazonaws.com"},
		{name: "ignored", env: map[string]string{"AWS_ENDPOINT_URL": "http://a", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, want: "https://email.eu-west-1.amazonaws.com"},
		{name: "no scheme", env: map[string]string{"AWS_ENDPOINT_URL": "localhost:4566"}, bad: true},
		{name: "no URL", env: map[string]string{"AWS_ENDPOINT_URL": "http://%zz"}, bad: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for name, value := range tt.env {
				t.Setenv(name, value)
			}
			got, err := endpoint(call)
			if got != tt.want || (err != nil) != tt.bad {
				t.Errorf("got %q, %v; want %q", got, err, tt.want)
			}
		})
	}
}

func TestValidRegion(t *testing.T) {
	for _, r := range []string{"eu-west-1", "us-gov-west-1", "us-isob-east-1", "eusc-de-east-1", "ap-southeast-12"} {
		if !ValidRegion(r) {
			t.Errorf("%q is a region", r)
		}
	}
	for _, r := range []string{
		"", "-", "us-east", "aws-global", "eu-west-1.evil.example", "eu-west-1/", "eu-west-1@x", "EU-WEST-1", "-a-1", "a--", "eu-west-1\n",
		"eu-west-１", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-b-1",
	} {
		if ValidRegion(r) {
			t.Errorf("%q is not a region", r)
		}
	}
	if _, err := endpoint(Call{Service: "sns"}); err == nil {
		t.Error("a call without a region has an endpoint")
	}
}

// TestPlaced shows that a connection to IAM is opened where IAM is called.
func TestPlaced(t *testing.T) {
	c := New(nil, "cn-northwest-1")
	for call, want := range map[Call]string{
		{Service: "iam"}: "iam.cn-north-1.amazonaws.com.cn",
		{Service: "iam", Region: "us-gov-east-1"}:            "iam.us-gov.amazonaws.com",
		{Service: "autoscaling", Region: "evil.com/"}:        "autoscaling.cn-northwest-1.amazonaws.com.cn",
		{Service: "ses", Host: "email", Region: "eu-west-1"}: "email.eu-west-1.amazonaws.com",
	} {
		if got := c.placed(call).hostName(); got != want {
			t.Errorf("%v goes to %s, want %s", call, got, want)
		}
	}
}
