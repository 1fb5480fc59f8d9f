package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
)

// parseMetric reads a metric in its JSON form.
func parseMetric(text string) (m wire.Metric, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	switch err := decoder.Decode(&m); {
	case err != nil:
		return m, fmt.Errorf("it is not the JSON of a metric: %w", err)
	case decoder.More():
		return m, errors.New("it is more than one metric")
	case m.Namespace == "" || m.Name == "":
		return m, errors.New("it needs a namespace and a name")
	}
	switch m.Worse {
	case "", wire.WorseHigher, wire.WorseLower, wire.WorseNeither:
		return m, nil
	default:
		return m, fmt.Errorf("worse is %q; it must be %q, %q or %q", m.Worse, wire.WorseHigher, wire.WorseLower, wire.WorseNeither)
	}
}
