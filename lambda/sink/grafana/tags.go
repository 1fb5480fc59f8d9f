package grafana

import (
	"slices"
	"strings"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/notice"
)

const (
	// maxTag bounds the key and the value of a tag, in characters.
	//
	// https://github.com/grafana/grafana/issues/98361
	maxTag = 100
	// maxTags bounds all tags of an annotation as JSON, in bytes. It is the default:
	// who runs Grafana may set another.
	//
	// https://github.com/grafana/grafana/blob/main/conf/defaults.ini (tags_length)
	// https://github.com/grafana/grafana/blob/main/pkg/services/annotations/annotationsimpl/xorm_store.go
	maxTags = 500
)

// tags are the sink's own, by which dashboards find the annotation, and then what
// the notice is known by, as far as there is room.
func tags(n *notice.Notice, cfg wire.Grafana) []string {
	all := []string{}
	room := maxTags - len("[]")
	add := func(tag string) {
		if tag != "" && !slices.Contains(all, tag) && len(tag)+len(`"",`) <= room {
			room -= len(tag) + len(`"",`)
			all = append(all, tag)
		}
	}
	for _, t := range cfg.Tags {
		key, value, _ := strings.Cut(notice.Line(t), ":")
		add(pair(key, value))
	}
	add("extraeye")
	version, state := "", ""
	if n.Release != nil {
		version, state = n.Release.Version, string(n.Release.State)
	}
	for _, t := range [][2]string{
		{"kind", string(n.Kind)}, {"service", n.Service}, {"severity", string(n.Severity)}, {"state", state},
		{"version", version}, {"region", n.Region}, {"account", n.Account},
	} {
		if t[1] != "" {
			add(pair(t[0], t[1]))
		}
	}
	return all
}

// pair is a tag. Grafana drops what comes after a second colon.
//
// https://github.com/grafana/grafana/blob/main/pkg/services/tag/model.go
func pair(key, value string) string {
	key = notice.Cut(strings.TrimSpace(notice.Line(key)), maxTag)
	value = notice.Cut(strings.TrimSpace(strings.ReplaceAll(notice.Line(value), ":", "_")), maxTag)
	if key == "" || value == "" {
		return key
	}
	return key + ":" + value
}
