package rehearse

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/internal/wire"
)

// tableFile is the table of teams in the layer of a function.
var tableFile = strings.TrimPrefix(wire.TableFile, "/opt/")

// ofTeam stands for a team's sinks where it is not known which they are.
const ofTeam = "those of the team"

// fleet is a table of teams that a function has.
type fleet struct {
	table *wire.Table
	file  string // the notifier's own copy
	// things are what built-in events are about, and tags whose they are if the table does not say it.
	things []wire.Thing
	tags   fakeaws.Tags
}

// readFleets reads the tables of all functions, by the functions' ARNs.
func readFleets(app *assembly.App, problem func(error)) map[string]*fleet {
	all := map[string]*fleet{}
	for _, function := range slices.Sorted(maps.Keys(app.LayerFiles)) {
		f, err := newFleet(function, app.LayerFiles[function])
		if err == nil {
			err = f.write(app.LayerFiles[function])
		}
		if err != nil {
			problem(fmt.Errorf("the table of teams of %s: %w", function, err))
			continue
		}
		all[function] = f
	}
	return all
}

func newFleet(function string, text []byte) (*fleet, error) {
	own, err := arn.Parse(function)
	if err != nil {
		return nil, err
	}
	table, err := readTable(text, own)
	if err != nil {
		return nil, err
	}
	f := &fleet{table: table, tags: fakeaws.Tags{Key: table.TeamTag, Values: map[wire.Thing]string{}}}
	f.cast()
	return f, nil
}

// write writes the table to a file for the notifier, because a synthesized assembly is removed.
func (f *fleet) write(text []byte) error {
	file, err := os.CreateTemp("", "extraeye-*-"+filepath.Base(tableFile))
	if err != nil {
		return err
	}
	f.file = file.Name()
	_, err = file.Write(text)
	return errors.Join(err, file.Close())
}

func removeTables(all map[string]*fleet) {
	for _, f := range all {
		_ = os.Remove(f.file) // what is left is a temporary file
	}
}

// cast chooses what built-in events are about: the first thing of each kind that a team has and,
// after the first of a kind, one that only its tag says the team of, and one of nobody.
func (f *fleet) cast() {
	type kindOfTeam struct {
		kind wire.ThingKind
		team int
	}
	seen, owned := map[kindOfTeam]bool{}, map[wire.ThingKind][]wire.Thing{}
	for o := range f.table.All() {
		if at := (kindOfTeam{o.Kind, o.Team}); !seen[at] {
			seen[at] = true
			owned[o.Kind] = append(owned[o.Kind], o.Thing)
		}
	}
	for _, kind := range wire.ThingKinds() {
		things := owned[kind]
		f.things = append(f.things, slices.Insert(things, min(1, len(things)), f.unlisted(kind)...)...)
	}
}

// unlisted are things that the table does not name: one with the tag of the last team, and one
// without. Clusters have services that do the same.
func (f *fleet) unlisted(kind wire.ThingKind) (things []wire.Thing) {
	if kind == wire.ECSCluster {
		return nil
	}
	if teams := f.table.Teams; f.table.TeamTag != "" && len(teams) > 0 {
		tagged := f.free(kind, "some-service")
		f.tags.Values[tagged] = teams[len(teams)-1].Name
		things = append(things, tagged)
	}
	return append(things, f.free(kind, "other-service"))
}

// free is a thing that the table does not name, nor the cluster that it is in.
func (f *fleet) free(kind wire.ThingKind, service string) wire.Thing {
	cluster := wire.Thing{Kind: wire.ECSCluster, Name: "production"}
	thing := wire.Thing{Kind: kind, Name: service}
	if kind == wire.ECSService {
		for f.names(cluster) {
			cluster.Name += "-2"
		}
		thing.Name = cluster.Name + "/" + service
	}
	for f.names(thing) {
		thing.Name += "-2"
	}
	return thing
}

func (f *fleet) names(thing wire.Thing) bool {
	_, ok := f.table.Find(thing)
	return ok
}

// sinks are those of all teams, and of what is of no team.
func (f *fleet) sinks() []wire.Sink { return sinksOf(f.table) }

// sinksAt are the same where the function is elsewhere.
func (f *fleet) sinksAt(function arn.ARN) []wire.Sink {
	text, err := os.ReadFile(f.file)
	if err != nil {
		return nil
	}
	table, err := readTable(text, function)
	if err != nil {
		return nil
	}
	return sinksOf(table)
}

// readTable reads the table of a function.
func readTable(text []byte, function arn.ARN) (*wire.Table, error) {
	return wire.ReadTable(text, wire.Here{Partition: function.Partition, Region: function.Region, Account: function.AccountID})
}

func sinksOf(t *wire.Table) []wire.Sink {
	all := slices.Clone(t.Others)
	for _, team := range t.Teams {
		all = append(all, team.Sinks...)
	}
	return all
}
