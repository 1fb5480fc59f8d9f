package metrics

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// The versions of APIs.
//
// https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_DescribeAutoScalingGroups.html
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DescribeTargetGroups.html
const (
	autoScalingVersion = "2011-01-01"
	ecsTarget          = "AmazonEC2ContainerServiceV20141113"
	elbVersion         = "2015-12-01"
)

// balancer is a target group with its load balancer, or a Classic Load Balancer.
type balancer struct {
	metricNames
	dimensions []dimension
}

// metricNames are how a sort of load balancer calls its metrics; "" where it has none.
type metricNames struct{ namespace, errors, time, requests, unhealthy string }

// The metrics of load balancers. What a Network Load Balancer passes on are no requests.
//
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/network/load-balancer-cloudwatch-metrics.html
// https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-cloudwatch-metrics.html
var (
	application = metricNames{"AWS/ApplicationELB", "HTTPCode_Target_5XX_Count", "TargetResponseTime", "RequestCount", "UnHealthyHostCount"}
	network     = metricNames{namespace: "AWS/NetworkELB", unhealthy: "UnHealthyHostCount"}
	classic     = metricNames{"AWS/ELB", "HTTPCode_Backend_5XX", "Latency", "RequestCount", "UnHealthyHostCount"}
)

// targetGroups finds what a service is registered with: the ARNs of target groups and the names
// of Classic Load Balancers.
func (r *reader) targetGroups(ctx context.Context, groups []string, tasks []wire.ClusterService) []string {
	found := r.ofGroups(ctx, groups)
	for cluster, names := range byCluster(tasks) {
		found = append(found, r.ofTasks(ctx, cluster, names)...)
	}
	slices.Sort(found)
	found = slices.DeleteFunc(slices.Compact(found), func(name string) bool { return name == "" })
	return found[:min(len(found), maxThings)]
}

func (r *reader) ofGroups(ctx context.Context, groups []string) (found []string) {
	if len(groups) == 0 {
		return nil
	}
	in := url.Values{}
	for i, group := range groups {
		in.Set(fmt.Sprintf("AutoScalingGroupNames.member.%d", i+1), group)
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeAutoScalingGroupsResponse"`
		Groups  []struct {
			TargetGroups []string `xml:"TargetGroupARNs>member"`
			Classic      []string `xml:"LoadBalancerNames>member"`
			Sources      []struct {
				ID   string `xml:"Identifier"`
				Type string `xml:"Type"`
			} `xml:"TrafficSources>member"`
		} `xml:"DescribeAutoScalingGroupsResult>AutoScalingGroups>member"`
	}
	call := awsapi.Call{Service: "autoscaling", Operation: "DescribeAutoScalingGroups"}
	if err := r.api.Query(ctx, call, autoScalingVersion, in, &answer); err != nil {
		r.failed(call, "Auto Scaling", err)
		return nil
	}
	for _, g := range answer.Groups {
		found = slices.Concat(found, g.TargetGroups, g.Classic)
		for _, s := range g.Sources {
			// "elb" is a Classic Load Balancer, "elbv2" a target group, and "vpc-lattice" has other metrics.
			if s.Type == "elb" || s.Type == "elbv2" {
				found = append(found, s.ID)
			}
		}
	}
	return found
}

func byCluster(tasks []wire.ClusterService) map[string][]string {
	clusters := map[string][]string{}
	for _, t := range tasks {
		clusters[t.Cluster] = append(clusters[t.Cluster], t.Name)
	}
	return clusters
}

// maxDescribed is how many services one call of DescribeServices may ask for.
//
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
const maxDescribed = 10

func (r *reader) ofTasks(ctx context.Context, cluster string, names []string) (found []string) {
	call := awsapi.Call{Service: "ecs", Operation: "DescribeServices"}
	for chunk := range slices.Chunk(names, maxDescribed) {
		in := map[string]any{"cluster": cluster, "services": chunk}
		var answer struct {
			Services []struct {
				LoadBalancers []struct {
					TargetGroup string `json:"targetGroupArn"`
					Classic     string `json:"loadBalancerName"`
					Advanced    struct {
						Alternate string `json:"alternateTargetGroupArn"`
					} `json:"advancedConfiguration"`
				} `json:"loadBalancers"`
			} `json:"services"`
		}
		if err := r.api.JSON(ctx, call, ecsTarget, in, &answer); err != nil {
			r.failed(call, "ECS", err)
			continue
		}
		for _, s := range answer.Services {
			for _, lb := range s.LoadBalancers {
				found = append(found, lb.TargetGroup, lb.Classic, lb.Advanced.Alternate)
			}
		}
	}
	return found
}

// balancers finds the load balancers of target groups. The dimensions of their metrics are the
// ends of ARNs.
func (r *reader) balancers(ctx context.Context, names []string) (all []balancer) {
	in := url.Values{}
	n := 0
	for _, name := range names {
		if !strings.HasPrefix(name, "arn:") {
			all = append(all, balancer{classic, []dimension{{"LoadBalancerName", name}}})
			continue
		}
		n++
		in.Set(fmt.Sprintf("TargetGroupArns.member.%d", n), name)
	}
	if n == 0 {
		return all
	}
	var answer struct {
		XMLName xml.Name `xml:"DescribeTargetGroupsResponse"`
		Groups  []struct {
			ARN           string   `xml:"TargetGroupArn"`
			LoadBalancers []string `xml:"LoadBalancerArns>member"`
		} `xml:"DescribeTargetGroupsResult>TargetGroups>member"`
	}
	call := awsapi.Call{Service: "elasticloadbalancing", Operation: "DescribeTargetGroups"}
	if err := r.api.Query(ctx, call, elbVersion, in, &answer); err != nil {
		r.failed(call, "Elastic Load Balancing", err)
		return all
	}
	for _, g := range answer.Groups {
		for _, lb := range g.LoadBalancers {
			if b, ok := balancerOf(g.ARN, lb); ok {
				all = append(all, b)
			}
		}
	}
	return all
}

// balancerOf reads "…:targetgroup/web/73e2d6bc24d8a067" and "…:loadbalancer/app/web/50dc6c495c0c9188".
func balancerOf(targetGroup, loadBalancer string) (b balancer, ok bool) {
	_, lb, isBalancer := strings.Cut(loadBalancer, ":loadbalancer/")
	_, group, isGroup := strings.Cut(targetGroup, ":targetgroup/")
	switch sort, _, _ := strings.Cut(lb, "/"); sort {
	case "app":
		b.metricNames = application
	case "net":
		b.metricNames = network
	default:
		return b, false
	}
	b.dimensions = []dimension{{"LoadBalancer", lb}, {"TargetGroup", "targetgroup/" + group}}
	return b, isBalancer && isGroup
}

// balanced is what load balancers measure: errors, response time, unhealthy hosts and requests.
func (r *reader) balanced(ctx context.Context, targetGroups []string) []measure {
	all := r.balancers(ctx, targetGroups)
	if len(all) == 0 {
		return nil
	}
	errors := measure{Series: Series{Label: "5xx", Unit: "% of requests", Share: true}, combine: percentage}
	took := measure{Series: Series{Label: "Response time", Unit: "ms"}, combine: perRequest, scale: 1000} // CloudWatch has seconds
	unhealthy := measure{Series: Series{Label: "Unhealthy", Unit: "hosts", Least: 1}, combine: sum}
	requests := measure{Series: Series{Label: "Requests", Unit: "per 5 minutes", Worse: NeitherIsWorse}, combine: sum}
	for _, b := range all {
		unhealthy.values = append(unhealthy.values, b.query(b.unhealthy, "Average"))
		if b.requests == "" {
			continue
		}
		count := b.query(b.requests, "Sum")
		requests.values = append(requests.values, count)
		errors.values, errors.of = append(errors.values, b.query(b.errors, "Sum")), append(errors.of, count)
		took.values, took.of = append(took.values, b.query(b.time, "Average")), append(took.of, count)
		took.high = append(took.high, b.query(b.time, "p99"))
	}
	if len(requests.values) == 0 {
		return []measure{unhealthy}
	}
	return []measure{errors, took, unhealthy, requests}
}

func (b balancer) query(name, statistic string) query {
	return query{namespace: b.namespace, name: name, statistic: statistic, dimensions: b.dimensions}
}
