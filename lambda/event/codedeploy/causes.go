package codedeploy

import (
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
)

// errorCauses say in a few words what CodeDeploy's codes of a deployment's error mean. Alarms are
// named.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
// https://docs.aws.amazon.com/codedeploy/latest/userguide/error-codes.html
var errorCauses = map[string]string{
	"AGENT_ISSUE":                                 "CodeDeploy agent",
	"ALARM_ACTIVE":                                "an alarm",
	"APPLICATION_MISSING":                         "application deleted",
	"AUTOSCALING_VALIDATION_ERROR":                "Auto Scaling configuration",
	"AUTO_SCALING_CONFIGURATION":                  "Auto Scaling configuration",
	"AUTO_SCALING_IAM_ROLE_PERMISSIONS":           "no permission for Auto Scaling",
	"CLOUDFORMATION_STACK_FAILURE":                "CloudFormation stack failed",
	"CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND":         "a resource of CodeDeploy was not found",
	"CUSTOMER_APPLICATION_UNHEALTHY":              "application unhealthy",
	"DEPLOYMENT_GROUP_MISSING":                    "deployment group deleted",
	"ECS_UPDATE_ERROR":                            "ECS service could not be updated",
	"ELASTIC_LOAD_BALANCING_INVALID":              "load balancer configuration",
	"ELB_INVALID_INSTANCE":                        "instance cannot be registered with the load balancer",
	"HEALTH_CONSTRAINTS":                          "too few healthy targets",
	"HEALTH_CONSTRAINTS_INVALID":                  "too few healthy targets",
	"HOOK_EXECUTION_FAILURE":                      "a hook failed",
	"IAM_ROLE_MISSING":                            "service role not found",
	"IAM_ROLE_PERMISSIONS":                        "service role lacks permissions",
	"INTERNAL_ERROR":                              "internal error of CodeDeploy",
	"INVALID_ECS_SERVICE":                         "invalid ECS service",
	"INVALID_LAMBDA_CONFIGURATION":                "invalid Lambda configuration",
	"INVALID_LAMBDA_FUNCTION":                     "invalid Lambda function",
	"INVALID_REVISION":                            "invalid revision",
	"MANUAL_STOP":                                 "by hand",
	"MISSING_BLUE_GREEN_DEPLOYMENT_CONFIGURATION": "no blue/green configuration",
	"MISSING_ELB_INFORMATION":                     "no load balancer",
	"MISSING_GITHUB_TOKEN":                        "no access to GitHub",
	"NO_EC2_SUBSCRIPTION":                         "no subscription to EC2",
	"NO_INSTANCES":                                "no instances",
	"OVER_MAX_INSTANCES":                          "too many instances",
	"RESOURCE_LIMIT_EXCEEDED":                     "resource limit exceeded",
	"REVISION_MISSING":                            "revision not found",
	"THROTTLED":                                   "throttled",
	"TIMEOUT":                                     "timed out",
}

// alarmNames are the alarms that a message names: "… Activated alarms: <web-5xx> <web-latency>".
var alarmNames = event.Regexp{Text: `<([^<>]+)>`}

// alarms are the alarms that stopped the deployment, as far as CodeDeploy names them.
func (d DeploymentInfo) alarms() []string {
	_, named, found := strings.Cut(d.ErrorMessage, "alarms:")
	if !found || d.ErrorCode != alarmActive {
		return nil
	}
	var all []string
	for _, m := range alarmNames.All(named) {
		all = append(all, m[1])
	}
	return all
}

// cause says in a few words why the deployment failed or was stopped, "" if that is not known.
func (d DeploymentInfo) cause() string {
	switch alarms := d.alarms(); len(alarms) {
	case 0:
		return errorCauses[d.ErrorCode]
	case 1:
		return "alarm " + alarms[0]
	default:
		return "alarms " + event.And(alarms)
	}
}

// messageCauses say in a few words what messages about a lifecycle event mean, by a phrase in
// lower case.
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/troubleshooting-deployments.html
// https://github.com/aws/aws-codedeploy-agent
var messageCauses = []struct{ phrase, cause string }{
	{"agent was not able to receive the lifecycle event", "CodeDeploy agent unreachable"},
	{"after an agent restart", "CodeDeploy agent restarted"},
	{"script does not exist at specified location", "script missing"},
	{"specified file already exists", "file exists already"},
	{"did not find an appspec file", "no AppSpec file"},
	{"specified key does not exist", "revision not found in S3"},
	{"access denied", "access denied"},
	{"no space left on device", "disk full"},
	{"cannot allocate memory", "out of memory"},
	{"did not return a status in time", "no answer in time"},
	{"timed out", "timed out"},
}

// lifecycleCauses say in a few words what the codes of a lifecycle event's error mean.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html
var lifecycleCauses = map[string]string{
	"ScriptMissing":       "script missing",
	"ScriptNotExecutable": "script not executable",
	"ScriptTimedOut":      "script timed out",
}

// exitCode is how the agent says that a script failed: "… failed with exit code 127".
var exitCode = event.Regexp{Text: `exit code (\d+)`}

// cause says in a few words why the lifecycle event failed, "" if that is not known.
func (l LifecycleEvent) cause() string {
	if m := exitCode.Groups(l.Message); m != nil && l.ErrorCode == "ScriptFailed" {
		return event.Joined(", ", "exit code "+m[1], event.ExitCode(m[1]))
	}
	if text := lifecycleCauses[l.ErrorCode]; text != "" {
		return text
	}
	message := strings.ToLower(l.Message)
	for _, c := range messageCauses {
		if strings.Contains(message, c.phrase) {
			return c.cause
		}
	}
	return ""
}

// why says why the lifecycle event failed, for the summary: the exit code of its script, or
// what AWS says.
func (l LifecycleEvent) why() string {
	if l.ErrorCode == "ScriptFailed" && l.cause() != "" {
		return l.cause()
	}
	return event.Quoted(l.Message)
}
