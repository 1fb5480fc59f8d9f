// Package extraeye keeps an extra eye on a team's stack: it tells the team, by
// mail and elsewhere, that an instance was killed by a failed health check, that
// a release went out, that one failed.
//
// An [Eye] joins what is seen (package watch) with who is told (package sink):
//
//	extraeye.NewEye(stack, "Eye", &extraeye.EyeProps{
//		AutoScalingGroupNames:  []string{"some-service-production"},
//		CodeDeployApplications: []string{"some-service"},
//		Sinks: []sink.Sink{
//			sink.Email{From: "ops@example.com", To: []string{"team@example.com"}},
//		},
//	})
//
// It becomes EventBridge rules that match names and detail-types exactly, and one
// Lambda function per stack, the [Notifier], which turns an event into a notice
// and sends it.
//
// Wrong props do not panic: they are all reported at once on the construct, so
// that one team's mistake does not keep other teams' stacks from being synthesized.
// https://github.com/extraeye/extraeye/blob/main/docs/errors.md explains each.
package extraeye
