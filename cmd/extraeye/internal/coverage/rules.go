package coverage

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/assembly"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/scope"
	"github.com/extraeye/extraeye/lambda/awsapi"
)

// AccountRules returns the rules of the account's default event bus, to which AWS sends its events.
//
// https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRules.html
func AccountRules(ctx context.Context, api *awsapi.Client) ([]assembly.Rule, error) {
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
		if token != "" {
			in["NextToken"] = token
		}
		if err := api.JSON(ctx, awsapi.Call{Service: "events", Operation: "ListRules"}, "AWSEvents", in, &page); err != nil {
			return "", err
		}
		for _, r := range page.Rules {
			if json.Valid([]byte(r.Pattern)) { // others have a schedule
				rules = append(rules, assembly.Rule{Name: r.Name, ARN: r.ARN, Enabled: r.State != "DISABLED", Pattern: json.RawMessage(r.Pattern)})
			}
		}
		return page.Next, nil
	})
	for i := range rules {
		if err != nil {
			break
		}
		rules[i].Targets, err = scope.Targets(ctx, api, rules[i].Name, "")
		if refused := (*awsapi.Error)(nil); errors.As(err, &refused) && refused.Code == "ResourceNotFoundException" {
			err = nil // it was deleted meanwhile
		}
	}
	return rules, err
}
