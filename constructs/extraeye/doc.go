// Package extraeye keeps an extra eye on a team's stack: it notifies the team, by mail
// and elsewhere, when a failed health check killed an instance, when a release went out,
// when one failed.
//
// An [Eye] joins what is seen (package watch) with where it is reported (package sink):
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
// and sends it. For hundreds of services and many teams there is a [Fleet], and a [Forwarder]
// for each further account and Region.
//
// Names, ids and other props are plain strings, numbers and slices, where CDK's own
// packages take pointers to them: a prop that is left out has its default, and a CDK token
// is a string, too. That includes the ids of constructs.
//
// # Wrong props
//
// Wrong props do not panic: they are all reported at once on the construct, so
// that one team's mistake does not keep other teams' stacks from being synthesized.
// https://github.com/extraeye/extraeye/blob/main/docs/errors.md explains each.
//
// # What is promised
//
// From v1 on, these change only with a major version:
//
//   - what is exported by constructs/extraeye, constructs/watch and constructs/sink, except for
//     the Bind methods and what they return;
//   - the logical ids of what is created, since a changed one replaces the resource;
//   - the JSON that [github.com/extraeye/extraeye/constructs/sink.Webhook] posts;
//   - what "extraeye rehearse -json" prints, and the exit codes of the command.
//
// Fields may be added to structs and to JSON: write struct literals with the names of their
// fields. Everything below lambda/ is the function's own and may change at any time.
package extraeye
