package extraeye

import (
	"errors"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssecretsmanager"
	"github.com/aws/aws-cdk-go/awscdk/v2/awssns"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsssm"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/constructs/watch"
	"github.com/extraeye/extraeye/internal/services"
)

// LoadFleet reads the teams and services of a [Fleet] from a YAML or JSON file, relative to the
// folder in which the app runs. docs/fleet.md has an example, and docs/services.schema.json the
// form, for editors. What is wrong with the file is reported on the Fleet, all at once.
func LoadFleet(path string) *FleetProps {
	file, err := services.Load(path)
	var wrong services.Errors
	if errors.As(err, &wrong) {
		props := &FleetProps{}
		for _, one := range wrong {
			props.problems.Problemf(binding.BadServices, "%s", one.Error())
		}
		return props
	}
	props := &FleetProps{TeamTag: file.TeamTag, Others: fromFile(file.Others)}
	for _, t := range file.Teams {
		team := Team{Name: t.Name, Sinks: fromFile(t.Sinks), Accounts: t.Accounts}
		for _, s := range t.Services {
			team.Services = append(team.Services, Service(s))
		}
		props.Teams = append(props.Teams, team)
	}
	return props
}

// fromFile are sinks that a file names.
func fromFile(all []services.Sink) (sinks []sink.Sink) {
	for _, s := range all {
		sinks = append(sinks, fileSink{s})
	}
	return sinks
}

// fileSink is a sink that a file names. What it refers to is imported where it is bound.
type fileSink struct{ services.Sink }

// Bind implements [sink.Sink].
func (f fileSink) Bind(scope constructs.Construct) binding.Sink {
	switch s := f.Sink; {
	case s.Email != nil:
		return sink.Email(*s.Email).Bind(scope)
	case s.Slack != nil:
		return sink.Slack{Token: secretIn(scope, s.Slack.Token), Channel: s.Slack.Channel, Mention: s.Slack.Mention, MentionFrom: watch.Severity(s.Slack.MentionFrom)}.Bind(scope)
	case s.SlackWebhook != nil:
		return sink.SlackWebhook{Webhook: secretIn(scope, s.SlackWebhook.Webhook), Mention: s.SlackWebhook.Mention, MentionFrom: watch.Severity(s.SlackWebhook.MentionFrom)}.Bind(scope)
	case s.Teams != nil:
		return sink.Teams{Webhook: secretIn(scope, s.Teams.Webhook)}.Bind(scope)
	case s.PagerDuty != nil:
		return sink.PagerDuty{RoutingKey: secretIn(scope, s.PagerDuty.RoutingKey), Changes: s.PagerDuty.Changes, EU: s.PagerDuty.EU}.Bind(scope)
	case s.Topic != nil:
		return sink.Topic{Topic: imported(scope, "Topic "+s.Topic.ARN, func(in constructs.Construct, id *string) awssns.ITopic {
			return awssns.Topic_FromTopicArn(in, id, jsii.String(s.Topic.ARN))
		})}.Bind(scope)
	}
	hook := sink.Webhook{URL: f.Webhook.URL}
	if f.Webhook.SigningKey != nil {
		hook.SigningKey = secretIn(scope, *f.Webhook.SigningKey)
	}
	return hook.Bind(scope)
}

// secretIn imports a secret.
func secretIn(scope constructs.Construct, s services.Secret) sink.Secret {
	if s.Parameter != "" {
		return sink.FromParameter(imported(scope, "Parameter "+s.Parameter, func(in constructs.Construct, id *string) awsssm.IStringParameter {
			return awsssm.StringParameter_FromSecureStringParameterAttributes(in, id, &awsssm.SecureStringParameterAttributes{ParameterName: jsii.String(s.Parameter)})
		}), nil)
	}
	return sink.FromSecretsManager(imported(scope, "Secret "+s.Secret, func(in constructs.Construct, id *string) awssecretsmanager.ISecret {
		return awssecretsmanager.Secret_FromSecretNameV2(in, id, jsii.String(s.Secret))
	}), s.Field)
}

// imported imports something once.
func imported[R awscdk.IResource](scope constructs.Construct, name string, importIt func(constructs.Construct, *string) R) R {
	id := jsii.String("Imported " + name)
	if known, ok := scope.Node().TryFindChild(id).(R); ok {
		return known
	}
	return importIt(scope, id)
}
