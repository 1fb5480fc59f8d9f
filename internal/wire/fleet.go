package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Table says whose things are, for a platform with many teams: a file that the notifier
// reads when it starts. Its first line is the table in JSON, and each other line one [Owned],
// sorted, so that a name is found without reading the others.
type Table struct {
	// TeamTag is the key of the tag whose value names a team. Empty: no tag does.
	TeamTag string `json:"teamTag,omitempty"`
	Teams   []Team `json:"teams"`
	// Others are notified about what belongs to no team.
	Others []Sink `json:"others,omitempty"`
	// LookUps are allowed in other accounts and Regions than the function's own by these roles.
	// Nil: nothing is looked up there.
	LookUps *LookUps `json:"lookUps,omitempty"`

	lines []byte
}

// TableFile is where the table is: Lambda has its layers below /opt.
//
// https://docs.aws.amazon.com/lambda/latest/dg/packaging-layers.html
const TableFile = "/opt/extraeye/table.jsonl"

// Team is who is notified.
type Team struct {
	Name string `json:"name"`
	// Accounts are those of which everything is the team's.
	Accounts []string `json:"accounts,omitempty"`
	Sinks    []Sink   `json:"sinks"`
}

// LookUps are the roles that the function assumes to look things up elsewhere: one in each
// account and Region that forwards events, all of one name but for the Region.
type LookUps struct {
	// Role is what their names begin with.
	Role string `json:"role"`
	// ExternalID is what they ask for. Empty: they ask for the organization.
	ExternalID string `json:"externalId,omitempty"`
}

// RoleName is the name of the role of a Region: the names of roles are an account's.
func (l LookUps) RoleName(region string) string { return l.Role + "-" + region }

// ThingKind is a kind of thing that goes by name.
type ThingKind string

// The kinds of things, in AWS's words.
const (
	AutoScalingGroup      ThingKind = "Auto Scaling group"
	CodeDeployApplication ThingKind = "CodeDeploy application"
	ECSCluster            ThingKind = "ECS cluster"
	ECSService            ThingKind = "ECS service" // by the cluster and itself: "main/cart"
	Alarm                 ThingKind = "CloudWatch alarm"
)

// ThingKinds returns all kinds of things.
func ThingKinds() []ThingKind {
	return []ThingKind{AutoScalingGroup, CodeDeployApplication, ECSCluster, ECSService, Alarm}
}

// Thing is something that goes by name.
type Thing struct {
	Kind ThingKind
	Name string
}

// Owned is a thing and whose it is.
type Owned struct {
	Thing
	// Team is which of the table's teams it belongs to.
	Team int
	// Service is the team's own name for what it is a part of.
	Service string
}

// Write writes a table with what is owned.
func (t *Table) Write(owned []Owned) ([]byte, error) {
	header, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	lines := [][]byte{}
	for _, o := range owned {
		line, err := json.Marshal([]any{o.Kind, o.Name, o.Team, o.Service})
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, bytes.Compare)
	return bytes.Join(slices.Concat([][]byte{header}, lines, [][]byte{nil}), []byte("\n")), nil
}

// Here is where a function runs.
type Here struct{ Partition, Region, Account string }

// The texts in a table's sinks that stand for where the function runs: CloudFormation does not
// replace them, because the table is no part of the template.
const (
	PartitionHere = "${AWS::Partition}"
	RegionHere    = "${AWS::Region}"
	AccountHere   = "${AWS::AccountId}"
)

// ReadTable reads what [Table.Write] wrote, for where the function runs. It keeps the text.
func ReadTable(text []byte, here Here) (*Table, error) {
	header, lines, ok := bytes.Cut(text, []byte("\n"))
	if !ok {
		return nil, errors.New("the table of teams has no line break; it must be made by extraeye")
	}
	t := &Table{lines: lines}
	header = []byte(strings.NewReplacer(PartitionHere, here.Partition, RegionHere, here.Region, AccountHere, here.Account).Replace(string(header)))
	if err := json.Unmarshal(header, t); err != nil {
		return nil, fmt.Errorf("the table of teams: %w", err)
	}
	return t, nil
}

// Find finds whose a thing is.
func (t *Table) Find(thing Thing) (Owned, bool) {
	prefix, err := json.Marshal([]any{thing.Kind, thing.Name})
	if err != nil {
		return Owned{}, false
	}
	prefix[len(prefix)-1] = ',' // in place of the closing bracket
	line := t.firstFrom(prefix)
	if !bytes.HasPrefix(line, prefix) {
		return Owned{}, false
	}
	o, ok := t.owned(line)
	o.Thing = thing // which JSON may write otherwise
	return o, ok
}

// All yields everything that is owned.
func (t *Table) All() iter.Seq[Owned] {
	return func(yield func(Owned) bool) {
		for line := range bytes.Lines(t.lines) {
			if o, ok := t.owned(line); ok && !yield(o) {
				return
			}
		}
	}
}

// owned reads a line.
func (t *Table) owned(line []byte) (o Owned, ok bool) {
	all := []any{&o.Kind, &o.Name, &o.Team, &o.Service}
	err := json.Unmarshal(line, &all)
	return o, err == nil && len(all) == 4 && o.Team >= 0 && o.Team < len(t.Teams)
}

// firstFrom is the first line that is not before a text.
func (t *Table) firstFrom(text []byte) []byte {
	low, high := 0, len(t.lines) // the line begins between these
	for low < high {
		middle := low + (high-low)/2
		begin := bytes.LastIndexByte(t.lines[:middle], '\n') + 1
		line := lineAt(t.lines, begin)
		if bytes.Compare(line, text) < 0 {
			low = begin + len(line) + 1
		} else {
			high = begin
		}
	}
	return lineAt(t.lines, min(low, len(t.lines)))
}

func lineAt(lines []byte, at int) []byte {
	line, _, _ := bytes.Cut(lines[at:], []byte("\n"))
	return line
}
