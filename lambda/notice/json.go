package notice

import "github.com/extraeye/extraeye/internal/plainjson"

// JSON writes a message that is made of structs, texts and the like, which can
// always be written. It leaves <, > and & as they are: people read what is sent.
func JSON(v any) []byte {
	b, _ := plainjson.Marshal(v)
	return b
}
