package event

import (
	"encoding/json"
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
)

// TestReadPlace shows that an event that does not say where it is from is from where its first
// resource is that does.
func TestReadPlace(t *testing.T) {
	for event, want := range map[string][2]string{
		`{"account":"1","region":"eu-west-1","resources":["arn:aws:ec2:us-east-1:2:instance/i-1"]}`:                  {"1", "eu-west-1"},
		`{"resources":["i-1","arn:aws:s3:::bucket","arn:aws:ec2:us-east-1:2:instance/i-1","arn:aws:sns:x:3:topic"]}`: {"2", "us-east-1"},
		`{"resources":["arn:aws:ec2:us-east-1:2","urn:aws:ec2:us-east-1:2:instance/i-1"]}`:                           {"", ""},
		`{}`: {"", ""},
	} {
		e, _, _ := Read(json.RawMessage(event), wire.Watch{})
		if got := [2]string{e.Account, e.Region}; got != want {
			t.Errorf("%s is of %q, want %q", event, got, want)
		}
	}
}

// TestKey shows that two things without a name are not taken for one.
func TestKey(t *testing.T) {
	e := &Event{ID: "e-1", Account: "1", Region: "eu-west-1"}
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{[]string{"web"}, "ecs:1:eu-west-1:web"},
		{[]string{""}, "ecs:1:eu-west-1:e-1"},
		{[]string{"", "web"}, "ecs:1:eu-west-1::web"},
		{[]string{"web", ""}, "ecs:1:eu-west-1:web:e-1"},
		{[]string{"/"}, "ecs:1:eu-west-1:e-1"}, // no cluster and no service
	} {
		if got := e.Key("ecs", tt.names...); got != tt.want {
			t.Errorf("the key is %q, want %q", got, tt.want)
		}
	}
}

func TestThing(t *testing.T) {
	if got := Thing(wire.ECSCluster, ""); got != nil {
		t.Errorf("without a name: %v", got)
	}
	if got := Thing(wire.ECSCluster, "main"); len(got) != 1 || got[0] != (wire.Thing{Kind: wire.ECSCluster, Name: "main"}) {
		t.Errorf("%v", got)
	}
}
