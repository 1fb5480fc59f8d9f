package services

import (
	"github.com/extraeye/extraeye/internal/wire"
)

// The patterns of texts. They are the same in Go and in JSON Schema.
const (
	// anyName has neither blanks around it nor control characters nor wildcards.
	anyName = `^[^\s\p{Cc}*?]([^\p{Cc}*?]*[^\s\p{Cc}*?])?$`
	address = `^([^\s<>@]+@[^\s<>@]+|[^<>@]*<[^\s<>@]+@[^\s<>@]+>)$`
	// mention is that of sink.Slack.
	mention = `^((@here|@channel|@everyone|<!subteam\^[A-Z0-9]+>|<@[A-Z0-9]+>)( |$))+$`
	// https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
	topicARN = `^arn:[a-z0-9-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$`
)

// format is the form of a file.
var format = object("the file",
	field("$schema", "The address of this schema, for editors.", text{say: "the address of the schema"}),
	field("teamTag", "The key of the tag whose value names a team: whatever is tagged with team=checkout is checkout's, if this is team.", name(128, "the key of a tag, such as team")),
	required("teams", "Who is notified about what.", list(1, 0, team)),
	field("others", "Who is notified about what belongs to no team. Without it, nobody is, and the log says so.", sinks),
)

var team = object("a team",
	required("name", "The team's name, which is also the value of its tag.", name(128, "what the team calls itself")),
	required("sinks", "Where the team is notified.", sinks),
	field("accounts", "AWS accounts of which everything is this team's that no table and no tag gives to another one.", names(text{pattern: "^[0-9]{12}$", say: `the 12 digits of an account, in quotes: "123456789012"`})),
	field("services", "What the team runs.", list(0, 0, service)),
)

var service = object("a service",
	required("name", "The team's own name for the service. Notices have it.", name(128, "what the team calls the service")),
	field("autoScalingGroupNames", "Its Auto Scaling groups.", names(thing(255, "the name of an Auto Scaling group"))),
	field("codeDeployApplications", "Its CodeDeploy applications.", names(thing(100, "the name of a CodeDeploy application"))),
	field("clusterNames", "ECS clusters of which everything is its own that no ecsServices of another service name.", names(thing(255, "the name of an ECS cluster"))),
	field("ecsServices", "Its ECS services, each as CLUSTER/SERVICE.", names(text{pattern: "^[A-Za-z0-9_-]{1,255}/[A-Za-z0-9_-]{1,255}$", say: "the cluster and the service, as main/cart"})),
	field("alarmNames", "Its CloudWatch alarms.", names(thing(255, "the name of an alarm"))),
)

var sinks = list(1, 20, sink)

// sink has exactly one of these fields.
var sink = oneOf(object("a sink",
	field("email", "A mail through SES, in the Region of the notifier.", object("a mail",
		required("from", "The sender, whose address or domain SES has verified.", mail),
		required("to", "The recipients.", list(1, 50, mail)),
		field("cc", "Further recipients.", list(1, 50, mail)),
		field("replyTo", "Where answers go.", list(1, 50, mail)),
		field("configurationSet", "The SES configuration set to send with.", name(64, "the name of a configuration set")),
		field("identity", "The SES identity to send from: a domain, an address or an ARN.", name(512, "a domain, an address or the ARN of an identity")),
	)),
	field("slack", "A channel, posted to as an app.", object("a Slack channel",
		required("token", "The bot token of the app (xoxb-…).", secret),
		required("channel", "The channel's id or its name.", text{pattern: `^#?[\p{L}\p{M}\p{N}_-]{1,80}$`, say: `a channel's id or name, in quotes: "#ops"`}),
		field("mention", "Who is mentioned.", mentioned),
		field("mentionFrom", "The severity from which on somebody is mentioned; error by default.", severity),
	)),
	field("slackWebhook", "The channel of an incoming webhook.", object("a Slack webhook",
		required("webhook", "The webhook's URL.", secret),
		field("mention", "Who is mentioned.", mentioned),
		field("mentionFrom", "The severity from which on somebody is mentioned; error by default.", severity),
	)),
	field("teams", "A channel of Microsoft Teams.", object("a Teams channel",
		required("webhook", "The URL of the workflow.", secret),
	)),
	field("pagerDuty", "A service of PagerDuty.", object("a PagerDuty service",
		required("routingKey", "Its integration key.", secret),
		field("changes", "Deployments are change events instead of alerts.", flag{}),
		field("eu", "The account is in PagerDuty's EU service region.", flag{}),
	)),
	field("topic", "An SNS topic.", object("a topic",
		required("arn", "The topic's ARN.", text{pattern: topicARN, say: "the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ops"}),
	)),
	field("webhook", "Any HTTPS endpoint. Its URL can be read by everyone who sees the template.", object("a webhook",
		required("url", "The endpoint.", text{pattern: `^https://[^\s\p{Cc}]+$`, say: "a URL that begins with https://"}),
		field("signingKey", "What signs the messages.", secret),
	)),
))

var secret = secretOf(object("a secret",
	field("secret", "The name of a secret in Secrets Manager.", text{pattern: `^[A-Za-z0-9/_+=.@-]+$`, longest: 512, say: "the name of a secret in Secrets Manager, such as checkout/slack"}),
	field("field", "The field of the secret, if it is a JSON object.", name(255, "the field of the secret")),
	field("parameter", "The name of a SecureString parameter in SSM.", text{pattern: `^[A-Za-z0-9/_.-]+$`, longest: 1011, say: "the name of a parameter in SSM, such as /checkout/slack"}),
))

var (
	mail      = text{pattern: address, say: "team@example.com or Team <team@example.com>"}
	mentioned = text{pattern: mention, say: "@here, @channel, <!subteam^S…> for a group or <@U…> for a person, with blanks between them"}
	severity  = text{choices: severities(), say: "info, warning, error or critical"}
)

func severities() (all []string) {
	for _, s := range wire.AllSeverities() {
		all = append(all, string(s))
	}
	return all
}

// name is a text that names something.
func name(longest int, say string) text { return text{pattern: anyName, longest: longest, say: say} }

// thing is the name of something of AWS's that has an ARN, too.
func thing(longest int, say string) text {
	t := name(longest, say)
	t.notARN = true
	return t
}

// names is a list in which nothing is twice.
func names(of text) sequence {
	l := list(1, 0, of)
	l.unique = true
	return l
}

// oneOf is an object with exactly one of its fields.
func oneOf(o mapping) mapping {
	for _, f := range o.fields {
		o.exactlyOne = append(o.exactlyOne, f.name)
	}
	return o
}

// secretOf is an object that names a secret or a parameter.
func secretOf(o mapping) mapping {
	o.exactlyOne = []string{"secret", "parameter"}
	o.needs = [2]string{"field", "secret"}
	return o
}
