//go:build ec2sdk

// This file is run in CI only, with -tags ec2sdk: compiling the SDK's EC2 client
// takes a minute and more than 3 GB of memory.

package awsapi

import (
	"context"
	"net/url"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
)

func TestDescribeInstancesIsTheSDKs(t *testing.T) {
	ctx := context.Background()
	compare(t, `<DescribeInstancesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><reservationSet/></DescribeInstancesResponse>`,
		func(cfg aws.Config) error {
			_, err := ec2.NewFromConfig(cfg).DescribeInstances(ctx, &ec2.DescribeInstancesInput{InstanceIds: []string{"i-0123456789abcdef0"}})
			return err
		},
		func(c *Client) error {
			return c.Query(ctx, Call{Service: "ec2", Operation: "DescribeInstances"}, "2016-11-15",
				url.Values{"InstanceId.1": {"i-0123456789abcdef0"}}, nil)
		})
}
