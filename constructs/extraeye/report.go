package extraeye

import (
	"fmt"
	"os"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
)

// report writes problems on a construct, where the CDK CLI, "extraeye rehearse" and CDK's
// validation find them. Where none of these looks, as in "go run .", it prints them.
func report(on constructs.IConstruct, problems ...binding.Problem) {
	for _, p := range problems {
		message := fmt.Sprintf("%s (https://github.com/extraeye/extraeye/blob/main/docs/errors.md#%s)", p.Message, p.Code.Anchor())
		if p.Code.IsWarning() {
			awscdk.Validations_Of(on).AddWarning(jsii.String(p.Code.ID()), jsii.String(message))
		} else {
			awscdk.Validations_Of(on).AddError(jsii.String(p.Code.ID()), jsii.String(message))
		}
		if !shown(on) {
			fmt.Fprintf(os.Stderr, "%s: %s: %s\n", *on.Node().Path(), p.Code.ID(), message)
		}
	}
}

// problemf is one problem, to be reported.
func problemf(code binding.Code, format string, args ...any) (p binding.Problems) {
	p.Problemf(code, format, args...)
	return p
}

// shown reports whether the user is shown what is written on a construct: by what ran the
// app, which names the folder to synthesize into, or by CDK in its validation report.
//
// https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/lib/app.ts
func shown(on constructs.IConstruct) bool {
	if os.Getenv("CDK_OUTDIR") != "" {
		return true
	}
	return *awscdk.FeatureFlags_Of(on).IsEnabled(jsii.String("@aws-cdk/core:annotationsInValidationReport"))
}
