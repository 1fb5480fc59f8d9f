package rehearse

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
)

// What is wrong with the assembly and the options is told, and the rest is played.
func TestProblems(t *testing.T) {
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{"S":{"type":"aws:cloudformation:stack","properties":{"templateFile":"S.json"}}}}`,
		"S.json": `{"Resources":{
			"Part":{"Type":"AWS::CloudFormation::Stack","Metadata":{"aws:asset:path":"Part.json"}},
			"Queue":{"Type":"AWS::SQS::Queue"},
			"Rule":{"Type":"AWS::Events::Rule","Properties":{
				"EventPattern":{"source":["aws.codedeploy"],"detail":{"application":[{"Ref":"Name"}]}},
				"Targets":[{"Id":"T","Arn":{"Fn::GetAtt":["Queue","Arn"]}}]}}}}`,
		"Part.json": `{"Resources":`,
	})
	report, problems := rehearsal(t, Options{Assembly: dir, Resolve: map[string]string{"Name": "checkout", "Nope": "1"}})
	wants := []string{"stack S: nested stack Part: template Part.json is not valid", "-resolve Nope is not used: "}
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

// A construct that CDK marked with an error is told, and the rest is played.
func TestMistakesOfTheApp(t *testing.T) {
	dir := write(t, map[string]string{
		"manifest.json": `{"version":"54.0.0","artifacts":{
			"S":{"type":"aws:cloudformation:stack","properties":{},"metadata":{"/S/Eye":[
				{"type":"aws:cdk:error","data":"no sinks; set Sinks (Annotation::extraeye:E101)"},{"type":"aws:cdk:warning","data":"w"},{"type":"aws:cdk:error","data":{}}]}},
			"Other":{"type":"aws:cloudformation:stack","properties":{},"additionalMetadataFile":"Other.metadata.json"},
			"Stage":{"type":"cdk:cloud-assembly","properties":{"directoryName":"stage"}}}}`,
		"Other.metadata.json": `{"/Other/Eye":[{"type":"aws:cdk:error","data":"named twice"}]}`,
		"stage/manifest.json": `{"artifacts":{"Deep":{"displayName":"Stage/Deep","metadata":{"/Stage/Deep/Eye":[{"type":"aws:cdk:error","data":"deep"}]}}}}`,
	})
	for stack, want := range map[string]string{
		"":           "[Other/Eye: named twice S/Eye: no sinks; set Sinks Stage/Deep/Eye: deep]",
		"S":          "[S/Eye: no sinks; set Sinks]",
		"Stage/Deep": "[Stage/Deep/Eye: deep]",
	} {
		if got := fmt.Sprint(mistakes(os.DirFS(dir), ".", stack)); got != want {
			t.Errorf("stack %q: got %s, want %s", stack, got, want)
		}
	}
}
