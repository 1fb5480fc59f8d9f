package codedeploy

import (
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Where the wordings come from.
const (
	guide = "https://docs.aws.amazon.com/codedeploy/latest/userguide/"
	agent = "https://github.com/aws/aws-codedeploy-agent/"
)

// TestFailureWordings has CodeDeploy's wordings of why deployments fail or are stopped, at a
// lifecycle event or as a whole, and what the title and the summary say about them.
func TestFailureWordings(t *testing.T) {
	const (
		overall = "The overall deployment failed because too many individual instances failed deployment, too few healthy instances are available for deployment, or some instances in your deployment group are experiencing problems."
		alarmed = "One or more alarms have been activated according to the Amazon CloudWatch metrics you selected, and the affected deployments have been stopped. Activated alarms: "
		appSpec = `{"version":0.0,"Resources":[{"f":{"Type":"AWS::Lambda::Function","Properties":{"Name":"orders-api","TargetVersion":"5"}}}],"Hooks":[{"BeforeAllowTraffic":"check-orders"}]}`
	)
	failed, stopped := wire.DeploymentFailed, wire.DeploymentStopped
	tests := []struct {
		source string
		state  wire.DeploymentState
		info   DeploymentInfo
		step   LifecycleEvent
		title  string // after "Deployment ", up to the name
		says   string // the summary, after the group
	}{
		// Steps without a script.
		{agent + "issues/402", failed, DeploymentInfo{ErrorCode: "HEALTH_CONSTRAINTS", ErrorMessage: overall},
			LifecycleEvent{Name: "Install", ErrorCode: "UnknownError", Message: "Failed: Failing in-progress lifecycle event after an agent restart."},
			"failed at Install (CodeDeploy agent restarted)", "failed at Install on i-1: Failed: Failing in-progress lifecycle event after an agent restart."},
		{guide + "troubleshooting-deployments.html", failed, DeploymentInfo{ErrorCode: "HEALTH_CONSTRAINTS", ErrorMessage: overall},
			LifecycleEvent{Name: "ApplicationStop", ErrorCode: "UnknownError", Message: "CodeDeploy agent was not able to receive the lifecycle event. Check the CodeDeploy agent logs on your host and make sure the agent is running and can connect to the CodeDeploy server."},
			"failed at ApplicationStop (CodeDeploy agent unreachable)", "failed at ApplicationStop on i-1: CodeDeploy agent was not able to receive the lifecycle event. Check the CodeDeploy agent logs on your host and make sure the agent is running and can connect to the CodeDeploy server."},
		{guide + "troubleshooting-deployments.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "Install", ErrorCode: "UnknownError", Message: "The deployment failed because a specified file already exists at this location: /var/www/html/index.html"},
			"failed at Install (file exists already)", "failed at Install on i-1: The deployment failed because a specified file already exists at this location: /var/www/html/index.html."},
		{guide + "troubleshooting-deployments.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "DownloadBundle", ErrorCode: "UnknownError", Message: "The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path \"appspec.yml\"."},
			"failed at DownloadBundle (no AppSpec file)", `failed at DownloadBundle on i-1: The CodeDeploy agent did not find an AppSpec file within the unpacked revision directory at revision-relative path "appspec.yml".`},
		{guide + "troubleshooting-deployments.html", failed, DeploymentInfo{}, LifecycleEvent{Name: "DownloadBundle", ErrorCode: "UnknownError", Message: "The specified key does not exist."},
			"failed at DownloadBundle (revision not found in S3)", "failed at DownloadBundle on i-1: The specified key does not exist."},
		{guide + "troubleshooting-deployments.html", failed, DeploymentInfo{}, LifecycleEvent{Name: "Install", ErrorCode: "UnknownError", Message: "No space left on device @ rb_sysopen"},
			"failed at Install (disk full)", "failed at Install on i-1: No space left on device @ rb_sysopen."},
		{"an unknown message", failed, DeploymentInfo{}, LifecycleEvent{Name: "Install", ErrorCode: "UnknownError", Message: "smoke"},
			"failed at Install", "failed at Install on i-1: smoke."},

		// Scripts.
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "BeforeInstall", Script: "scripts/install", ErrorCode: "ScriptFailed", Message: "Script at specified location: scripts/install run as user root failed with exit code 127"},
			"failed at BeforeInstall (exit code 127, the command was not found)", "failed at BeforeInstall, scripts/install on i-1: exit code 127, the command was not found."},
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "ApplicationStart", Script: "s.sh", ErrorCode: "ScriptFailed", Message: "Script at specified location: s.sh failed with exit code 1"},
			"failed at ApplicationStart (exit code 1)", "failed at ApplicationStart, s.sh on i-1: exit code 1."},
		{"a script of the revision before", failed, DeploymentInfo{},
			LifecycleEvent{Name: "ApplicationStop", Script: "scripts/stop.sh", ErrorCode: "ScriptMissing", Message: "Script does not exist at specified location: /opt/codedeploy-agent/deployment-root/b8f5/d-1/deployment-archive/scripts/stop.sh"},
			"failed at ApplicationStop (script missing)", "failed at ApplicationStop, scripts/stop.sh on i-1: Script does not exist at specified location: /opt/codedeploy-agent/deployment-root/b8f5/d-1/deployment-archive/scripts/stop.sh."},
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "ValidateService", Script: "v.sh", ErrorCode: "ScriptTimedOut", Message: "Script at specified location: v.sh failed to complete in 300 seconds"},
			"failed at ValidateService (script timed out)", "failed at ValidateService, v.sh on i-1: Script at specified location: v.sh failed to complete in 300 seconds."},
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_Diagnostics.html", failed, DeploymentInfo{},
			LifecycleEvent{Name: "ValidateService", Script: "v.sh", ErrorCode: "ScriptNotExecutable"},
			"failed at ValidateService (script not executable)", "failed at ValidateService, v.sh on i-1."},

		// Hooks of Lambda functions and ECS services.
		{"https://github.com/davidgf/serverless-plugin-canary-deployments/issues/32", failed, DeploymentInfo{ErrorCode: "HEALTH_CONSTRAINTS", ErrorMessage: overall, Revision: Revision{AppSpec: appSpec}},
			LifecycleEvent{Name: "BeforeAllowTraffic", ErrorCode: "UnknownError", Message: "The validation function did not return a status in time"},
			"failed at BeforeAllowTraffic (no answer in time)", "failed at BeforeAllowTraffic, function check-orders on i-1: The validation function did not return a status in time."},
		{"recorded in August 2026", failed, DeploymentInfo{ErrorCode: "HOOK_EXECUTION_FAILURE", ErrorMessage: "The deployment failed because one or more of the lifecycle event validation functions failed."},
			LifecycleEvent{Name: "AfterAllowTraffic"},
			"failed at AfterAllowTraffic", "failed at AfterAllowTraffic on i-1."},
		{"recorded in August 2026", failed, DeploymentInfo{ErrorCode: "HOOK_EXECUTION_FAILURE", ErrorMessage: "The deployment failed because one or more of the lifecycle event validation functions failed."},
			LifecycleEvent{},
			"failed (a hook failed)", "failed: The deployment failed because one or more of the lifecycle event validation functions failed."},

		// The deployment as a whole.
		{"recorded in August 2026: two alarms", stopped, DeploymentInfo{ErrorCode: "ALARM_ACTIVE", ErrorMessage: alarmed + "<orders-api-5xx> <orders-errors>"}, LifecycleEvent{},
			"stopped (alarms orders-api-5xx and orders-errors)", "was stopped by alarms orders-api-5xx and orders-errors."},
		{"recorded in August 2026: one alarm", stopped, DeploymentInfo{ErrorCode: "ALARM_ACTIVE", ErrorMessage: alarmed + "<orders-errors>"}, LifecycleEvent{Name: "AllowTraffic"},
			"stopped (alarm orders-errors)", "was stopped by alarm orders-errors."},
		{"alarms in an unknown message", stopped, DeploymentInfo{ErrorCode: "ALARM_ACTIVE", ErrorMessage: "alarm!"}, LifecycleEvent{},
			"stopped (an alarm)", "was stopped: alarm!."},
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html", stopped, DeploymentInfo{ErrorCode: "MANUAL_STOP"}, LifecycleEvent{},
			"stopped (by hand)", "was stopped by hand."},
		{"https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html", failed, DeploymentInfo{ErrorCode: "NO_INSTANCES", ErrorMessage: "The deployment failed because no instances were found for your deployment group."}, LifecycleEvent{},
			"failed (no instances)", "failed: The deployment failed because no instances were found for your deployment group."},
		{"an error of which the code is new", failed, DeploymentInfo{ErrorCode: "SMOKE"}, LifecycleEvent{}, "failed", "failed: SMOKE."},
	}
	for _, tt := range tests {
		tt.info.ID, tt.info.Creator = "d-1", wire.CreatorUser
		if tt.step.Name != "" {
			tt.step.Status = StatusFailed
		}
		d := &Deployment{ID: "d-1", Application: "orders", Group: "prod", State: tt.state, Info: event.Found(tt.info),
			Targets: event.Found([]DeploymentTarget{{ID: "i-1", LifecycleEvents: []LifecycleEvent{tt.step}}})}
		n := (&event.Event{ID: "e-1", Subject: d}).Notice(begun)
		eventtest.Check(t, n)
		title, _, _ := strings.Cut(strings.TrimPrefix(n.Title, "Deployment "), ": orders")
		_, summary, _ := strings.Cut(n.Summary, " to group prod ")
		if title != tt.title || summary != tt.says {
			t.Errorf("%s:\ngot  %q, %q\nwant %q, %q", tt.source, title, summary, tt.title, tt.says)
		}
	}
}

// TestErrorCodes shows that all codes of CodeDeploy's API say something.
//
// https://docs.aws.amazon.com/codedeploy/latest/APIReference/API_ErrorInformation.html
func TestErrorCodes(t *testing.T) {
	for code := range strings.FieldsSeq(`AGENT_ISSUE ALARM_ACTIVE APPLICATION_MISSING AUTOSCALING_VALIDATION_ERROR AUTO_SCALING_CONFIGURATION
		AUTO_SCALING_IAM_ROLE_PERMISSIONS CODEDEPLOY_RESOURCE_CANNOT_BE_FOUND CUSTOMER_APPLICATION_UNHEALTHY DEPLOYMENT_GROUP_MISSING ECS_UPDATE_ERROR
		ELASTIC_LOAD_BALANCING_INVALID ELB_INVALID_INSTANCE HEALTH_CONSTRAINTS HEALTH_CONSTRAINTS_INVALID HOOK_EXECUTION_FAILURE IAM_ROLE_MISSING
		IAM_ROLE_PERMISSIONS INTERNAL_ERROR INVALID_ECS_SERVICE INVALID_LAMBDA_CONFIGURATION INVALID_LAMBDA_FUNCTION INVALID_REVISION MANUAL_STOP
		MISSING_BLUE_GREEN_DEPLOYMENT_CONFIGURATION MISSING_ELB_INFORMATION MISSING_GITHUB_TOKEN NO_EC2_SUBSCRIPTION NO_INSTANCES OVER_MAX_INSTANCES
		RESOURCE_LIMIT_EXCEEDED REVISION_MISSING THROTTLED TIMEOUT CLOUDFORMATION_STACK_FAILURE`) {
		if (DeploymentInfo{ErrorCode: code}).cause() == "" {
			t.Errorf("%s says nothing", code)
		}
	}
}

// TestRollbackOfStoppedDeployment shows that a rollback that succeeded is called one, whatever
// the platform.
func TestRollbackOfStoppedDeployment(t *testing.T) {
	for _, platform := range []string{"Server", "Lambda", "ECS"} {
		d := &Deployment{ID: "d-KSA62M70K", Application: "orders", Group: "prod", State: wire.DeploymentSucceeded, Info: event.Found(DeploymentInfo{
			Platform: platform, Creator: wire.CreatorRollback, RollbackOf: "d-9Y84SF70K", Description: "Deployment d-9Y84SF70K stopped. Automatic rollback",
		})}
		n := &notice.Notice{}
		d.Describe(n, &event.Event{}, begun)
		if want := "Rollback d-KSA62M70K of orders to group prod succeeded. It undoes deployment d-9Y84SF70K."; n.Title != "Rolled back: orders to prod" || n.Summary != want {
			t.Errorf("%s: %q, %q", platform, n.Title, n.Summary)
		}
	}
}
