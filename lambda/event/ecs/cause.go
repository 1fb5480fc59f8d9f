package ecs

import "strings"

// cause says in a few words what an error is about, for a title: "image not found". It is ""
// for text that is not known.
func cause(text string) string {
	text = normal(text)
	text = strings.TrimSpace(strings.TrimPrefix(text, "taskfailedtostart:"))
	if reason, ok := placementFailures[strings.ToUpper(text)]; ok {
		return reason
	}
	for _, e := range errorCauses {
		if !strings.HasPrefix(text, e.opening) {
			continue
		}
		for _, d := range e.details {
			if strings.Contains(text, d.phrase) {
				return d.cause
			}
		}
		return e.cause
	}
	return ""
}

// detail is a phrase that says more than the name of an error does.
type detail struct{ phrase, cause string }

// errorCauses are what AWS's errors are about: how the text begins, the phrases that say more,
// the first of which counts, and what it is about without one. All are in lower case.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
var errorCauses = []struct {
	opening string
	details []detail
	cause   string
}{
	{"cannotpull", pullDetails, "image could not be pulled"},
	{"resourceinitializationerror", setupDetails, "resources could not be set up"},
	{"resourcenotfoundexception", setupDetails, "a resource was not found"},
	{"fetching secret data", setupDetails, "secret could not be read"},
	{"cannotcreatecontainer", startDetails, "container could not be created"},
	{"cannotstartcontainer", startDetails, "container could not be started"},
	{"createcontainerconfigerror", startDetails, "container's configuration is wrong"},
	{"hostconfigerror", startDetails, "container's configuration is wrong"},
	{"dockerclientconfigerror", startDetails, "container's configuration is wrong"},
	{"dockerstateerror", startDetails, "Docker error"},
	{"containerruntimetimeouterror", nil, "container runtime timed out"},
	{"dockertimeouterror", nil, "Docker timed out"},
	{"containerruntimeerror", startDetails, "container runtime error"},
	{"containernetworkingerror", startDetails, "container networking error"},
	{"cannotinspectcontainer", nil, "container could not be inspected"},
	{"cannotdescribecontainer", nil, "container could not be inspected"},
	{"cannotstopcontainer", nil, "container could not be stopped"},
	{"cannotcreatevolume", setupDetails, "volume could not be created"},
	{"cannotinspectvolume", setupDetails, "volume could not be inspected"},
	{"invalidvolumeerror", nil, "invalid volume"},
	{"internalerror", networkDetails, "internal error of ECS"},
	{"timeout waiting for network interface", nil, "no network interface in time"},
	{"timeout waiting for ephemeralstorage", nil, "no ephemeral storage in time"},
	{"unexpected ec2 error", networkDetails, "EC2 error"},
	{"unable to attach network interface", nil, "network interface could not be attached"},
	{"capacity is unavailable", nil, "no capacity"},
	{"ecs was unable to assume", nil, "role could not be assumed"},
	{"the selected task definition is not compatible", nil, "task definition does not fit the capacity"},
}

// pullDetails say why an image could not be pulled.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
// https://github.com/aws/amazon-ecs-agent/blob/master/agent/api/errormessages/error_messages.go
var pullDetails = []detail{
	{"toomanyrequests", "image pull rate limit"},
	{"rate limit", "image pull rate limit"},
	{"not authorized to perform", "no permission to pull the image"},
	{"check that the role has the permissions", "no permission to pull the image"},
	{"no basic auth credentials", "no permission to pull the image"},
	{"authentication required", "no permission to pull the image"},
	{"403 forbidden", "no permission to pull the image"},
	{"manifest unknown", "image not found"},
	{"check whether the image exists", "image not found"},
	{"descriptor matching platform", "image is not built for this platform"},
	{"no matching manifest", "image is not built for this platform"},
	{"may require 'docker login'", "image not found, or no permission to pull it"},
	{"not found", "image not found"},
	{"does not exist", "image not found"},
	{"no such image", "image not found"},
	{"no space left on device", "no disk space for the image"},
	{"access denied", "no permission to pull the image"},
	{"denied:", "no permission to pull the image"},
	{"unauthorized", "no permission to pull the image"},
	{"connection issue", "registry could not be reached"},
	{"check your network", "registry could not be reached"},
	{"request canceled", "registry could not be reached"},
	{"context canceled", "registry could not be reached"},
	{"context deadline exceeded", "registry could not be reached"},
	{"timeout", "registry could not be reached"},
	{"timed out", "registry could not be reached"},
	{"connection refused", "registry could not be reached"},
	{"no such host", "registry could not be reached"},
	{"dial tcp", "registry could not be reached"},
}

// setupDetails say what could not be set up for a task: secrets, the login to the registry,
// logging, volumes and environment files.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-not-found-error.html
var setupDetails = []detail{
	{"can't find the specified secret", "secret not found"},
	{"can’t find the specified secret", "secret not found"},
	{"did not contain json key", "secret has no such key"},
	{"invalid ssm parameters", "parameter not found"},
	{"parameternotfound", "parameter not found"},
	{"log group does not exist", "log group not found"},
	{"not authorized to perform: secretsmanager", "no permission to read a secret"},
	{"not authorized to perform: ssm", "no permission to read a parameter"},
	{"not authorized to perform: kms", "no permission to decrypt a secret"},
	{"not authorized to perform: logs", "no permission to write logs"},
	{"not authorized to perform: ecr", "no permission to log in to the registry"},
	{"not authorized to perform", "no permission"},
	{"logging driver", "logging could not be set up"},
	{"logger", "logging could not be set up"},
	{"env file", "environment file could not be read"},
	{"environment file", "environment file could not be read"},
	{"efs", "EFS file system could not be mounted"},
	{"file system", "file system could not be mounted"},
	{"ebs volume", "EBS volume could not be attached"},
	{"ecr registry auth", "no login to the registry"}, // unable to retrieve ecr registry auth: …
	{"connection issue", "secrets could not be reached"},
	{"dial tcp", "secrets could not be reached"},
	{"context deadline exceeded", "secrets could not be reached"},
	{"secret", "secret could not be read"},
}

// startDetails say why a container could not be created or started.
var startDetails = []detail{
	{"executable file not found", "command not found"},
	{"exec format error", "image is built for another CPU"},
	{"no such file or directory", "file or command not found"},
	{"permission denied", "permission denied"},
	{"no space left on device", "no disk space"},
	{"port is already allocated", "port is taken"},
	{"address already in use", "port is taken"},
	{"conflict. the container name", "container's name is taken"},
	{"cannot allocate memory", "no memory"},
	{"logging driver", "logging could not be set up"},
	{"could not select device driver", "no GPU"},
	{"no such image", "image not found"},
	{"unable to find user", "user not found in the image"},
}

// networkDetails say why a task has no network interface.
//
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/failed-to-start-error.html
var networkDetails = []detail{
	{"insufficientfreeaddresses", "no free IP address in the subnet"},
	{"not enough free addresses", "no free IP address in the subnet"},
	{"does not have enough free", "no free IP address in the subnet"},
	{"create network interface", "network interface could not be created"},
	{"attach network interface", "network interface could not be attached"},
}
