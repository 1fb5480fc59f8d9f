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
	"regexp"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/card"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fake"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/result"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/visible"
	"github.com/extraeye/extraeye/lambda/notice"
)

// Item is the result for one event at one target, with all that the page shows of it.
type Item struct {
	result.Result
	// Number is the item's place, from 1; it names its files and its anchor.
	Number int
	// Event is the event as it was played.
	Event json.RawMessage
	// Input is what the target received; nil if no rule matched.
	Input json.RawMessage
	// Carried is set when Input is all that a native target gets.
	Carried bool
	// Mail and Message are what was sent, if it was one.
	Mail    *fakeaws.Mail
	Message *fakeaws.Message
	// Notice is what the result is of; nil if there is none.
	Notice *notice.Notice
	// Calls are the notifier's requests; secrets are hidden.
	Calls []fake.Call
	Log   string
}

// SetNotice keeps a notice, and copies its content into the result.
func (i *Item) SetNotice(n *notice.Notice) {
	i.Notice = n
	i.Result.SetNotice(n)
}

// Page is a whole rehearsal.
type Page struct {
	// App names what is rehearsed.
	App  string
	Made time.Time
	// Endpoint is the emulator that was called. Empty: the fakes answered.
	Endpoint string
	// Timeline is the file of the timeline. It may be empty.
	Timeline string
	Items    []Item
}

// Subject is the line that stands for the item in a list.
func (i Item) Subject() string {
	switch {
	case i.Mail != nil && i.Mail.Subject != "":
		return i.Mail.Subject
	case i.Message != nil && i.Message.Subject != "":
		return i.Message.Subject
	case i.Title != "":
		return i.Title
	case i.DetailType != "":
		return i.DetailType
	}
	return filepath.Base(i.File)
}

// WriteFiles writes what was sent, and the target's input, and returns their paths.
func (i Item) WriteFiles(dir string) ([]string, error) {
	files := []struct{ extension, text string }{}
	add := func(extension, text string) {
		if text != "" {
			files = append(files, struct{ extension, text string }{extension, text})
		}
	}
	if i.Mail != nil {
		add("html", i.Mail.HTML)
		add("txt", i.Mail.Text)
	}
	if i.Message != nil && !destination.IsDrawn(i.Sink) {
		add("txt", i.Message.Text)
	}
	if body := i.sent(); body != nil {
		add("json", card.Indent(body))
		add("delivery.json", card.Indent(i.Input))
	} else {
		add("json", card.Indent(i.Input))
	}
	paths := []string{}
	for _, f := range files {
		path := filepath.Join(dir, fmt.Sprintf("%03d-%s.%s", i.Number, fileName(i.Sink), f.extension))
		if err := os.WriteFile(path, []byte(f.text), 0o644); err != nil {
			return paths, fmt.Errorf("write what was sent: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

var unfit = regexp.MustCompile(`[^a-z0-9]+`)

func fileName(sink string) string {
	return strings.Trim(unfit.ReplaceAllString(strings.ToLower(sink), "-"), "-")
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
