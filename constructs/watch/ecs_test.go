package watch_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsec2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsecs"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/cdktest"
	"github.com/extraeye/extraeye/constructs/watch"
)

// TestNamesOfClusters checks what is matched for a cluster and a service, however
// they are named.
func TestNamesOfClusters(t *testing.T) {
	const here = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:"
	const there = "arn:aws:ecs:eu-west-1:210987654321:"
	// How an ARN that is known only at deployment is taken apart and put together.
	const cut = "${ClusterEB0386A7.Arn}:service/${part 1 of ${ClusterEB0386A7.Arn}}"
	for name, tt := range map[string]struct {
		names                      func(awscdk.Stack) (cluster, service string)
		cluster, service, services string
	}{
		"names": {func(awscdk.Stack) (string, string) { return "main", "web" },
			here + "cluster/main", here + "service/main/web", here + "service/main/"},
		"ARN": {func(awscdk.Stack) (string, string) { return there + "cluster/main", "web" },
			there + "cluster/main", there + "service/main/web", there + "service/main/"},
		"names that are known at deployment": {func(s awscdk.Stack) (string, string) {
			return *awscdk.NewCfnParameter(s, jsii.String("C"), nil).ValueAsString(), *awscdk.NewCfnParameter(s, jsii.String("S"), nil).ValueAsString()
		}, here + "cluster/${C}", here + "service/${C}/${S}", here + "service/${C}/"},
		"cluster's name": {func(s awscdk.Stack) (string, string) { return *newCluster(s).ClusterName(), "web" },
			here + "cluster/${ClusterEB0386A7}", here + "service/${ClusterEB0386A7}/web", here + "service/${ClusterEB0386A7}/"},
		"cluster's ARN": {func(s awscdk.Stack) (string, string) { return *newCluster(s).ClusterArn(), "web" },
			"${ClusterEB0386A7.Arn}", cut + "/web", cut + "/"},
		"imported cluster's ARN": {func(s awscdk.Stack) (string, string) {
			return *awsecs.Cluster_FromClusterAttributes(s, jsii.String("Cluster"), &awsecs.ClusterAttributes{ClusterName: jsii.String("main"), Vpc: vpc(s)}).ClusterArn(), "web"
		}, here + "cluster/main", here + "service/main/web", here + "service/main/"},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			cluster, service := tt.names(stack)
			clusters, services := []string{cluster}, []string{service}
			eye := cdktest.Watch(stack,
				watch.ECSTasks{ClusterNames: clusters},
				watch.ECSDeployments{ClusterNames: clusters, ServiceNames: services},
				watch.ECSDeployments{ClusterNames: clusters},
				watch.ECSServices{ClusterNames: clusters, ServiceNames: services},
				watch.ECSServices{ClusterNames: clusters},
			)
			cdktest.Correct(t, stack)
			prefix := func(text string) string { return `{"prefix":"` + text + `"}` }
			deployments := func(text string) string { return prefix(strings.Replace(text, "service/", "service-deployment/", 1)) }
			var got []string
			for _, rule := range cdktest.Rules(t, stack, eye) {
				var pattern struct {
					Resources []json.RawMessage
					Detail    struct{ ClusterArn []string }
				}
				if err := json.Unmarshal([]byte(cdktest.FlatJSON(t, rule.Properties["EventPattern"])), &pattern); err != nil {
					t.Fatal(err)
				}
				for _, r := range pattern.Resources {
					got = append(got, string(r))
				}
				got = append(got, pattern.Detail.ClusterArn...)
			}
			want := []string{
				tt.cluster, `"` + tt.service + `"`, deployments(tt.service + "/"), prefix(tt.services), deployments(tt.services),
				`"` + tt.service + `"`, tt.cluster,
			}
			if !slices.Equal(got, want) {
				t.Errorf("the rules match\n%q\nwant\n%q", got, want)
			}
		})
	}
}

func vpc(s awscdk.Stack) awsec2.IVpc {
	return awsec2.Vpc_FromVpcAttributes(s, jsii.String("VPC"), &awsec2.VpcAttributes{VpcId: jsii.String("vpc-1"), AvailabilityZones: jsii.Strings("eu-west-1a")})
}

func newCluster(s awscdk.Stack) awsecs.Cluster {
	return awsecs.NewCluster(s, jsii.String("Cluster"), &awsecs.ClusterProps{Vpc: vpc(s)})
}

// longestARN gives the ARNs in a text the longest partition and region that there are.
func longestARN(text string) string {
	return strings.NewReplacer("${AWS::Partition}", "aws-us-gov", "${AWS::Region}", "ap-southeast-1", "${AWS::AccountId}", "123456789012").Replace(text)
}

// TestPackClusters checks that clusters and services are packed with the length
// that their ARNs can have, each once.
func TestPackClusters(t *testing.T) {
	clusters, services := cdktest.Names(300, "some-cluster-%03d"), cdktest.Names(3, "some-service-%d")
	for name, tt := range map[string]struct {
		watch watch.Watch
		want  int // values
		rules int // the fewest possible
	}{
		"tasks":       {watch.ECSTasks{ClusterNames: clusters}, 300, 17},
		"services":    {watch.ECSServices{ClusterNames: clusters[:50], ServiceNames: services}, 150, 9},
		"deployments": {watch.ECSDeployments{ClusterNames: clusters[:50], ServiceNames: services}, 300, 20},
		"prefixes":    {watch.ECSDeployments{ClusterNames: clusters}, 600, 34},
	} {
		t.Run(name, func(t *testing.T) {
			stack := cdktest.Stack(t)
			eye := cdktest.Watch(stack, tt.watch)
			var values []string
			all := cdktest.Rules(t, stack, eye)
			for _, rule := range all {
				p := cdktest.FlatJSON(t, rule.Properties["EventPattern"])
				worst := longestARN(p)
				if n := utf8.RuneCountInString(worst); n > 2048 {
					t.Errorf("a pattern can have %d characters, and EventBridge allows 2048", n)
				}
				var pattern struct {
					Resources []any
					Detail    struct{ ClusterArn []any }
				}
				if err := json.Unmarshal([]byte(p), &pattern); err != nil {
					t.Fatal(err)
				}
				for _, v := range append(pattern.Resources, pattern.Detail.ClusterArn...) {
					values = append(values, fmt.Sprintf("%t %v", strings.Contains(fmt.Sprint(v), ":service-deployment/"), v))
				}
			}
			slices.Sort(values)
			if len(values) != tt.want || len(slices.Compact(values)) != tt.want {
				t.Errorf("%d values are matched, want %d, each once", len(values), tt.want)
			}
			if len(all) > tt.rules*13/10 {
				t.Errorf("%d rules, and %d would do", len(all), tt.rules)
			}
		})
	}
}
