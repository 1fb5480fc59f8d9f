//go:build ec2sdk

// This file is run in CI only, with -tags ec2sdk: compiling the SDK's EC2 client
// takes a minute and more than 3 GB of memory.

package evidence

import (
	"context"
	"encoding/xml"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

// TestInstancesAreTheSDKs reads one answer with the SDK's deserializer and with ours.
func TestInstancesAreTheSDKs(t *testing.T) {
	raw := described(instance, tag("Team", "a")+tag("Name", "web &amp; 1"))
	client := ec2.New(ec2.Options{
		Region:     "eu-west-1",
		HTTPClient: &http.Client{Transport: answerer(raw)},
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{AccessKeyID: "a", SecretAccessKey: "b"}, nil
		}),
	})
	out, err := client.DescribeInstances(context.Background(), &ec2.DescribeInstancesInput{InstanceIds: []string{instance}})
	if err != nil {
		t.Fatal(err)
	}
	want := out.Reservations[0].Instances[0]
	var got instances
	if err := xml.Unmarshal([]byte(raw), &got); err != nil || len(got.Instances) != 1 {
		t.Fatalf("read %+v, %v", got, err)
	}
	if got.Instances[0].ID != aws.ToString(want.InstanceId) || len(got.Instances[0].Tags) != len(want.Tags) {
		t.Errorf("read %+v, the SDK %+v", got.Instances[0], want)
	}
	for i, tag := range want.Tags {
		if g := got.Instances[0].Tags[i]; g.Key != aws.ToString(tag.Key) || g.Value != aws.ToString(tag.Value) {
			t.Errorf("tag %d is %+v, the SDK's %s=%s", i, g, aws.ToString(tag.Key), aws.ToString(tag.Value))
		}
	}
}
