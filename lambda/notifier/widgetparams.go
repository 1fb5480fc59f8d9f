package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/extraeye/extraeye/internal/wire"
)

// How long the names in the parameters of a widget may be, and how many dimensions a metric has.
const (
	maxWidgetName = 300 // characters
	maxDimensions = 30  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Metric.html
)

// readWidgetParams reads what a widget is of. Anyone who may edit a dashboard may have written it.
func readWidgetParams(raw json.RawMessage) (of wire.Timeline, err error) {
	if len(raw) == 0 {
		return of, errors.New(`the widget has no parameter "timeline" that says what belongs to the service`)
	}
	if err := json.Unmarshal(raw, &of); err != nil {
		return of, fmt.Errorf("the widget's parameter \"timeline\" cannot be read: %w", err)
	}
	if max(len(of.Groups), len(of.Applications), len(of.ECSServices), len(of.Alarms), len(of.Journals)) > wire.MaxTimelineNames || len(of.Metrics) > wire.MaxTimelineMetrics {
		return of, fmt.Errorf("the widget names more than %d of a sort, or more than %d metrics", wire.MaxTimelineNames, wire.MaxTimelineMetrics)
	}
	if slices.ContainsFunc(of.Metrics, func(m wire.Metric) bool { return len(m.Dimensions) > maxDimensions }) {
		return of, fmt.Errorf("the widget names a metric with more than %d dimensions", maxDimensions)
	}
	if len(of.Groups)+len(of.Applications)+len(of.ECSServices)+len(of.Alarms)+len(of.Journals)+len(of.Metrics) == 0 {
		return of, errors.New("the widget names nothing that belongs to the service")
	}
	for _, name := range widgetNames(of) {
		if !isName(name) {
			return of, fmt.Errorf("the widget has a name with a control character, or of more than %d characters", maxWidgetName)
		}
	}
	return of, nil
}

// widgetNames are all texts in the parameters.
func widgetNames(of wire.Timeline) []string {
	all := append([]string{of.Title, of.Service}, of.Groups...)
	all = append(append(all, of.Alarms...), of.Journals...)
	for _, a := range of.Applications {
		all = append(all, a.Name, a.Group)
	}
	for _, s := range of.ECSServices {
		all = append(all, s.Cluster, s.Name)
	}
	for _, m := range of.Metrics {
		all = append(all, m.Namespace, m.Name, m.Statistic, m.Label, m.Unit, string(m.Worse))
		for name, value := range m.Dimensions {
			all = append(all, name, value)
		}
	}
	return all
}

func isName(name string) bool {
	if utf8.RuneCountInString(name) > maxWidgetName {
		return false
	}
	for _, r := range name {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return false
		}
	}
	return true
}
