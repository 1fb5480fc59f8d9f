package rehearse

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/samples"
	"github.com/extraeye/extraeye/internal/eventpattern"
	"github.com/extraeye/extraeye/internal/wire"
)

// event is an event to play.
type event struct {
	file           string
	raw            json.RawMessage
	id, detailType string
	parsed         *eventpattern.Event
	samples.Unsaid // of a built-in event
}

// maxEvent is how long an event can be.
//
// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
const maxEvent = 1 << 20

// readEvents reads files of one event each, and all .json files in folders and
// the folders in them, in the order of their names.
func readEvents(paths []string, problem func(error)) []event {
	var events []event
	for _, root := range paths {
		found := 0
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				err = fmt.Errorf("%s does not exist: name a file of an event, or a folder of such files", path)
			}
			if err != nil {
				problem(err)
				return nil
			}
			if d.IsDir() || path != root && filepath.Ext(path) != ".json" {
				return nil
			}
			found++
			e, err := readEvent(path)
			if err != nil {
				problem(err)
				return nil
			}
			events = append(events, e)
			return nil
		})
		if info, statErr := os.Stat(root); statErr == nil && info.IsDir() && found == 0 {
			err = fmt.Errorf("%s has no .json file", root)
		}
		if err != nil {
			problem(err)
		}
	}
	return events
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
		return event{}, fmt.Errorf("%s is no event: %w", path, err)
	}
	return e, nil
}

// newEvent reads an event as far as it is needed here.
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
	json.Unmarshal(members["id"], &e.id) // what is no text stays empty
	json.Unmarshal(members["detail-type"], &e.detailType)
	return e, nil
}

// builtIn returns the built-in events that the rules match, dressed in the names
// that they ask for, in the order in which they happen. For a pattern that none of
// them fits an event is made up.
func builtIn(app *assembly.App, rules []rule, progress func(string)) ([]event, error) {
	stacks := map[string]assembly.Stack{}
	for _, s := range app.Stacks {
		stacks[s.Name] = s
	}
	var all []samples.Sample
	now := time.Now()
	for _, r := range rules {
		if !r.Enabled {
			progress("note: the rule " + r.label() + " is disabled: no event is played for it")
			continue
		}
		s := stacks[r.Stack]
		at := samples.Setting{Account: s.Account, Region: s.Region, Partition: s.Partition, Now: now}
		list, err := samples.For(r.Pattern, at)
		if err != nil {
			return nil, err
		}
		if len(list) == 0 {
			made, ok := samples.Make(r.Pattern, r.paths(), at)
			if !ok {
				progress("note: no built-in event fits the rule " + r.label() + ": give a file with an event")
				continue
			}
			list = append(list, made)
		}
		all = append(all, list...)
	}
	slices.SortStableFunc(all, func(a, b samples.Sample) int { return a.Time.Compare(b.Time) })

	var events []event
	seen := map[string]bool{}
	for _, sample := range all {
		e, err := newEvent(sample.Name, sample.Event)
		if err != nil {
			return nil, err
		}
		if e.Unsaid = sample.Unsaid; !seen[e.id] { // the ids are made from the names
			events = append(events, e)
		}
		seen[e.id] = true
	}
	if len(events) == 0 {
		return nil, errors.New("no built-in event fits any rule: give files with events")
	}
	return events, nil
}

// paths lead to the values of the event that a user's own watch tells.
func (r rule) paths() [][]wire.Step {
	var all [][]wire.Step
	for _, t := range r.Targets {
		var delivery wire.Delivery
		payload, err := t.Payload([]byte("{}"), r.Rule)
		if err != nil || json.Unmarshal(payload, &delivery) != nil || delivery.Watch.Pattern == nil {
			continue
		}
		title, _ := wire.ParseTitle(delivery.Watch.Pattern.Title) // one that cannot be read has no paths
		for _, part := range title {
			if part.Path != nil {
				all = append(all, part.Path)
			}
		}
		for _, f := range delivery.Watch.Pattern.Facts {
			if path, err := wire.ParsePath(f.Path); err == nil {
				all = append(all, path)
			}
		}
	}
	return all
}
