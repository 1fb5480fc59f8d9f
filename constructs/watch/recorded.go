package watch

import (
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/wire"
)

// What AWS keeps records of, of what is watched, for a timeline and for a verdict.

// scalingActivities lets the notifier read what an Auto Scaling group did.
func scalingActivities() binding.Grant {
	return unscoped("autoscaling:DescribeScalingActivities", "which finds how often instances of a group died", "list_amazonec2autoscaling")
}

// readAlarms lets the notifier read when alarms went off. CloudWatch leaves composite alarms out of the
// answers to everyone whose permission is for less than *:
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html
func readAlarms() binding.Grant {
	return binding.Grant{
		Actions:   []string{"cloudwatch:DescribeAlarmHistory", "cloudwatch:DescribeAlarms"},
		Resources: []string{"*"},
		Broad: "cloudwatch:DescribeAlarmHistory and cloudwatch:DescribeAlarms, which find the alarms that went off, leave out composite alarms with less: " +
			"https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html",
	}
}

// readMetrics lets the notifier find the metrics of what is watched, and read them.
func readMetrics() []binding.Grant {
	return []binding.Grant{
		unscoped("cloudwatch:GetMetricData", "which reads metrics", "list_amazoncloudwatch"),
		unscoped("elasticloadbalancing:DescribeTargetGroups", "which finds the load balancers of what is watched", "list_awselasticloadbalancingv2"),
	}
}

// recordedGroups are records of Auto Scaling groups.
func recordedGroups(scope constructs.Construct, groups []string) binding.Recorded {
	grants := append([]binding.Grant{
		describeGroups(),
		scalingActivities(),
		unscoped("autoscaling:DescribeInstanceRefreshes", "which finds why a refresh ended", "list_amazonec2autoscaling"),
		getConsoleOutput(scope),
	}, readMetrics()...)
	return binding.Recorded{Scope: wire.Scope{Groups: groups}, Grants: grants}
}

// recorded are records of the deployments of applications.
func (n codeDeployNames) recorded() binding.Recorded {
	r := binding.Recorded{Grants: []binding.Grant{
		n.ofApplications("codedeploy:ListDeploymentGroups"),
		n.grant("codedeploy:GetDeployment"),
		n.grant("codedeploy:ListDeployments", "codedeploy:BatchGetDeployments"),
		unscoped("codedeploy:ListDeploymentTargets", "which finds where a deployment failed", "list_awscodedeploy"),
		unscoped("codedeploy:BatchGetDeploymentTargets", "which finds the script that failed", "list_awscodedeploy"),
	}}
	groups := n.groups
	if len(groups) == 0 {
		groups = []string{""}
	}
	for _, a := range n.applications {
		for _, g := range groups {
			r.Scope.Applications = append(r.Scope.Applications, wire.Application{Name: a, Group: g})
		}
	}
	return r
}

// recorded are records of services of ECS.
func (n ecsNames) recorded() binding.Recorded {
	r := binding.Recorded{Grants: append(n.readTasks(),
		n.lookup(), n.listDeployments(), n.describeDeployments(),
		unscoped("ecs:ListServices", "which finds the services of a cluster", "list_amazonelasticcontainerservice"),
	)}
	r.Grants = append(r.Grants, readMetrics()...)
	services := n.services
	if len(services) == 0 {
		services = []string{"*"}
	}
	for _, c := range n.clusters {
		for _, s := range services {
			r.Scope.ECSServices = append(r.Scope.ECSServices, wire.ClusterService{Cluster: n.clusterName(c), Name: s})
		}
	}
	return r
}

// readTasks lets the notifier find what was deployed, and the tasks that died.
func (n ecsNames) readTasks() []binding.Grant {
	revisions := n.grant("ecs:DescribeServiceRevisions", "service-revision", "/*")
	revisions.Broad = "ecs:DescribeServiceRevisions is granted for the revisions of the watched services, whose ids are made by ECS"
	tasks := binding.Grant{
		Actions: []string{"ecs:DescribeTasks"},
		Wide:    n.arn + "task/*",
		Broad:   "ecs:DescribeTasks is granted for the tasks of the watched clusters, whose ids are made by ECS",
	}
	for _, c := range n.clusters {
		tasks.Resources = append(tasks.Resources, n.within("task", c, "*"))
	}
	return []binding.Grant{revisions, tasks, unscoped("ecs:ListTasks", "which finds the tasks that stopped", "list_amazonelasticcontainerservice")}
}

// clusterName is the name of a cluster that is given by its name or its ARN.
func (n ecsNames) clusterName(cluster string) string {
	if !n.isARN(cluster) {
		return cluster
	}
	if binding.IsToken(cluster) {
		return *(*awscdk.Fn_Split(jsii.String(":cluster/"), jsii.String(cluster), jsii.Number(2)))[1]
	}
	_, name, _ := strings.Cut(cluster, ":cluster/")
	return name
}

// recordedAlarms are records of alarms, whose names begin with a prefix or are whole.
func recordedAlarms(names []binding.Value) binding.Recorded {
	r := binding.Recorded{Grants: []binding.Grant{readAlarms()}}
	for _, v := range names {
		if v.Prefix {
			v.Text += "*"
		}
		r.Scope.Alarms = append(r.Scope.Alarms, v.Text)
	}
	return r
}
