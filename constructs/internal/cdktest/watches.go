package cdktest

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsevents"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/wire"
)

// WatchCase is one kind of watch, as tests need it.
type WatchCase struct {
	// Minimal has the names and nothing else.
	Minimal func(n WatchNames) watch.Watch
	// Widest has the names, and takes every event that the watch can take of them.
	Widest func(n WatchNames) watch.Watch
	// Full has every prop.
	Full func(n WatchNames) watch.Watch
	// Pattern is the event pattern of Minimal, and Wire what the notifier gets of it, with
	// the names of [A].
	Pattern, Wire string
}

// WatchNames are names to watch.
type WatchNames struct{ Groups, Applications, Clusters, Instances, Alarms []string }

// A is one name of each kind.
var A = WatchNames{[]string{"a"}, []string{"a"}, []string{"a"}, []string{"i-0123456789abcdef0"}, []string{"a"}}

// two are two names of each kind.
var two = WatchNames{[]string{"web", "worker"}, []string{"web", "worker"}, []string{"main", "batch"}, []string{"i-0123456789abcdef0"}, []string{"web-cpu"}}

// watchCases are all kinds of watch, by their names in the contract.
var watchCases = map[string]WatchCase{
	"terminations": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Terminations{AutoScalingGroupNames: n.Groups} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.Terminations{AutoScalingGroupNames: n.Groups, Causes: watch.AllCauses()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.Terminations{AutoScalingGroupNames: n.Groups, Causes: watch.AllCauses(), Who: true}
		},
		Pattern: `{"detail":{"AutoScalingGroupName":["a"]},"detail-type":["EC2 Instance Terminate Successful","EC2 Instance Terminate Unsuccessful"],"source":["aws.autoscaling","extraeye.drill"]}`,
		Wire:    `{"terminations":{}}`,
	},
	"launches": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Launches{AutoScalingGroupNames: n.Groups} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.Launches{AutoScalingGroupNames: n.Groups, Successful: true}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.Launches{AutoScalingGroupNames: n.Groups, Successful: true}
		},
		Pattern: `{"detail":{"AutoScalingGroupName":["a"]},"detail-type":["EC2 Instance Launch Unsuccessful"],"source":["aws.autoscaling","extraeye.drill"]}`,
		Wire:    `{"launches":{}}`,
	},
	"instanceRefreshes": {
		Minimal: func(n WatchNames) watch.Watch { return watch.InstanceRefreshes{AutoScalingGroupNames: n.Groups} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.InstanceRefreshes{AutoScalingGroupNames: n.Groups, States: watch.AllRefreshStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.InstanceRefreshes{AutoScalingGroupNames: n.Groups, States: watch.AllRefreshStates()}
		},
		Pattern: `{"detail":{"AutoScalingGroupName":["a"]},"detail-type":[` +
			`"EC2 Auto Scaling Instance Refresh Succeeded","EC2 Auto Scaling Instance Refresh Failed","EC2 Auto Scaling Instance Refresh Cancelled",` + //nolint:misspell // as AWS spells it
			`"EC2 Auto Scaling Instance Refresh Rollback Started","EC2 Auto Scaling Instance Refresh Rollback Succeeded","EC2 Auto Scaling Instance Refresh Rollback Failed"` +
			`],"source":["aws.autoscaling","extraeye.drill"]}`,
		Wire: `{"instanceRefreshes":{}}`,
	},
	"lifecycle": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Lifecycle{AutoScalingGroupNames: n.Groups} },
		Widest:  func(n WatchNames) watch.Watch { return watch.Lifecycle{AutoScalingGroupNames: n.Groups} },
		Full: func(n WatchNames) watch.Watch {
			return watch.Lifecycle{AutoScalingGroupNames: n.Groups, After: 90 * time.Second}
		},
		Pattern: `{"detail":{"AutoScalingGroupName":["a"]},"detail-type":["EC2 Instance-launch Lifecycle Action","EC2 Instance-terminate Lifecycle Action"],"source":["aws.autoscaling","extraeye.drill"]}`,
		Wire:    `{"lifecycle":{"afterSeconds":600}}`,
	},
	"instances": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Instances{InstanceIDs: n.Instances} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.Instances{InstanceIDs: n.Instances, States: watch.AllInstanceStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.Instances{InstanceIDs: n.Instances, States: watch.AllInstanceStates()}
		},
		Pattern: `{"detail":{"instance-id":["i-0123456789abcdef0"],"state":["stopped","terminated"]},"detail-type":["EC2 Instance State-change Notification"],"source":["aws.ec2","extraeye.drill"]}`,
		Wire:    `{"instances":{}}`,
	},
	"spotInterruptions": {
		Minimal: func(WatchNames) watch.Watch { return watch.SpotInterruptions{} },
		Widest:  func(WatchNames) watch.Watch { return watch.SpotInterruptions{Recommendations: true} },
		Full: func(n WatchNames) watch.Watch {
			return watch.SpotInterruptions{AutoScalingGroupNames: n.Groups, Recommendations: true}
		},
		Pattern: `{"detail-type":["EC2 Spot Instance Interruption Warning","EC2 Capacity Reservation Instance Interruption Warning",` +
			`"Capacity Block Expiration Warning","Capacity Block Reservation Expiration Warning"],"source":["aws.ec2","extraeye.drill"]}`,
		Wire: `{"spotInterruptions":{}}`,
	},
	"deployments": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Deployments{CodeDeployApplications: n.Applications} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.Deployments{CodeDeployApplications: n.Applications, States: watch.AllDeploymentStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.Deployments{
				CodeDeployApplications: n.Applications, DeploymentGroups: []string{"production"},
				States: watch.AllDeploymentStates(), Creators: watch.AllCreators(), Changes: true, Who: true,
				Verdict: 30 * time.Minute, VerdictAlways: true,
			}
		},
		Pattern: `{"detail":{"application":["a"],"state":["SUCCESS","FAILURE","STOP"]},"detail-type":["CodeDeploy Deployment State-change Notification"],"source":["aws.codedeploy","extraeye.drill"]}`,
		Wire:    `{"deployments":{}}`,
	},
	"deploymentInstances": {
		Minimal: func(n WatchNames) watch.Watch {
			return watch.DeploymentInstances{CodeDeployApplications: n.Applications}
		},
		Widest: func(n WatchNames) watch.Watch {
			return watch.DeploymentInstances{CodeDeployApplications: n.Applications, States: watch.AllDeploymentStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.DeploymentInstances{CodeDeployApplications: n.Applications, DeploymentGroups: []string{"production"}, States: watch.AllDeploymentStates()}
		},
		Pattern: `{"detail":{"application":["a"],"state":["FAILURE"]},"detail-type":["CodeDeploy Instance State-change Notification"],"source":["aws.codedeploy","extraeye.drill"]}`,
		Wire:    `{"deploymentInstances":{}}`,
	},
	"ecsTasks": {
		Minimal: func(n WatchNames) watch.Watch { return watch.ECSTasks{ClusterNames: n.Clusters} },
		Widest:  func(n WatchNames) watch.Watch { return watch.ECSTasks{ClusterNames: n.Clusters} },
		Full: func(n WatchNames) watch.Watch {
			return watch.ECSTasks{ClusterNames: n.Clusters, ServiceNames: []string{"web"}, Reasons: watch.AllStopReasons()}
		},
		Pattern: `{"detail":{"clusterArn":["` + ecsARN + `cluster/a"],"lastStatus":["STOPPED"]},"detail-type":["ECS Task State Change"],"source":["aws.ecs","extraeye.drill"]}`,
		Wire:    `{"ecsTasks":{}}`,
	},
	"ecsDeployments": {
		Minimal: func(n WatchNames) watch.Watch { return watch.ECSDeployments{ClusterNames: n.Clusters} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.ECSDeployments{ClusterNames: n.Clusters, States: watch.AllECSDeploymentStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.ECSDeployments{
				ClusterNames: n.Clusters, ServiceNames: []string{"web", "worker"}, States: watch.AllECSDeploymentStates(),
				Verdict: 30 * time.Minute, VerdictAlways: true,
			}
		},
		Pattern: `{"detail-type":["ECS Deployment State Change","ECS Hook State Change"],` +
			`"resources":[{"prefix":"` + ecsARN + `service/a/"},{"prefix":"` + ecsARN + `service-deployment/a/"}],"source":["aws.ecs","extraeye.drill"]}`,
		Wire: `{"ecsDeployments":{}}`,
	},
	"ecsServices": {
		Minimal: func(n WatchNames) watch.Watch { return watch.ECSServices{ClusterNames: n.Clusters} },
		Widest:  func(n WatchNames) watch.Watch { return watch.ECSServices{ClusterNames: n.Clusters, SteadyStates: true} },
		Full: func(n WatchNames) watch.Watch {
			return watch.ECSServices{ClusterNames: n.Clusters, ServiceNames: []string{"web", "worker"}, SteadyStates: true}
		},
		Pattern: `{"detail":{"clusterArn":["` + ecsARN + `cluster/a"]},"detail-type":["ECS Service Action"],"source":["aws.ecs","extraeye.drill"]}`,
		Wire:    `{"ecsServices":{}}`,
	},
	"alarms": {
		Minimal: func(n WatchNames) watch.Watch { return watch.Alarms{AlarmNames: n.Alarms} },
		Widest: func(n WatchNames) watch.Watch {
			return watch.Alarms{AlarmNames: n.Alarms, States: watch.AllAlarmStates()}
		},
		Full: func(n WatchNames) watch.Watch {
			return watch.Alarms{
				AlarmNames: n.Alarms, AlarmNamePrefixes: []string{"db-", "queue-"}, States: watch.AllAlarmStates(),
				AlarmTags: map[string][]string{"team": {"checkout", "search"}, "app.example.com/name": {"shop"}},
			}
		},
		Pattern: `{"detail":{"alarmName":["a"],"state":{"value":["ALARM","OK"]}},"detail-type":["CloudWatch Alarm State Change","CloudWatch Alarm Contributor State Change"],"source":["aws.cloudwatch","extraeye.drill"]}`,
		Wire:    `{"alarms":{"recoveriesOnly":true}}`,
	},
	"health": {
		Minimal: func(WatchNames) watch.Watch { return watch.Health{} },
		Widest:  func(WatchNames) watch.Watch { return watch.Health{Categories: watch.AllHealthCategories()} },
		Full: func(WatchNames) watch.Watch {
			return watch.Health{Services: []string{"EC2", "ABUSE"}, Categories: watch.AllHealthCategories()}
		},
		Pattern: `{"detail":{"eventTypeCategory":["issue","investigation","scheduledChange"]},"detail-type":["AWS Health Event","AWS Health Abuse Event"],"source":["aws.health","extraeye.drill"]}`,
		Wire:    `{"health":{}}`,
	},
	"pattern": {
		Minimal: func(WatchNames) watch.Watch {
			return watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("some.service")}, Title: "Something happened"}
		},
		Widest: func(WatchNames) watch.Watch {
			return watch.Pattern{Pattern: &awsevents.EventPattern{Source: jsii.Strings("some.service")}, Title: "Something happened"}
		},
		Full:    func(WatchNames) watch.Watch { return fullPattern() },
		Pattern: `{"source":["some.service"]}`,
		Wire:    `{"pattern":{"title":"Something happened","severity":"info"}}`,
	},
}

const ecsARN = "arn:${AWS::Partition}:ecs:${AWS::Region}:${AWS::AccountId}:"

func fullPattern() watch.Pattern {
	return watch.Pattern{
		Pattern: &awsevents.EventPattern{
			Source: jsii.Strings("aws.codebuild"), DetailType: jsii.Strings("CodeBuild Build State Change"),
			Account: jsii.Strings("123456789012"), Region: jsii.Strings("eu-west-1"), Version: jsii.Strings("0"),
			Id: awsevents.Match_Exists(), Time: awsevents.Match_Prefix(jsii.String("2026-")), Resources: awsevents.Match_Suffix(jsii.String("/web")),
			Detail: &map[string]any{
				"build-status": awsevents.Match_AnyOf(awsevents.Match_ExactString(jsii.String("FAILED")), awsevents.Match_Prefix(jsii.String("STOP"))),
				"additional-information": map[string]any{
					"initiator": awsevents.Match_AnythingBut("nobody"), "cache": []any{"a", 1, true},
				},
			},
		},
		Title: "Build of {$.detail.project-name} failed", Severity: watch.SeverityWarning,
		Facts: []watch.Fact{{Label: "Build", Path: "$.detail.build-id"}, {Label: "Project", Path: "$.resources[0]"}},
	}
}

// EachWatch calls a function for every kind of watch, in the order of the contract. It
// fails the test for a kind that has no case here.
func EachWatch(t *testing.T, do func(kind string, c WatchCase)) {
	t.Helper()
	for _, f := range reflect.VisibleFields(reflect.TypeFor[wire.Watch]()) {
		if f.Type.Kind() != reflect.Pointer {
			continue
		}
		kind, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		c, ok := watchCases[kind]
		if !ok {
			t.Errorf("the watch %s has no case in constructs/internal/cdktest/watches.go", kind)
			continue
		}
		do(kind, c)
	}
}

// FullWatches are one of every watch, with every prop.
func FullWatches(t *testing.T) []watch.Watch {
	t.Helper()
	var all []watch.Watch
	EachWatch(t, func(_ string, c WatchCase) { all = append(all, c.Full(two)) })
	return all
}

// MinimalWatches are one of every watch, with no more than it needs.
func MinimalWatches(t *testing.T) []watch.Watch {
	t.Helper()
	var all []watch.Watch
	EachWatch(t, func(_ string, c WatchCase) { all = append(all, c.Minimal(A)) })
	return all
}
