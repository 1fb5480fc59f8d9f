package post

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
)

// reasons are the members in which APIs say what is wrong, with those first that hold
// codes. What else is in an answer may repeat the request, and is left out.
var reasons = []string{
	"code", "errorCode", "error_code", "error", "status", "message", "error_description", "errorMessage", "title", "detail", "errors",
}

const (
	maxReasons = 8 // strings
	maxNesting = 4
)

// said is what an answer says is wrong: the codes and messages of JSON, or the text
// itself. Of a web page it is nothing: the status says as much.
func said(answer []byte) string {
	if bytes.HasPrefix(bytes.TrimSpace(answer), []byte("<")) {
		return ""
	}
	var v any
	if json.Unmarshal(answer, &v) == nil {
		if all := appendReasons(nil, v, maxNesting); len(all) > 0 {
			return strings.Join(all, ": ")
		}
	}
	return string(answer)
}

// appendReasons appends the strings of an object or a list of them, each once.
func appendReasons(all []string, v any, nesting int) []string {
	if nesting == 0 || len(all) == maxReasons {
		return all
	}
	switch v := v.(type) {
	case string:
		if v != "" && !slices.Contains(all, v) {
			all = append(all, v)
		}
	case []any:
		for _, inner := range v {
			all = appendReasons(all, inner, nesting-1)
		}
	case map[string]any:
		for _, name := range reasons {
			all = appendReasons(all, v[name], nesting-1)
		}
	}
	return all
}
