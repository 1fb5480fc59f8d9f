package main

import (
	"fmt"
	"io"

	"github.com/extraeye/extraeye/internal/plainjson"
)

// printJSONLine prints a value as one line of JSON.
func printJSONLine(out io.Writer, v any) error {
	line, err := plainjson.Marshal(v)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s\n", line)
	return nil
}
