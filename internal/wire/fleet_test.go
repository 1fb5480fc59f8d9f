package wire

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
)

func table(t testing.TB, services int) (*Table, []Owned, []byte) {
	t.Helper()
	all := &Table{TeamTag: "team", Others: []Sink{{Topic: &Topic{ARN: "arn"}}}}
	var owned []Owned
	for i := range services {
		if i%20 == 0 {
			name := fmt.Sprintf("team-%03d", i/20)
			all.Teams = append(all.Teams, Team{Name: name, Accounts: []string{"123456789012"}, Sinks: []Sink{
				{Email: &Email{From: "ops@example.com", To: []string{name + "@example.com"}}},
				{Slack: &Slack{Channel: "#" + name, Token: &Secret{ARN: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:" + name + "/slack-AbCdEf"}}},
			}})
		}
		service := fmt.Sprintf("some-service-%04d", i)
		for _, thing := range []Thing{{AutoScalingGroup, service + "-production"}, {AutoScalingGroup, service + "-canary"}, {CodeDeployApplication, service}} {
			owned = append(owned, Owned{thing, i / 20, service})
		}
	}
	text, err := all.Write(owned)
	if err != nil {
		t.Fatal(err)
	}
	return all, owned, text
}

func TestTable(t *testing.T) {
	for _, services := range []int{0, 1, 2, 300} {
		want, owned, text := table(t, services)
		got, err := ReadTable(text, Here{})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range owned {
			if found, ok := got.Find(o.Thing); !ok || found != o {
				t.Errorf("%d services: found %v, %t, want %v", services, found, ok, o)
			}
		}
		for _, thing := range []Thing{{}, {AutoScalingGroup, ""}, {AutoScalingGroup, "some-service-0000"}, {Alarm, "some-service-0000-canary"}, {CodeDeployApplication, "zzz"}, {"A", "a"}, {"Z", "z"}} {
			if found, ok := got.Find(thing); ok {
				t.Errorf("%d services: %v is found as %v", services, thing, found)
			}
		}
		byName := func(a, b Owned) int { return strings.Compare(string(a.Kind)+" "+a.Name, string(b.Kind)+" "+b.Name) }
		all := slices.SortedFunc(got.All(), byName)
		if slices.SortFunc(owned, byName); !slices.Equal(all, owned) {
			t.Errorf("%d services: all are %v, want %v", services, all, owned)
		}
		if got.lines = nil; !reflect.DeepEqual(got, want) {
			t.Errorf("%d services: read %v, want %v", services, got, want)
		}
	}
}

// TestOddNames checks that names with any characters are found, and none that only begin or
// end like one of them.
func TestOddNames(t *testing.T) {
	names := []string{"a", "a,", "a\"", "a\",0,\"b", "a\\", "ä", "ä\u2028", "<a&b>", "a\nb", "[", "]", " ", "\x7f", "\xff", strings.Repeat("x", 5000)}
	r := rand.New(rand.NewPCG(5, 5))
	var owned []Owned
	for i, name := range names {
		owned = append(owned, Owned{Thing{Alarm, name}, i % 3, name})
	}
	r.Shuffle(len(owned), func(i, j int) { owned[i], owned[j] = owned[j], owned[i] })
	text, err := (&Table{Teams: make([]Team, 3)}).Write(owned)
	if err != nil {
		t.Fatal(err)
	}
	got, err := ReadTable(text, Here{})
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range owned {
		found, ok := got.Find(o.Thing)
		if o.Service == "\xff" {
			o.Service = "\ufffd" // what is not UTF-8 is not JSON
		}
		if !ok || found != o {
			t.Errorf("found %v, %t, want %v", found, ok, o)
		}
	}
}

func TestBadTables(t *testing.T) {
	for _, text := range []string{"", "{}", "[]\n", "\n", `{"teams":1}` + "\n"} {
		if got, err := ReadTable([]byte(text), Here{}); err == nil {
			t.Errorf("%q is read as %v", text, got)
		}
	}
	for _, line := range []string{`["CloudWatch alarm","a",7,"s"]`, `["CloudWatch alarm","a",-1,"s"]`, `["CloudWatch alarm","a",]`, `["CloudWatch alarm","a","b"]`} {
		got, err := ReadTable([]byte(`{"teams":[{"name":"t"}]}`+"\n"+line+"\n"), Here{})
		if err != nil {
			t.Fatal(err)
		}
		if found, ok := got.Find(Thing{Alarm, "a"}); ok {
			t.Errorf("%s is found as %v", line, found)
		}
	}
}

func FuzzReadTable(f *testing.F) {
	_, _, text := table(f, 2)
	f.Add(text, "some-service-0001")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		if all, err := ReadTable(text, Here{}); err == nil {
			if o, ok := all.Find(Thing{CodeDeployApplication, name}); ok && o.Team >= len(all.Teams) {
				t.Errorf("%v belongs to a team that there is not", o)
			}
		}
	})
}

func BenchmarkReadTable(b *testing.B) {
	_, _, text := table(b, 3000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ReadTable(text, Here{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	_, owned, text := table(b, 3000)
	all, err := ReadTable(text, Here{})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, ok := all.Find(owned[1234].Thing); !ok {
			b.Fatal("not found")
		}
	}
}
