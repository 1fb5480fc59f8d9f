package extraeye

import (
	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/internal/bundle"
)

// code is the function's package: the user's, or the notifier compiled now. A
// stack that is not selected ("cdk ls", "cdk deploy other-stack") gets a
// placeholder, and so does one whose notifier cannot be compiled, which is
// reported.
func (n *Notifier) code(p NotifierProps) awslambda.Code {
	if p.Code != nil {
		return p.Code
	}
	dir, err := bundle.Placeholder()
	if *awscdk.Stack_Of(n).BundlingRequired() {
		var built string
		if built, err = bundle.Build("linux", goarch(p.Architecture)); err == nil {
			dir = built
		}
	}
	if err != nil {
		report(n, problemf(binding.NotCompiled, "%v; or set NotifierProps.Code", err)...)
	}
	return awslambda.Code_FromAsset(jsii.String(dir), nil)
}

func goarch(a awslambda.Architecture) string {
	if *a.Name() == *awslambda.Architecture_X86_64().Name() {
		return "amd64"
	}
	return "arm64"
}
