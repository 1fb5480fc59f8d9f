package secret

import (
	"net/url"
	"strings"
)

// part is a part of a secret. It is found as it is, and if it is a secret by itself,
// in every spelling.
type part struct {
	text     string
	isSecret bool
}

// minPart is how long a part of a URL is, in bytes, to count as a secret by itself:
// anything shorter is not one, and hiding every "v1" would make errors unreadable.
const minPart = 6

// ordinary are the parts of everybody's webhooks: Slack's, and those of Power Automate
// and Logic Apps, which Teams uses.
const ordinary = " services workflows triggers manual paths invoke powerautomate automations direct /triggers/manual/run 2016-06-01 "

// parts returns the parts of a secret that nobody must see. Of a URL, such as that of an
// incoming webhook, these are all but the scheme and the host, which errors name.
func parts(secret string) []part {
	u := webURL(secret)
	if u == nil {
		return []part{{secret, true}}
	}
	all := []part{{secret, false}, {u.String(), false}}
	if u.Path != "" && u.Path != "/" {
		all = append(all, part{u.RequestURI(), false}, part{u.EscapedPath(), false})
	}
	for _, text := range segments(u) {
		if len(text) >= minPart {
			all = append(all, part{text, !strings.Contains(ordinary, " "+text+" ")})
		}
	}
	for _, text := range login(u) {
		if text != "" {
			all = append(all, part{text, true})
		}
	}
	return all
}

// webURL reads a secret that is a URL, and returns nil for any other.
func webURL(secret string) *url.URL {
	u, err := url.Parse(strings.TrimSpace(secret))
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return nil
	}
	return u
}

// login returns the user and the password of a URL. The last is what net/http sends, in
// base64.
func login(u *url.URL) []string {
	if u.User == nil {
		return nil
	}
	password, _ := u.User.Password()
	return []string{u.User.String(), password, u.User.Username() + ":" + password}
}

// segments returns the parts of the path between its slashes, and the values of the
// query: as they are, and decoded.
func segments(u *url.URL) []string {
	all := strings.Split(u.EscapedPath(), "/")
	for pair := range strings.SplitSeq(u.RawQuery, "&") {
		name, value, ok := strings.Cut(pair, "=")
		if !ok {
			value = name
		}
		plain, _ := url.QueryUnescape(value) // "" if it is not escaped well
		all = append(all, value, plain)
	}
	return all
}
