package rehearse

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws/arn"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/lambdaruntime"
	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// maxPlaces is in how many accounts and Regions functions are played that may be anywhere: each has a process.
const maxPlaces = 50

// playedAs is the ARN that a function has where an event happened. The default bus has what happens
// in its own account and Region, so that a stack that may be anywhere is there.
func (s *stage) playedAs(function string, c cue) string {
	own, err := arn.Parse(function)
	at := c.event.home
	switch {
	case err != nil || own.AccountID != assembly.UnknownAccount || c.rule.EventBus != "default":
		return function
	case !awsapi.ValidAccount(at.account) || !awsapi.ValidRegion(at.region) || at == home{own.AccountID, own.Region}:
		return function
	}
	own.AccountID, own.Region = at.account, at.region
	played := own.String()
	if s.templates[played] == "" {
		if len(s.templates) >= maxPlaces {
			return function
		}
		s.templates[played] = function
		if f := s.fleets[function]; f != nil {
			for _, sink := range f.sinksAt(own) {
				s.fakes.AddSecrets(sink)
			}
		}
	}
	return played
}

// fleet is the fleet that a function serves, or nil.
func (s *stage) fleet(function string) *fleet {
	return s.fleets[cmp.Or(s.templates[function], function)]
}

// tags are those that the things of a function's fleet have.
func (s *stage) tags(function string) (t fakeaws.Tags) {
	if f := s.fleet(function); f != nil {
		t = f.tags
	}
	return t
}

// notifier returns the notifier of a function. There is one process for each account and Region, whose
// functions differ only in the names of their state machines, and one for each table of teams.
func (s *stage) notifier(function string) *lambdaruntime.Function {
	c := lambdaruntime.Config{
		Bootstrap: s.bootstrap, Name: "notifier", Region: assembly.UnknownRegion, Account: assembly.UnknownAccount, Partition: "aws",
		MemoryMB: 512, Timeout: timeout, Endpoint: s.fakes.URL, Environment: []string{wire.RehearsalVariable + "=" + s.fakes.URL},
	}
	if own, err := arn.Parse(function); err == nil {
		c.Partition, c.Region, c.Account, c.Name = own.Partition, own.Region, own.AccountID, strings.TrimPrefix(own.Resource, "function:")
	}
	key := c.Partition + c.Region + c.Account
	if f := s.fleet(function); f != nil {
		key = function
		c.Environment = append(c.Environment, wire.TableVariable+"="+f.file)
	}
	if s.notifiers[key] == nil {
		s.notifiers[key] = lambdaruntime.New(c)
	}
	return s.notifiers[key]
}
