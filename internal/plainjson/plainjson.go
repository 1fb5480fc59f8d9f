// Package plainjson writes JSON for people and for APIs: <, > and & stay as they
// are. What encoding/json makes of them is for JSON inside of HTML.
package plainjson

import (
	"bytes"
	"encoding/json"
)

// Marshal is [json.Marshal] without the escaping for HTML.
func Marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}
