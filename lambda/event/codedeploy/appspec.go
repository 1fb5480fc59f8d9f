package codedeploy

import "strings"

// appSpecVersion finds what an AppSpec file deploys: an ECS task definition as
// "family:revision", or a Lambda function and its version as "name:version".
//
// https://docs.aws.amazon.com/codedeploy/latest/userguide/reference-appspec-file-structure-resources.html
func appSpecVersion(appSpec string) string {
	if task := appSpecValue(appSpec, "TaskDefinition"); task != "" {
		_, name, ok := strings.Cut(task, ":task-definition/")
		if !ok {
			name = task
		}
		return name
	}
	version := appSpecValue(appSpec, "TargetVersion")
	if name := appSpecValue(appSpec, "Name"); name != "" && version != "" {
		return name + ":" + version
	}
	return version
}

// appSpecValue returns the first value of a key. An AppSpec file is JSON or YAML, in block or
// in flow style. All three write a scalar as a key, a colon and the value on one line, which
// is all that is read here.
func appSpecValue(text, key string) string {
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, " #")
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		if value := valueIn(line, key); value != "" {
			return value
		}
	}
	return ""
}

// valueIn returns the first value of a key in a line, "" if there is none.
func valueIn(line, key string) string {
	for {
		before, after, found := strings.Cut(line, key)
		if !found {
			return ""
		}
		line = after
		if before != "" && !strings.ContainsAny(before[len(before)-1:], "\"' \t{,-") {
			continue // the end of a longer key, such as ContainerName
		}
		if value, ok := strings.CutPrefix(strings.TrimLeft(after, "\"' \t"), ":"); ok {
			if value = scalar(value); value != "" {
				return value
			}
		}
	}
}

// scalar reads a quoted or plain value up to where it ends.
func scalar(s string) string {
	s = strings.TrimSpace(s)
	if s != "" && strings.ContainsAny(s[:1], "\"'") {
		value, _, _ := strings.Cut(s[1:], s[:1])
		return value
	}
	if i := strings.IndexAny(s, ",{}[]\""); i >= 0 {
		s = s[:i]
	}
	return strings.TrimSpace(s)
}
