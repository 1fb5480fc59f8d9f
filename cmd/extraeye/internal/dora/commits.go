package dora

import (
	"context"
	"os/exec"
	"regexp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/lambda/notice"
)

// commitID is a commit's id, whole or cut.
var commitID = regexp.MustCompile(`^[0-9a-fA-F]{7,64}$`)

// tagName is a version that may be a tag's name.
var tagName = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z._+-]{0,100}$`)

// InRepository looks commits up in a clone on this machine: by the commit that a release names, or
// by a tag that is called like its version, with or without a v. It fetches nothing.
func InRepository(ctx context.Context, dir string) CommitTime {
	known := map[string]time.Time{}
	return func(r *notice.Release) (time.Time, bool) {
		for _, name := range names(r) {
			at, asked := known[name]
			if !asked {
				at = commitTime(ctx, dir, name)
				known[name] = at
			}
			if !at.IsZero() {
				return at, true
			}
		}
		return time.Time{}, false
	}
}

// names are what git may know a release by. They come from AWS's records: nothing in them is an
// option or an expression of git's.
func names(r *notice.Release) (all []string) {
	if commitID.MatchString(r.Commit) {
		all = append(all, r.Commit)
	}
	if tagName.MatchString(r.Version) && !strings.Contains(r.Version, "..") {
		all = append(all, "refs/tags/"+r.Version, "refs/tags/v"+r.Version)
	}
	return all
}

// commitTime is when a commit was made, or zero if git does not know it.
func commitTime(ctx context.Context, dir, name string) time.Time {
	out, err := exec.CommandContext(ctx, "git", "-C", dir, "log", "-1", "--no-show-signature", "--format=%cI", name+"^{commit}", "--").Output()
	if err != nil {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339, strings.TrimSpace(string(out)))
	if err != nil {
		return time.Time{}
	}
	return at
}
