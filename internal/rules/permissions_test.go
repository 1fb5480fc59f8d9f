package rules

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// TestPermissionsAreDocumented compares docs/permissions.md with the actions that each watch
// and all sinks are granted, as the constructs' tests list them.
func TestPermissionsAreDocumented(t *testing.T) {
	var granted map[string][]string // actions by what they are for
	if err := json.Unmarshal([]byte(read(t, "constructs/extraeye/testdata/grants.json")), &granted); err != nil {
		t.Fatal(err)
	}
	for heading, of := range map[string]func(name string) bool{
		"Always": func(name string) bool { return name == "always" },
		perWatch: func(name string) bool {
			return !slices.Contains([]string{"always", "sinks", "timeline"}, name) && !strings.Contains(name, ": ")
		},
		"For a sink": func(name string) bool { return name == "sinks" },
	} {
		want := map[string][]string{}
		for name, actions := range granted {
			if of(name) {
				for _, action := range actions {
					want[action] = append(want[action], name)
				}
			}
		}
		got := permissions(t, heading)
		for action, names := range want {
			row, ok := got[action]
			if !ok {
				t.Errorf("docs/permissions.md, %q: no row for %s, which %q need", heading, action, names)
				continue
			}
			for _, name := range names {
				if heading == perWatch && !slices.ContainsFunc(row, func(n string) bool { return strings.EqualFold(n, name) }) {
					t.Errorf("docs/permissions.md, %q: the row of %s does not name %s", heading, action, name)
				}
			}
			if heading == perWatch && len(row) != len(names) {
				t.Errorf("docs/permissions.md, %q: the row of %s names %q, and the grants %q", heading, action, row, names)
			}
		}
		for action := range got {
			if want[action] == nil {
				t.Errorf("docs/permissions.md, %q: nothing grants %s", heading, action)
			}
		}
	}
}

// TestTimelinePermissionsAreDocumented compares what the command needs for a timeline with what the
// notifier is granted for a dashboard of every watch: the rest finds what belongs to a service, or is for
// -who.
func TestTimelinePermissionsAreDocumented(t *testing.T) {
	var granted map[string][]string
	if err := json.Unmarshal([]byte(read(t, "constructs/extraeye/testdata/grants.json")), &granted); err != nil {
		t.Fatal(err)
	}
	_, section, _ := strings.Cut(read(t, "docs/permissions.md"), "\n## For the timeline\n")
	_, section, _ = strings.Cut(section, "```json\n")
	section, _, _ = strings.Cut(section, "```")
	var policy struct{ Statement []struct{ Action []string } }
	if err := json.Unmarshal([]byte(section), &policy); err != nil || len(policy.Statement) != 1 {
		t.Fatalf("docs/permissions.md has no policy for the timeline: %v", err)
	}
	got := slices.DeleteFunc(policy.Statement[0].Action, func(a string) bool {
		return strings.HasPrefix(a, "cloudformation:") || strings.HasPrefix(a, "events:") || strings.HasPrefix(a, "cloudtrail:")
	})
	if !slices.Equal(got, granted["timeline"]) {
		t.Errorf("docs/permissions.md has, for the timeline,\n%q\nand the notifier is granted\n%q", got, granted["timeline"])
	}
}

// perWatch is the heading of the table whose rows name watches.
const perWatch = "For a watch's look-ups"

// permissions reads the table below a heading: the names in the last column, by action.
func permissions(t *testing.T, heading string) map[string][]string {
	t.Helper()
	_, section, ok := strings.Cut(read(t, "docs/permissions.md"), "\n## "+heading+"\n")
	if !ok {
		t.Fatalf("docs/permissions.md has no heading %q", heading)
	}
	section, _, _ = strings.Cut(section, "\n## ")
	rows := map[string][]string{}
	for line := range strings.Lines(section) {
		cells := strings.Split(line, " | ")
		action := quotedName.FindStringSubmatch(cells[0])
		if action == nil || !strings.HasPrefix(line, "| `") {
			continue
		}
		rows[action[1]] = []string{}
		last, _, _ := strings.Cut(cells[len(cells)-1], ";") // a condition follows
		for _, name := range quotedName.FindAllStringSubmatch(last, -1) {
			rows[action[1]] = append(rows[action[1]], name[1])
		}
	}
	return rows
}
