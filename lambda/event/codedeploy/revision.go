package codedeploy

import (
	"cmp"
	"net/url"
	"path"
	"strings"

	"github.com/extraeye/extraeye/lambda/event"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Revision is what a deployment deploys: exactly one of its kinds is set, or none.
type Revision struct {
	// S3
	Bucket, Key, Version, ETag string
	// GitHub
	Repository, Commit string
	// AppSpec is the text of an AppSpec file (ECS and Lambda), in JSON or YAML, or of one of
	// CodeDeploy's old String revisions.
	AppSpec string
}

// Name is the version that people know a revision by: the base name of an S3 key without its
// extension, or the short commit, or the task definition or function version of an AppSpec
// file. It is "" if none is known.
func (r Revision) Name() string {
	switch {
	case r.Key != "":
		return trimExtension(path.Base(r.Key))
	case r.Commit != "":
		return shortCommit(r.Commit)
	default:
		return appSpecVersion(r.AppSpec)
	}
}

// trimExtension cuts off ".zip", ".tgz" or ".tar.gz", but not the ".2" of "1.4.2".
func trimExtension(name string) string {
	for range 2 {
		base, ext := strings.TrimSuffix(name, path.Ext(name)), strings.TrimPrefix(path.Ext(name), ".")
		if base == "" || len(ext) < 2 || len(ext) > 4 || strings.Trim(strings.ToLower(ext), "abcdefghijklmnopqrstuvwxyz") != "" {
			break
		}
		name = base
		if !strings.HasSuffix(strings.ToLower(name), ".tar") {
			break
		}
	}
	return name
}

// shortCommit is how git and GitHub shorten a commit.
func shortCommit(commit string) string {
	if len(commit) > 7 && strings.Trim(strings.ToLower(commit[:7]), "0123456789abcdef") == "" {
		return commit[:7]
	}
	return commit
}

// addFacts adds the revision's facts.
func (r Revision) addFacts(n *notice.Notice, c event.Console) {
	switch {
	case r.Key != "":
		n.Add("Revision", "s3://"+r.Bucket+"/"+r.Key, c.Object(r.Bucket, r.Key))
		n.Add("Object version", r.Version, "")
		n.Add("ETag", strings.Trim(r.ETag, `"`), "")
	case r.Commit != "":
		n.Add("Revision", strings.Trim(r.Repository+"@"+r.Commit, "@"), gitHubCommit(r.Repository, r.Commit))
	default:
		n.Add("AppSpec", r.AppSpec, "")
	}
}

// before writes the revision as the one that another replaced, with a link to what changed
// if both are commits of one repository on GitHub.
func (r Revision) before(next Revision) (text, compare string) {
	switch name := r.Name(); {
	case name == "":
		return "", ""
	case r == next:
		return name + ", the same revision", ""
	case r.Commit != "" && next.Commit != "" && r.Repository == next.Repository:
		return name, gitHub(r.Repository, "compare", r.Commit+"..."+next.Commit)
	case name == next.Name() && r.Version+r.ETag != "":
		return name + " (object " + cmp.Or(r.Version, strings.Trim(r.ETag, `"`)) + ")", ""
	default:
		return name, ""
	}
}

// gitHubCommit links to a commit.
func gitHubCommit(repository, commit string) string { return gitHub(repository, "commit", commit) }

// gitHub links to a page of a repository, or returns "" if repository is not
// "owner/name".
func gitHub(repository, page, of string) string {
	owner, name, ok := strings.Cut(repository, "/")
	if !ok || owner == "" || name == "" || strings.Contains(name, "/") {
		return ""
	}
	return "https://github.com/" + url.PathEscape(owner) + "/" + url.PathEscape(name) + "/" + page + "/" + url.PathEscape(of)
}
