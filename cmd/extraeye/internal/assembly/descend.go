package assembly

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// descend takes one step of a path: "name", "*", "[0]" or "[*]".
func descend(v json.RawMessage, step string) []json.RawMessage {
	if index, ok := strings.CutPrefix(step, "["); ok {
		var items []json.RawMessage
		if json.Unmarshal(v, &items) != nil {
			return nil
		}
		if index == "*]" {
			return items
		}
		i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		if err != nil || i >= len(items) {
			return nil
		}
		return items[i : i+1]
	}
	if step == "*" {
		return everything(v)
	}
	var members map[string]json.RawMessage
	if json.Unmarshal(v, &members) != nil {
		return nil
	}
	if m, ok := members[step]; ok {
		return []json.RawMessage{m}
	}
	return nil
}

// everything returns the values of an object or an array, as written.
func everything(v json.RawMessage) []json.RawMessage {
	d := json.NewDecoder(bytes.NewReader(v))
	open, _ := d.Token()
	delim, _ := open.(json.Delim)
	var out []json.RawMessage
	for (delim == '{' || delim == '[') && d.More() {
		if delim == '{' {
			_, _ = d.Token() // the name
		}
		var item json.RawMessage
		if d.Decode(&item) != nil {
			break
		}
		out = append(out, item)
	}
	return out
}
