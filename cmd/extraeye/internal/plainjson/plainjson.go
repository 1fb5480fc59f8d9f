// Package plainjson writes JSON with <, > and & as they are. Package encoding/json
// escapes them for HTML, which no reader of the command's output is.
package plainjson

import (
	"bytes"
	"encoding/json"
)

// Marshal is json.Marshal without escapes for HTML.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}
