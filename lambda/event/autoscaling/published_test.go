package autoscaling

import (
	"strings"
	"testing"
	"time"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/event/ec2"
	"github.com/extraeye/extraeye/lambda/event/eventtest"
)

// TestPublishedActivities reads activities that people have published, as the events that they
// were, and answers of EC2 that belong to them.
func TestPublishedActivities(t *testing.T) {
	const gone = "asg-terminate-ec2-health-check-terminated-or-stopped"
	for _, tt := range []struct {
		name, source string
		reason       string        // of EC2
		since        time.Duration // after Auto Scaling's decision
		title        string
		says, not    []string // in the title and the summary
	}{
		{name: "asg-terminate-system-health-check", source: "a notification of 2013 in an article on Qiita",
			title: "Health check killed i-0bc09f781ddd6f516 in some-service-production", not: []string{"unknown", "ELB", "EC2"}},
		{name: "asg-terminate-zone-rebalancing", source: "https://github.com/spacelift-io/terraform-aws-spacelift-workerpool-on-ec2/pull/97",
			title: "Availability Zone rebalancing removed i-0030c7e66ed334788 from some-service-workers", not: []string{"scale-in"}},
		{name: gone, source: "https://github.com/buildkite/elastic-ci-stack-for-aws/issues/435", reason: "Server.SpotInstanceTermination: Spot instance termination",
			title: "Spot interruption took i-0be17ae4b7a62e1b6 from prod", says: []string{"EC2 took the Spot Instance back"}, not: []string{"health check", "deployment"}},
		{name: gone, source: "https://repost.aws/knowledge-center/auto-scaling-instance-how-terminated", reason: "Client.UserInitiatedShutdown: User initiated shutdown", since: -40 * time.Second,
			title: "Someone terminated i-0be17ae4b7a62e1b6 in prod through EC2's API", not: []string{"health check", "deployment"}},
		{name: gone, source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_StateReason.html", reason: "Client.InstanceInitiatedShutdown: Instance initiated shutdown",
			title: "i-0be17ae4b7a62e1b6 in prod shut itself down", says: []string{"its own operating system shut it down"}, not: []string{"health check", "deployment"}},
		{name: "asg-launch-failed-fleet-quota", source: "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2149",
			title: "Launch failed in some-service-production: Fleet request quota reached", says: []string{"You've reached your quota for maximum Fleet Requests for this account."}},
		{name: "asg-launch-failed-account-blocked", source: "a report of an EKS node group, 2026",
			title: "Launch failed in some-service-production: account blocked", says: []string{"This account is currently blocked and not recognized as a valid account."}},
		{name: "asg-launch-failed-free-tier", source: "reports of EKS node groups, 2025 and 2026",
			title: "Launch failed in some-service-production: instance type not in the free tier", says: []string{"The specified instance type is not eligible for Free Tier."}},
	} {
		e := eventtest.Recorded(t, Decoders, tt.name, wire.Watch{})
		if s, ok := e.Subject.(*Termination); ok && tt.reason != "" {
			record := ec2.Instance{State: "terminated", StateReason: tt.reason}
			if tt.since != 0 {
				record.StateSince = s.Started.Add(tt.since)
			}
			s.Instance = event.Found(record)
		}
		n := e.Notice(e.Time.Add(time.Minute))
		if n.Title != tt.title {
			t.Errorf("%s (%s): title %q, want %q", tt.name, tt.source, n.Title, tt.title)
		}
		text := n.Title + "\n" + n.Summary
		for _, part := range tt.says {
			if !strings.Contains(text, part) {
				t.Errorf("%s (%s): %q does not say %q", tt.name, tt.source, text, part)
			}
		}
		for _, part := range tt.not {
			if strings.Contains(strings.ToLower(text), strings.ToLower(part)) {
				t.Errorf("%s (%s): %q says %q", tt.name, tt.source, text, part)
			}
		}
	}
}
