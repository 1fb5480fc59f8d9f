package sinktest

import (
	"strings"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const alias = "example-production"

// explained is a termination of which everything was found that is looked up.
func explained() *notice.Notice {
	n := sample(notice.KindTermination, notice.Error, notice.Open, "autoscaling:123456789012:eu-west-1:"+group+":i-0b6f1c2d3e4f5a6b7")
	n.Alias = alias
	instance := console + "ec2/home?region=eu-west-1#InstanceDetails:instanceId=i-0b6f1c2d3e4f5a6b7"
	activity := console + "ec2/home?region=eu-west-1#AutoScalingGroupDetails:id=" + group + ";view=activity"
	deployment := console + "codesuite/codedeploy/deployments/d-ABCDEF124?region=eu-west-1"
	n.Title = "ELB health check killed web-7 in " + group
	n.Summary = "Auto Scaling terminated instance i-0b6f1c2d3e4f5a6b7 (web-7) of group " + group + "; cause: ELB health check. It is the 4th in 50 minutes, 6 minutes after deployment d-ABCDEF124."
	n.Event = event("aws.autoscaling", "EC2 Instance Terminate Successful", `{"EC2InstanceId":"i-0b6f1c2d3e4f5a6b7","AutoScalingGroupName":"`+group+`"}`)
	n.Add("Instance", "i-0b6f1c2d3e4f5a6b7", instance)
	n.Add("Name", "web-7", "")
	n.Add("Group", group, activity)
	n.Add("Group health", "2 of 6 instances are healthy", "")
	n.Add("Cause", "ELB health check", "")
	n.Add(notice.After, "6 minutes after deployment d-ABCDEF124 of some-service 1.42.1 (by alice) succeeded\n41 minutes after deployment d-ABCDEF123 of some-service 1.42.0 succeeded", deployment)
	n.Add(notice.HowOften, "4th in 50 minutes, 9th in 24 hours", "")
	n.Add(notice.LastWords, `Out of memory: Killed process 1234 (java) total-vm:8123456kB, anon-rss:7654321kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:15320kB oom_score_adj:0
oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/system.slice/shop.service,task=java,pid=1234,uid=1000
shop.service: Failed with result 'oom-kill'.
[FAILED] Failed to start Shop <shop.service>.`, "")
	n.Add("Type", "t3.small", "")
	n.Add("AMI", "ami-0abcdef1234567890", console+"ec2/home?region=eu-west-1#ImageDetails:imageId=ami-0abcdef1234567890")
	n.Add("Launched", "2026-06-30 20:06:01 UTC (11 minutes ago)", "")
	n.Add("Zone", "eu-west-1b", "")
	n.Add("AWS says", "At 2026-06-30T20:12:22Z an instance was taken out of service in response to an ELB system health check failure.", "")
	n.Add("Started", "2026-06-30 20:12:22 UTC (5 minutes ago)", "")
	n.Add("Ended", "2026-06-30 20:17:56 UTC (just now)", "")
	n.Add("Took", "5 minutes 34 seconds", "")
	n.Add("Not looked up", "Target group: Elastic Load Balancing denied the request\nAlarms: CloudWatch did not answer in time", "")
	n.Link("Group activity", activity)
	n.Link("Deployment", deployment)
	n.Link("Instance", instance)
	return n
}

// logTail is a failed deployment of which CodeDeploy names the script that failed.
func logTail() *notice.Notice {
	n := deployment(notice.Error, notice.Open, wire.DeploymentFailed, "d-ABCDEF126", "1.42.2")
	n.Alias = alias
	n.Title = "Deployment failed: some-service 1.42.2 to production"
	n.Summary = "Deployment d-ABCDEF126 of some-service 1.42.2 to group production failed at ValidateService on 2 of 6 instances."
	n.Add("Error", "HEALTH_CONSTRAINTS: The overall deployment failed because too many individual instances failed deployment, too few healthy instances are available for deployment, or some instances in your deployment group are experiencing problems.", "")
	n.Add(notice.FailedAt, "ValidateService: scripts/validate.sh exited with 1", "")
	lines := []string{"LifecycleEvent - ValidateService", "Script - scripts/validate.sh"}
	for range 8 {
		lines = append(lines, "[stdout]waiting for http://localhost:8080/health", "[stderr]curl: (7) Failed to connect to localhost port 8080: Connection refused")
	}
	lines = append(lines, "[stderr]Exception in thread \"main\" java.lang.NullPointerException", "[stderr]\tat com.example.Shop.main(Shop.java:12)")
	n.Add(notice.LogTail, strings.Join(lines, "\n"), "")
	n.Add("Failed on", "i-0b6f1c2d3e4f5a6b7 (web-7)\ni-0c7f1c2d3e4f5a6b8 (web-8)", "")
	n.Add("Previous", "1.42.0, d-ABCDEF123", console+"codesuite/codedeploy/deployments/d-ABCDEF123?region=eu-west-1")
	n.Add("Instances", "4 Skipped, 2 Failed", "")
	n.Link("Changes", "https://github.com/example/some-service/compare/1a2b3c4...3f9d1c0")
	return n
}

// task is an ECS task that was out of memory.
func task() *notice.Notice {
	n := sample(notice.KindTask, notice.Error, notice.Open, "ecs:123456789012:eu-west-1:shop/web")
	n.Alias = alias
	link := console + "ecs/v2/clusters/shop/tasks/0123456789abcdef0123456789abcdef?region=eu-west-1"
	n.Title = "Out of memory: task 01234567 of web in shop"
	n.Summary = "Task 0123456789abcdef0123456789abcdef of service web in cluster shop stopped: container app used all of its memory."
	n.Event = event("aws.ecs", "ECS Task State Change", `{"lastStatus":"STOPPED","stoppedReason":"Essential container in task exited"}`)
	n.Add("Task", "0123456789abcdef0123456789abcdef", link)
	n.Add("Service", "web: 2 of 3 tasks run", console+"ecs/v2/clusters/shop/services/web?region=eu-west-1")
	n.Add("Cause", "out of memory", "")
	n.Add(notice.After, "12 minutes after deployment ecs-svc/1234567890123456789 (task definition web:42) started", "")
	n.Add("Containers", "app: exit code 137, OutOfMemoryError: Container killed due to memory usage\nproxy: exit code 0\nlogs: exit code 0", "")
	n.Add("Memory", "512 MiB for the task", "")
	n.Add("Task definition", "web:42", "")
	n.Add("AWS says", "Essential container in task exited", "")
	n.Add("Started", "2026-06-30 20:05:22 UTC (12 minutes ago)", "")
	n.Link("Task", link)
	return n
}

// ecsRelease is a deployment of ECS, which has fewer details than one of CodeDeploy.
func ecsRelease() *notice.Notice {
	n := sample(notice.KindDeployment, notice.Info, notice.Resolved, "ecs:123456789012:eu-west-1:shop/web:deployment")
	n.Alias = alias
	n.Release = &notice.Release{
		ID: "ecs-svc/1234567890123456789", Application: "web", Group: "shop", State: wire.DeploymentSucceeded, Version: "web:42",
		Started: n.Time.Add(-4 * time.Minute), Ended: n.Time, URL: console + "ecs/v2/clusters/shop/services/web/deployments?region=eu-west-1",
	}
	n.Title = "Deployed: web:42 in shop"
	n.Summary = "Deployment ecs-svc/1234567890123456789 of web:42 in cluster shop completed. The service has 3 of 3 tasks running."
	n.Event = event("aws.ecs", "ECS Deployment State Change", `{"eventType":"INFO","eventName":"SERVICE_DEPLOYMENT_COMPLETED","deploymentId":"ecs-svc/1234567890123456789"}`)
	n.Add("Service", "web: 3 of 3 tasks running", "")
	n.Add("Version", "web:42", "")
	n.Add("Deployment", n.Release.ID, "")
	n.Link("Deployments", n.Release.URL)
	return n
}

// alarm is an alarm that goes off.
func alarm() *notice.Notice {
	n := sample(notice.KindAlarm, notice.Error, notice.Open, "cloudwatch:123456789012:eu-west-1:shop-5xx")
	n.Alias = alias
	link := console + "cloudwatch/home?region=eu-west-1#alarmsV2:alarm/shop-5xx"
	n.Title = "Alarm: shop-5xx"
	n.Summary = "Alarm shop-5xx went from OK to ALARM: HTTPCode_Target_5XX_Count was above 10 for 3 datapoints."
	n.Event = event("aws.cloudwatch", "CloudWatch Alarm State Change", `{"alarmName":"shop-5xx","state":{"value":"ALARM"}}`)
	n.Add("Alarm", "shop-5xx", link)
	n.Add("State", "ALARM, before that OK for 2 days 3 hours", "")
	n.Add("Metric", "AWS/ApplicationELB HTTPCode_Target_5XX_Count, Sum of 1 minute", "")
	n.Add("Threshold", "10", "")
	n.Add("Datapoints", "20:17 UTC  57\n20:16 UTC  31\n20:15 UTC  12", "")
	n.Add("Description", "Too many errors of the shop.\n\nLook at the dashboard first, then at the latest deployment; if there is one, roll it back and tell the team. "+
		"If there is none, the shop's database is the likeliest of the things that go wrong: its connections are on the same dashboard, and its runbook is linked there.", "")
	n.Add("AWS says", "Threshold Crossed: 3 out of the last 3 datapoints [57.0, 31.0, 12.0] were greater than the threshold (10.0).", "")
	n.Link("Alarm", link)
	return n
}

// pattern is an event that matched a user's own pattern.
func pattern() *notice.Notice {
	n := sample(notice.KindPattern, notice.Warning, notice.Marker, "pattern:"+eventID)
	n.Alias = alias
	n.Title = "Root signed in"
	n.Summary = "An event of aws.signin matched a pattern; it is below as it came."
	n.Event = event("aws.signin", "AWS Console Sign In via CloudTrail", `{"userIdentity":{"type":"Root"},"sourceIPAddress":"192.0.2.1"}`)
	n.Add("From", "192.0.2.1", "")
	n.Add("Source", "aws.signin", "")
	n.Add("Detail type", "AWS Console Sign In via CloudTrail", "")
	return n
}
