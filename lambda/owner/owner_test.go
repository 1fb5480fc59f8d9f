package owner

import (
	"strings"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

func table(t *testing.T, tag string) *wire.Table {
	t.Helper()
	all := &wire.Table{TeamTag: tag, Teams: []wire.Team{
		{Name: "checkout", Sinks: []wire.Sink{{Email: &wire.Email{From: "checkout"}}}},
		{Name: "search", Sinks: []wire.Sink{{Email: &wire.Email{From: "search"}}}, Accounts: []string{"111111111111", "222222222222"}},
	}, Others: []wire.Sink{{Email: &wire.Email{From: "others"}}}}
	text, err := all.Write([]wire.Owned{
		{Thing: wire.Thing{Kind: wire.AutoScalingGroup, Name: "cart"}, Team: 0, Service: "cart"},
		{Thing: wire.Thing{Kind: wire.ECSCluster, Name: "main"}, Team: 1, Service: "everything"},
		{Thing: wire.Thing{Kind: wire.ECSService, Name: "main/cart"}, Team: 0, Service: "cart"},
	})
	if err != nil {
		t.Fatal(err)
	}
	read, err := wire.ReadTable(text, wire.Here{})
	if err != nil {
		t.Fatal(err)
	}
	return read
}

func TestDecide(t *testing.T) {
	group := func(name string) []wire.Thing { return []wire.Thing{{Kind: wire.AutoScalingGroup, Name: name}} }
	service := func(name string) []wire.Thing {
		return []wire.Thing{{Kind: wire.ECSService, Name: "main/" + name}, {Kind: wire.ECSCluster, Name: "main"}}
	}
	for name, tt := range map[string]struct {
		things               []wire.Thing
		value, problem       string
		account, key         string
		team, service, sinks string
		how                  string
		asked                bool
	}{
		"by name":               {things: group("cart"), value: "search", account: "111111111111", key: "team", team: "checkout", service: "cart", sinks: "checkout", how: "checkout, by the name of the Auto Scaling group"},
		"the more exact name":   {things: service("cart"), key: "team", team: "checkout", service: "cart", sinks: "checkout", how: "checkout, by the name of the ECS service"},
		"the less exact name":   {things: service("other"), key: "team", team: "search", service: "everything", sinks: "search", how: "search, by the name of the ECS cluster"},
		"by tag":                {things: group("x"), value: "checkout", account: "111111111111", key: "team", team: "checkout", sinks: "checkout", how: "checkout, by its tag", asked: true},
		"a tag in other case":   {value: "Checkout", key: "team", team: "checkout", sinks: "checkout", how: "checkout, by its tag", asked: true},
		"by account":            {value: "", account: "222222222222", key: "team", team: "search", sinks: "search", how: "search, by its account (it has no tag team)", asked: true},
		"a tag of nobody":       {value: "chekout", account: "222222222222", key: "team", team: "search", sinks: "search", how: "search, by its account (its tag team=chekout names no team)", asked: true},
		"others":                {account: "333333333333", key: "team", sinks: "others", how: "of no team (it has no tag team)", asked: true},
		"others, not known":     {problem: "AccessDenied", key: "team", sinks: "others", how: "of no team (its tag team is not known: AccessDenied)", asked: true},
		"without tags":          {value: "checkout", sinks: "others", how: "of no team"},
		"without tags, account": {value: "checkout", account: "111111111111", team: "search", sinks: "search", how: "search, by its account"},
	} {
		asked := false
		got := Decide(table(t, tt.key), Question{Things: tt.things, Account: tt.account, Tag: func() (string, string) {
			asked = true
			return tt.value, tt.problem
		}})
		if got.Team != tt.team || got.Service != tt.service || got.How != tt.how || got.Sinks[0].Email.From != tt.sinks {
			t.Errorf("%s: %+v, want %+v", name, got, tt)
		}
		if asked != tt.asked {
			t.Errorf("%s: asked for the tag: %t", name, asked)
		}
	}
	for drill, want := range map[string]string{"Search": "search, as the drill asks", "serach": "of no team (the drill asks for serach, which is none)"} {
		team, _, _ := strings.Cut(want, ",")
		if got := Decide(table(t, ""), Question{Things: group("cart"), Drill: drill}); got.How != want || got.Service != "" || len(got.Sinks) != 1 || got.Team != "" && got.Team != team {
			t.Errorf("for %s: %+v, want %s", drill, got, want)
		}
	}
	if got := Decide(table(t, "team"), Question{}); got.How != "of no team" {
		t.Errorf("with nothing to ask: %+v", got)
	}
}
