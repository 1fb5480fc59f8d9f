package coverage

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// AccountRules returns the rules of the account's default event bus, to which AWS sends its events,
// and of the buses of the account and Region that they are forwarded to. Elsewhere are the buses
// of other accounts and Regions that extraeye's Forwarders forward to.
func AccountRules(ctx context.Context, api *awsapi.Client) (rules []assembly.Rule, elsewhere []string, err error) {
	buses := []string{""}
	for i := 0; i < len(buses); i++ {
		found, err := rulesOf(ctx, api, buses[i])
		if err != nil {
			return nil, nil, err
		}
		rules = append(rules, found...)
		for _, r := range found {
			for _, t := range r.Targets {
				name, here := forwardsTo(r, t)
				switch {
				case name == "" || !r.Enabled:
				case here && !slices.Contains(buses, name):
					buses = append(buses, name)
				case !here && strings.HasPrefix(r.Name, "extraeye-") && !slices.Contains(elsewhere, t.ARN):
					elsewhere = append(elsewhere, t.ARN)
				}
			}
		}
	}
	return rules, elsewhere, nil
}

// forwardsTo is the name of the bus that a target is, "" if it is none, and whether it is in the
// rule's account and Region.
func forwardsTo(r assembly.Rule, t assembly.Target) (bus string, here bool) {
	place, bus, ok := strings.Cut(t.ARN, ":event-bus/")
	if !ok || bus == "default" && strings.HasPrefix(r.ARN, place+":") {
		return "", false // from which it came
	}
	return bus, strings.HasPrefix(r.ARN, place+":")
}

// rulesOf returns the rules of a bus; that of "" is the default one.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html
func rulesOf(ctx context.Context, api *awsapi.Client, bus string) ([]assembly.Rule, error) {
	var rules []assembly.Rule
	err := pages(func(token string) (string, error) {
		var page struct {
			Next  string `json:"NextToken"`
			Rules []struct {
				Name    string `json:"Name"`
				ARN     string `json:"Arn"`
				Pattern string `json:"EventPattern"`
				State   string `json:"State"`
			} `json:"Rules"`
		}
		in := map[string]string{}
		if bus != "" {
			in["EventBusName"] = bus
		}
		if token != "" {
			in["NextToken"] = token
		}
		if err := api.JSON(ctx, awsapi.Call{Service: "events", Operation: "ListRules"}, "AWSEvents", in, &page); err != nil {
			return "", err
		}
		for _, r := range page.Rules {
			if json.Valid([]byte(r.Pattern)) { // others have a schedule
				rules = append(rules, assembly.Rule{Name: r.Name, ARN: r.ARN, EventBus: bus, Enabled: r.State != "DISABLED", Pattern: json.RawMessage(r.Pattern)})
			}
		}
		return page.Next, nil
	})
	for i := range rules {
		if err != nil {
			break
		}
		rules[i].Targets, err = scope.Targets(ctx, api, rules[i].Name, bus)
		if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Code == "ResourceNotFoundException" {
			err = nil // it was deleted meanwhile
		}
	}
	return rules, err
}
