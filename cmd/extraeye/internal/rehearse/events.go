package rehearse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/eventpattern"
)

// event is an event to play.
type event struct {
	file           string
	raw            json.RawMessage
	id, detailType string
	home           home
	parsed         *eventpattern.Event
	hints          samples.Hints // of a built-in event
	down           string        // the JSON name of sinks that are down when it happens
}

// maxEvent is the length of an event, in bytes.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const maxEvent = 1 << 20

// readEvents reads files of one event each, and all .json files in folders and
// the folders in them, in the order of their names.
func readEvents(paths []string, problem func(error)) []event {
	var events []event
	for _, root := range paths {
		found := 0
		_ = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error { // it reports each problem and goes on
			switch {
			case errors.Is(err, fs.ErrNotExist):
				problem(fmt.Errorf("%s does not exist: name a file of an event, or a folder of such files", path))
			case err != nil:
				problem(err)
			case !d.IsDir() && (path == root || filepath.Ext(path) == ".json"):
				found++
				e, err := readEvent(path)
				if err != nil {
					problem(err)
					break
				}
				events = append(events, e)
			}
			return nil
		})
		if found == 0 && isFolder(root) {
			problem(fmt.Errorf("%s has no .json file", root))
		}
	}
	return events
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func readEvent(path string) (event, error) {
	info, err := os.Stat(path)
	if err != nil {
		return event{}, err
	}
	if info.Size() > maxEvent {
		return event{}, fmt.Errorf("%s is %d bytes long: an event has at most %d", path, info.Size(), maxEvent)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return event{}, err
	}
	raw = bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\ufeff")))
	if len(raw) == 0 {
		return event{}, fmt.Errorf("%s is empty", path)
	}
	e, err := newEvent(path, raw)
	if err != nil {
		return event{}, fmt.Errorf("%s is not an event: %w", path, err)
	}
	return e, nil
}

// newEvent reads the fields of an event that are needed here.
func newEvent(file string, raw json.RawMessage) (event, error) {
	parsed, err := eventpattern.ParseEvent(raw)
	if err != nil {
		return event{}, errors.New(strings.TrimPrefix(err.Error(), "event: "))
	}
	e := event{file: file, raw: raw, parsed: parsed}
	var members map[string]json.RawMessage
	if err := json.Unmarshal(raw, &members); err != nil {
		return event{}, err
	}
	if members["source"] == nil || members["detail-type"] == nil {
		return event{}, errors.New("it has no source and detail-type")
	}
	_ = json.Unmarshal(members["id"], &e.id) // what is not a string stays empty
	_ = json.Unmarshal(members["detail-type"], &e.detailType)
	_ = json.Unmarshal(members["account"], &e.home.account)
	_ = json.Unmarshal(members["region"], &e.home.region)
	return e, nil
}
