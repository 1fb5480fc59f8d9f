package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/stack"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

// belongings are the flags of commands that read AWS's records: what belongs to the service, and
// in which account.
type belongings struct {
	stack, assembly        string
	names                  collect.Scope
	applications, services []string
	account                session.Options
}

func (b *belongings) addFlags(cmd *cobra.Command) {
	flags := cmd.Flags()
	flags.StringVar(&b.stack, "stack", "", "read what belongs to the service from the rules of the deployed stack `NAME`")
	flags.StringVar(&b.assembly, "assembly", "", "read it from the rules of the stacks in the cloud assembly `DIR`, such as cdk.out: of\nthose that are deployed, as deployed")
	flags.StringVar(&b.names.Service, "service", "", "show the service `NAME`, as the Eye calls it")
	flags.StringArrayVar(&b.names.Groups, "auto-scaling-group", nil, "show the Auto Scaling group `NAME`; can be repeated, as can the next ones")
	flags.StringArrayVar(&b.applications, "codedeploy-application", nil, "show the CodeDeploy application `NAME`, or APPLICATION/GROUP for one deployment group")
	flags.StringArrayVar(&b.services, "ecs-service", nil, "show the ECS service `CLUSTER/NAME`")
	flags.StringArrayVar(&b.names.Alarms, "alarm", nil, "show the CloudWatch alarm `NAME`, metric, composite or log alarm")
	accountFlags(cmd, &b.account)
	must(cmd.MarkFlagDirname("assembly"))
}

// check refuses flags that exclude each other, and names that say nothing.
func (b *belongings) check() error {
	for _, text := range b.applications {
		a, err := parseApplication(text)
		if err != nil {
			return err
		}
		b.names.Applications = append(b.names.Applications, a)
	}
	for _, text := range b.services {
		s, err := parseService(text)
		if err != nil {
			return err
		}
		b.names.ECSServices = append(b.names.ECSServices, s)
	}
	switch {
	case b.stack != "" && b.assembly != "":
		return errors.New("-stack and -assembly exclude each other")
	case b.stack == "" && b.assembly == "" && b.names.Empty():
		return errors.New("what is to be shown? Name a -stack, an -assembly, or an -auto-scaling-group, -codedeploy-application, -ecs-service or -alarm")
	}
	return nil
}

// scope is what belongs to the service: what the rules watch, and what the flags name.
func (b *belongings) scope(ctx context.Context, account *session.Session, log *progress) (collect.Scope, error) {
	if b.stack == "" && b.assembly == "" {
		return b.names, nil
	}
	rules, err := b.rules(ctx, account, log)
	if err != nil {
		return collect.Scope{}, err
	}
	return b.ofRules(rules, b.names.Service)
}

// ofRules is what the rules watch for a service, and what the flags name.
func (b *belongings) ofRules(rules []assembly.Rule, service string) (collect.Scope, error) {
	s, err := scope.OfRules(rules, service)
	if err != nil {
		return collect.Scope{}, fmt.Errorf("%s: %w", b.stack+b.assembly, err)
	}
	s.Groups = append(s.Groups, b.names.Groups...)
	s.Applications = append(s.Applications, b.names.Applications...)
	s.ECSServices = append(s.ECSServices, b.names.ECSServices...)
	s.Alarms = append(s.Alarms, b.names.Alarms...)
	if s.Empty() {
		return s, fmt.Errorf("%s: its rules watch nothing that AWS keeps records of; name it with -auto-scaling-group, -codedeploy-application, -ecs-service or -alarm", b.stack+b.assembly)
	}
	return s, nil
}

// scopes is what belongs to each service: to that of -service, or to all that the rules name.
func (b *belongings) scopes(ctx context.Context, account *session.Session, log *progress) ([]collect.Scope, error) {
	if b.stack == "" && b.assembly == "" || b.names.Service != "" {
		s, err := b.scope(ctx, account, log)
		return []collect.Scope{s}, err
	}
	rules, err := b.rules(ctx, account, log)
	if err != nil {
		return nil, err
	}
	names := scope.Services(rules)
	if len(names) == 0 {
		names = []string{""}
	}
	var all []collect.Scope
	for _, name := range names {
		s, err := b.ofRules(rules, name)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// rules are those of the stack, or of the stacks of the assembly.
func (b *belongings) rules(ctx context.Context, account *session.Session, log *progress) ([]assembly.Rule, error) {
	if b.stack != "" {
		return scope.DeployedRules(ctx, account.API, b.stack)
	}
	app, err := assembly.Read(b.assembly, assembly.Options{})
	if err != nil {
		return nil, err
	}
	var rules []assembly.Rule
	for _, s := range app.Stacks {
		written := rulesIn(app.Stacks, s)
		if s.Parent != "" || len(written) == 0 {
			continue
		}
		deployed, err := scope.DeployedRules(ctx, account.API, s.Name)
		if errors.Is(err, stack.ErrNotDeployed) {
			log.line("note: stack " + s.Name + " is not deployed in this account and Region: what belongs to the service is read from its\ntemplate, which lacks the names that CloudFormation makes up")
			deployed, err = written, nil
		}
		if err != nil {
			return nil, err
		}
		rules = append(rules, deployed...)
	}
	return rules, nil
}

// rulesIn are the rules of a stack and of those that are nested in it.
func rulesIn(all []assembly.Stack, of assembly.Stack) []assembly.Rule {
	rules := of.Rules
	for _, s := range all {
		if s.Parent == of.Name && s.Name != of.Name {
			rules = append(rules[:len(rules):len(rules)], rulesIn(all, s)...)
		}
	}
	return rules
}
