package notice

import (
	"bytes"
	"encoding/json"
)

// JSON writes a message that is made of structs, texts and the like, which always
// can be written. It leaves <, > and & as they are: people read what is sent.
func JSON(v any) []byte {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
