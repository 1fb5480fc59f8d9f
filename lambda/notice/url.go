package notice

import (
	"net/url"
	"strings"
)

// IsWeb reports whether u can be shown as a link: an address on the web with
// nothing hidden in it, and its scheme in lower case, as every recipient takes it.
func IsWeb(u string) bool {
	p, err := url.Parse(u)
	return err == nil && (p.Scheme == "https" || p.Scheme == "http") && strings.HasPrefix(u, p.Scheme) && p.Host != "" && Line(u) == u
}

// webEncoder encodes the characters that a URL must not have as they are. Some of
// them would end a URL in the markup around it.
//
// https://www.rfc-editor.org/rfc/rfc3986#section-2
var webEncoder = strings.NewReplacer(" ", "%20", `"`, "%22", "<", "%3C", ">", "%3E", "|", "%7C", `\`, "%5C", "^", "%5E", "`", "%60")

// EncodeURL returns u with the characters encoded that a URL must not have, or "" if
// u is not the address of a web page.
func EncodeURL(u string) string {
	if !IsWeb(u) {
		return ""
	}
	return webEncoder.Replace(u)
}
