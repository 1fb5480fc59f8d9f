// Package inbox shows the notifications of a rehearsal: one page that looks like
// an inbox, and the files that it is made of.
package inbox

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
)

// Page is a whole rehearsal.
type Page struct {
	// App names what is rehearsed.
	App  string
	Made time.Time
	// Endpoint is the emulator that was called. Empty: the fakes answered.
	Endpoint string
	// Timeline is the file of the timeline. It may be empty.
	Timeline string
	// Deliveries are in the order in which they were played.
	Deliveries []*Delivery
}

// The page and its parts.
var (
	//go:embed page.html
	pageHTML string
	//go:embed page.css
	pageCSS string
	//go:embed page.js
	pageJS string

	script = visible.Text(pageJS) // with the line ends that it is hashed with

	page = template.Must(template.New("page").Funcs(template.FuncMap{
		"css":     func() template.CSS { return template.CSS(pageCSS + card.CSS) },
		"js":      func() template.JS { return template.JS(script) },
		"jsHash":  func() string { return hash(script) },
		"indent":  card.Indent,
		"text":    func(s string) string { return card.Indent(json.RawMessage(s)) },
		"initial": initial,
		"base":    filepath.Base,
	}).Parse(pageHTML))
)

// hash is how a Content-Security-Policy names a script.
//
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy#hash_algorithm-hash_value
func hash(script string) string {
	sum := sha256.Sum256([]byte(script))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// generator marks a page as one of ours.
const generator = `<meta name="generator" content="extraeye rehearse">`

// Prepare makes the folder and removes the files of an earlier rehearsal in it.
func Prepare(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of the rehearsal: %w", err)
	}
	earlier, err := os.ReadFile(filepath.Join(dir, "index.html"))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("read the page of an earlier rehearsal: %w", err)
	case !bytes.Contains(earlier, []byte(generator)):
		return nil
	}
	for _, extension := range []string{"html", "txt", "json"} {
		old, _ := filepath.Glob(filepath.Join(dir, "[0-9][0-9][0-9]*-*."+extension))
		for _, path := range old {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("remove the earlier rehearsal: %w", err)
			}
		}
	}
	return nil
}

// Write writes the page to index.html and returns its path. Invisible characters are
// escaped.
func (p Page) Write(dir string) (string, error) {
	var out bytes.Buffer
	if err := page.Execute(&out, p); err != nil {
		return "", fmt.Errorf("make the inbox page: %w", err)
	}
	path := filepath.Join(dir, "index.html")
	if err := os.WriteFile(path, []byte(visible.Text(out.String())), 0o644); err != nil {
		return "", fmt.Errorf("write the inbox page: %w", err)
	}
	return path, nil
}
