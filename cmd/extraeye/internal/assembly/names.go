package assembly

import (
	"cmp"
	"fmt"
	"strings"
)

// madeUp stands for the parts of names that AWS makes up.
const madeUp = "11111111-2222-3333-4444-555555555555"

// ref resolves Ref: an override, a pseudo parameter, a parameter or a resource.
func (t *template) ref(name string) any {
	if v, ok := t.loader.resolved(name); ok {
		return v
	}
	if v, ok := t.pseudo(name); ok {
		return v
	}
	if p, ok := t.parameters[name]; ok {
		return t.once("parameter "+name, func() any { return t.parameter(name, p) })
	}
	if r, ok := t.resources[name]; ok {
		return t.resourceRef(name, r)
	}
	return t.unresolved(name, "the template has no parameter or resource of that name")
}

// pseudo resolves a pseudo parameter.
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html
func (t *template) pseudo(name string) (v any, ok bool) {
	switch name {
	case "AWS::AccountId":
		return t.Account, true
	case "AWS::Region":
		return t.Region, true
	case "AWS::Partition":
		return t.Partition, true
	case "AWS::URLSuffix":
		return t.suffix, true
	case "AWS::StackName":
		return t.Name, true
	case "AWS::StackId":
		return t.format("arn:{partition}:cloudformation:{region}:{account}:stack/{name}/"+madeUp, t.Name), true
	case "AWS::NotificationARNs":
		return []any{}, true
	case "AWS::NoValue":
		return noValue{}, true
	}
	return nil, false
}

func (t *template) parameter(name string, p *parameter) any {
	v := p.Default
	given, isGiven := t.given[name]
	switch {
	case isGiven:
		v = t.parent.eval(given)
	case strings.HasPrefix(p.Type, "AWS::SSM::Parameter::Value"):
		return t.unresolved(name, "it is read from the SSM parameter %s at deployment", text(v))
	case v == nil:
		return t.unresolved(name, "the parameter has no default")
	}
	if s, ok := v.(string); ok && (p.Type == "CommaDelimitedList" || strings.HasPrefix(p.Type, "List<")) {
		var out []any
		for part := range strings.SplitSeq(s, ",") {
			out = append(out, strings.TrimSpace(part))
		}
		return out
	}
	return v
}

// refIsARN are the types whose Ref is their ARN.
var refIsARN = map[string]bool{
	"AWS::CertificateManager::Certificate":      true,
	"AWS::CloudFormation::Stack":                true,
	"AWS::ECS::Service":                         true,
	"AWS::ECS::TaskDefinition":                  true,
	"AWS::ElasticLoadBalancingV2::LoadBalancer": true,
	"AWS::ElasticLoadBalancingV2::TargetGroup":  true,
	"AWS::IAM::ManagedPolicy":                   true,
	"AWS::Lambda::Alias":                        true,
	"AWS::Lambda::LayerVersion":                 true,
	"AWS::Lambda::Version":                      true,
	"AWS::SecretsManager::Secret":               true,
	"AWS::SNS::Topic":                           true,
	"AWS::StepFunctions::StateMachine":          true,
}

func (t *template) resourceRef(id string, r *resource) any {
	switch {
	case refIsARN[r.Type]:
		return t.arn(id)
	case r.Type == "AWS::SQS::Queue":
		return t.queueURL(id)
	case r.Type == "AWS::KMS::Key":
		return madeUp
	}
	return t.name(id)
}

func (t *template) queueURL(id string) string {
	return fmt.Sprintf("https://sqs.%s.%s/%s/%s", t.Region, t.suffix, t.Account, t.name(id))
}

// name returns a resource's physical name: the one it is given or, as
// CloudFormation makes one up, the stack's name and the logical id.
func (t *template) name(id string) string {
	if v, ok := t.loader.resolved(id); ok {
		return v
	}
	return text(t.once("the name of "+id, func() any {
		r := t.resources[id]
		kind := r.Type[strings.LastIndex(r.Type, ":")+1:]
		for _, property := range []string{kind + "Name", "Name", kind} {
			if v, ok := r.Properties[property]; ok {
				if s := t.text(v); s != "" {
					return s
				}
			}
		}
		name := t.Name + "-" + id
		if text(r.Properties["FifoQueue"]) == "true" || text(r.Properties["FifoTopic"]) == "true" {
			name += ".fifo"
		}
		return name
	}))
}

// arns are the forms of ARNs by type; other types get service:…:type/name.
//
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
var arns = map[string]string{
	"AWS::AutoScaling::AutoScalingGroup":   "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:" + madeUp + ":autoScalingGroupName/{name}",
	"AWS::CloudFormation::Stack":           "arn:{partition}:cloudformation:{region}:{account}:stack/{name}/" + madeUp,
	"AWS::CloudWatch::Alarm":               "arn:{partition}:cloudwatch:{region}:{account}:alarm:{name}",
	"AWS::CodeDeploy::Application":         "arn:{partition}:codedeploy:{region}:{account}:application:{name}",
	"AWS::CodePipeline::Pipeline":          "arn:{partition}:codepipeline:{region}:{account}:{name}",
	"AWS::Events::ApiDestination":          "arn:{partition}:events:{region}:{account}:api-destination/{name}/" + madeUp,
	"AWS::Events::EventBus":                "arn:{partition}:events:{region}:{account}:event-bus/{name}",
	"AWS::IAM::InstanceProfile":            "arn:{partition}:iam::{account}:instance-profile/{name}",
	"AWS::IAM::ManagedPolicy":              "arn:{partition}:iam::{account}:policy/{name}",
	"AWS::IAM::Role":                       "arn:{partition}:iam::{account}:role/{name}",
	"AWS::IAM::User":                       "arn:{partition}:iam::{account}:user/{name}",
	"AWS::KMS::Key":                        "arn:{partition}:kms:{region}:{account}:key/" + madeUp,
	"AWS::KinesisFirehose::DeliveryStream": "arn:{partition}:firehose:{region}:{account}:deliverystream/{name}",
	"AWS::Lambda::Function":                "arn:{partition}:lambda:{region}:{account}:function:{name}",
	"AWS::Lambda::LayerVersion":            "arn:{partition}:lambda:{region}:{account}:layer:{name}:1",
	"AWS::Logs::LogGroup":                  "arn:{partition}:logs:{region}:{account}:log-group:{name}:*",
	"AWS::S3::Bucket":                      "arn:{partition}:s3:::{name}",
	"AWS::SecretsManager::Secret":          "arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-AbCdEf",
	"AWS::SES::EmailIdentity":              "arn:{partition}:ses:{region}:{account}:identity/{name}",
	"AWS::SNS::Topic":                      "arn:{partition}:sns:{region}:{account}:{name}",
	"AWS::SQS::Queue":                      "arn:{partition}:sqs:{region}:{account}:{name}",
	"AWS::StepFunctions::StateMachine":     "arn:{partition}:states:{region}:{account}:stateMachine:{name}",
}

// arn returns a resource's ARN.
func (t *template) arn(id string) string {
	if v, ok := t.loader.resolved(id + ".Arn"); ok {
		return v
	}
	r := t.resources[id]
	switch r.Type {
	case "AWS::Events::Rule":
		name := t.name(id)
		if bus := t.bus(id); bus != "default" {
			name = bus + "/" + name
		}
		return t.format("arn:{partition}:events:{region}:{account}:rule/{name}", name)
	case "AWS::Lambda::Alias":
		return t.function(r) + ":" + t.name(id)
	case "AWS::Lambda::Version":
		return t.function(r) + ":1"
	}
	if form, ok := arns[r.Type]; ok {
		return t.format(form, t.name(id))
	}
	parts := strings.Split(strings.ToLower(r.Type), "::")
	if len(parts) != 3 {
		return t.format("arn:{partition}:unknown:{region}:{account}:{name}", t.name(id))
	}
	return t.format("arn:{partition}:"+parts[1]+":{region}:{account}:"+parts[2]+"/{name}", t.name(id))
}

// bus returns the name of a rule's event bus, which may be given as its ARN.
func (t *template) bus(id string) string {
	bus := t.text(t.resources[id].Properties["EventBusName"])
	return cmp.Or(bus[strings.LastIndex(bus, "/")+1:], "default")
}

// function returns the ARN of the function of a version or an alias.
func (t *template) function(r *resource) string {
	name := t.text(r.Properties["FunctionName"])
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return t.format("arn:{partition}:lambda:{region}:{account}:function:{name}", name)
}

func (t *template) format(form, name string) string {
	return strings.NewReplacer("{partition}", t.Partition, "{region}", t.Region, "{account}", t.Account, "{name}", name).Replace(form)
}
