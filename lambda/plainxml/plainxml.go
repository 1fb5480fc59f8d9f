// Package plainxml reads the XML that AWS's APIs answer with. It does what encoding/xml does,
// many times as fast, for documents and types that are plain:
//
//   - a document has elements and text, the entities of &, <, >, quotes and carriage returns,
//     and xmlns as the only attribute,
//   - a type is a struct of texts, of lists of texts, and of structs like it, one by one, by
//     pointer or in a list. A field's tag is its name or path; XMLName has a name.
//
// It leaves everything else to encoding/xml, malformed documents included, so that the result
// and the error are the same for all.
package plainxml

import (
	"encoding/xml"
	"reflect"
)

// Unmarshal is [xml.Unmarshal] into a struct that is empty.
func Unmarshal(document []byte, into any) error {
	if v := reflect.ValueOf(into); v.Kind() == reflect.Pointer && !v.IsNil() && read(string(document), v.Elem()) {
		return nil
	}
	return xml.Unmarshal(document, into)
}

// read reports whether the document and the type are plain. If they are not, v stays as it is.
func read(document string, v reflect.Value) bool {
	var root node
	if v.Kind() != reflect.Struct || !root.addFields(v.Type()) {
		return false
	}
	r := reader{rest: document}
	read := reflect.New(v.Type()).Elem()
	if !r.root(&root, read) {
		return false
	}
	v.Set(read)
	return true
}
