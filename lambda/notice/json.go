package notice

import "github.com/extraeye/extraeye/internal/plainjson"

// JSON encodes a message of structs and strings, for which encoding cannot fail. It
// does not escape <, > and &: people read what is sent.
func JSON(v any) []byte {
	b, _ := plainjson.Marshal(v)
	return b
}
