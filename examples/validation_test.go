package examples_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// validator is CDK's own validation. Starting it takes seconds and a template next to
// nothing, so it validates all templates at once, and not each app its own.
type validator struct {
	plugin awscdk.CloudFormationValidatePlugin
}

func newValidator(t *testing.T) *validator {
	t.Cleanup(jsii.Close)
	return &validator{awscdk.NewCloudFormationValidatePlugin(nil)}
}

// findings returns what it finds in templates.
func (v *validator) findings(templates ...string) []string {
	var stacks []*awscdk.PolicyValidationStack
	for _, file := range templates {
		stacks = append(stacks, &awscdk.PolicyValidationStack{StackConstructPath: jsii.String(filepath.Base(file)), TemplatePath: jsii.String(file)})
	}
	var all []string
	for _, found := range *v.plugin.Validate(&toValidate{stacks}).Violations {
		for _, resource := range *found.ViolatingResources {
			all = append(all, fmt.Sprintf("%s: %s: %s: %s", *resource.TemplatePath, *resource.ResourceLogicalId, *found.RuleName, *found.Description))
		}
	}
	return all
}

// toValidate is an [awscdk.IPolicyValidationContext] of stacks for any account and Region.
type toValidate struct {
	stacks []*awscdk.PolicyValidationStack
}

func (v *toValidate) StackTemplates() *[]*awscdk.PolicyValidationStack { return &v.stacks }
func (v *toValidate) TemplatePaths() *[]*string                        { return nil }
func (v *toValidate) AppConstruct() constructs.IConstruct              { return nil }
func (v *toValidate) AccountId() *string                               { return nil } //nolint:revive // its name in CDK
func (v *toValidate) Region() *string                                  { return nil }

// mistake writes a template in which something must be found.
func mistake(t *testing.T) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "mistake.template.json")
	if err := os.WriteFile(file, []byte(`{"Resources":{"Queue":{"Type":"AWS::SQS::Queue","Properties":{"NoSuchProperty":1}}}}`), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}
