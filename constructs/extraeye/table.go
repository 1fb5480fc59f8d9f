package extraeye

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/aws/aws-cdk-go/awscdk/v2/awslambda"
	"github.com/aws/jsii-runtime-go"

	"github.com/extraeye/extraeye/constructs/internal/binding"
	"github.com/extraeye/extraeye/constructs/sink"
	"github.com/extraeye/extraeye/internal/services"
	"github.com/extraeye/extraeye/internal/wire"
)

// writeTable writes the table of teams into a layer of the function, and lets the function
// deliver to all of them.
func (f *Fleet) writeTable(props *FleetProps) {
	e := f.eye
	if e.notifier.fleet != nil {
		report(e, problemf(binding.NotInFleet, "the notifier %s has another Fleet, %s; give each its own", *e.notifier.Node().Path(), *e.notifier.fleet.Node().Path())...)
		return
	}
	e.notifier.fleet = f
	problems := e.checkTeams(props)
	sinks := &teamSinks{eye: e}
	table := wire.Table{TeamTag: props.TeamTag, Others: sinks.bind("FleetProps.Others", props.Others)}
	for i, t := range props.Teams {
		where := fmt.Sprintf("FleetProps.Teams[%d].Sinks", i)
		if len(t.Sinks) == 0 {
			problems.Problemf(binding.BadTeam, "%s of %s is empty; say where the team is notified", where, t.Name)
		}
		table.Teams = append(table.Teams, wire.Team{Name: t.Name, Accounts: t.Accounts, Sinks: sinks.bind(where, t.Sinks)})
	}
	problems = append(problems, sinks.problems...)
	report(e, problems...)
	if len(problems) > 0 {
		return
	}
	if props.Bus != nil && e.bus != nil {
		table.LookUps = props.Bus.lookUps()
		sinks.grants = append(sinks.grants, props.Bus.assumeGrants(f)...)
	}
	e.grantSinks(sinks.grants)
	owned := services.Owned(named(props.Teams))
	e.owned = len(owned)
	text, err := table.Write(owned)
	if err == nil {
		err = f.layer(text)
	}
	if err != nil {
		report(e, problemf(binding.BadTeam, "the table of teams cannot be written: %v", err)...)
	}
}

// layer gives the function a layer with the table. CDK copies it into the assembly.
func (f *Fleet) layer(text []byte) error {
	dir, err := os.MkdirTemp("", "extraeye-table")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	file := filepath.Join(dir, strings.TrimPrefix(wire.TableFile, "/opt/"))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(file, text, 0o644); err != nil {
		return err
	}
	layer := awslambda.NewLayerVersion(f, jsii.String("Table"), &awslambda.LayerVersionProps{
		Code:               awslambda.Code_FromAsset(jsii.String(dir), nil),
		Description:        jsii.String("extraeye: which team owns what, and where it is notified"),
		CompatibleRuntimes: &[]awslambda.Runtime{awslambda.Runtime_PROVIDED_AL2023()},
	})
	f.eye.notifier.function.AddLayers(layer)
	return nil
}

// teamSinks binds the sinks of teams.
type teamSinks struct {
	eye      *Eye
	grants   []binding.Grant
	problems binding.Problems
}

// bind binds a list of sinks. The same sink may be in several lists.
func (s *teamSinks) bind(where string, sinks []sink.Sink) (all []wire.Sink) {
	for i, one := range sinks {
		at := fmt.Sprintf("%s[%d]", where, i)
		if one == nil {
			s.problems.Problemf(binding.NilSink, "%s is nil; remove it", at)
			continue
		}
		b := one.Bind(s.eye)
		switch {
		case len(b.Problems) > 0:
			for _, p := range b.Problems {
				s.problems.Problemf(p.Code, "%s: %s", at, p.Message)
			}
			continue
		case b.Native != nil:
			s.problems.Problemf(binding.NotInFleet, "%s is a sink.%s, to which rules deliver events of all teams by themselves; use an Eye for it, or a sink that the notifier sends to", at, b.Name)
			continue
		}
		if b.Grouped != nil {
			s.problems.Problemf(binding.NotInFleet, "%s is a sink.Grouped, whose queue gets the events of a watch before it is known whose they are; give the team the sink itself", at)
			continue
		}
		w, err := s.written(b.Wire)
		if err != nil {
			s.problems.Problemf(binding.NotInFleet, "%s, a sink.%s: %v", at, b.Name, err)
			continue
		}
		all = append(all, w)
		s.grants = append(s.grants, b.Grants...)
	}
	return all
}

// written is a sink as the table has it: what CloudFormation would replace by where the
// function runs, the function replaces itself.
func (s *teamSinks) written(w *wire.Sink) (out wire.Sink, err error) {
	text := inJSON(w)
	if strings.Contains(text, "${Token[") {
		resolved := s.eye.checks.stack.Resolve(text)
		if revealsSecret(resolved) {
			return out, errors.New("it was given the value of a secret; give it the secret itself, as a sink.Secret")
		}
		if text, err = known(resolved); err != nil {
			return out, err
		}
	}
	return out, json.Unmarshal([]byte(text), &out)
}

// known writes a resolved text of which no more is known only at deployment than where the
// stack is.
func known(resolved any) (string, error) {
	if text, ok := resolved.(string); ok {
		return text, nil
	}
	if v, ok := resolved.(map[string]any); ok {
		if join, ok := v["Fn::Join"].([]any); ok && len(join) == 2 && join[0] == "" {
			var all strings.Builder
			parts, _ := join[1].([]any)
			for _, part := range parts {
				text, err := known(part)
				if err != nil {
					return "", err
				}
				all.WriteString(text)
			}
			return all.String(), nil
		}
		switch v["Ref"] {
		case "AWS::Partition":
			return wire.PartitionHere, nil
		case "AWS::Region":
			return wire.RegionHere, nil
		case "AWS::AccountId":
			return wire.AccountHere, nil
		}
	}
	return "", fmt.Errorf("%s is known only at deployment, and the table of teams is a file that is written before; import what it refers to by its name or ARN", inJSON(resolved))
}
