package rehearse

import (
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// What is wrong with the app, the assembly and the options is reported, and the rest
// is played.
func TestProblems(t *testing.T) {
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"},
			"metadata":{"/S/Eye":[{"type":"aws:cdk:error","data":"no sinks; set Sinks (Annotation::extraeye:E101)"}]}}}}`,
		"S.json": `{"Resources":{
			"Part":{"Type":"AWS::CloudFormation::Stack","Metadata":{"aws:asset:path":"Part.json"}},
			"Queue":{"Type":"AWS::SQS::Queue"},
			"Rule":{"Type":"AWS::Events::Rule","Properties":{
				"EventPattern":{"source":["aws.codedeploy"],"detail":{"application":[{"Ref":"Name"}]}},
				"Targets":[{"Id":"T","Arn":{"Fn::GetAtt":["Queue","Arn"]}}]}}}}`,
		"Part.json": `{"Resources":`,
	})
	report, problems := rehearsal(t, Options{Assembly: dir, Resolve: map[string]string{"Name": "checkout", "Nope": "1"}})
	wants := []string{"S/Eye: no sinks; set Sinks", "stack S: nested stack Part: template Part.json is not valid", "-resolve Nope is not used: "}
	if report.Problems != len(wants) || report.Unreadable != 0 || len(problems) != len(wants) {
		t.Fatalf("problems: %d, %d unreadable, %q", report.Problems, report.Unreadable, problems)
	}
	for n, want := range wants {
		if !strings.Contains(problems[n], want) || strings.Contains(problems[n], "\n") {
			t.Errorf("got %q, want one line with %q", problems[n], want)
		}
	}
	if report.Count(result.Sent) == 0 {
		t.Error("nothing was played")
	}
}
