package scope

import (
	"testing"

	"github.com/extraeye/extraeye/internal/wire"
	"github.com/extraeye/extraeye/lambda/timeline/collect"
)

// FuzzPattern reads what any pattern of a rule names.
func FuzzPattern(f *testing.F) {
	f.Add([]byte(`{"resources":["a"],"detail":{"AutoScalingGroupName":["g",{"prefix":"p"}],"application":[{"suffix":"s"}],"alarmName":[{"wildcard":"*"}]}}`))
	f.Add([]byte(`{"resources":[{"exists":false}],"detail":{"clusterArn":[1],"group":["service:a",{"anything-but":"b"}],"deploymentGroup":[null]}}`))
	f.Add([]byte(`{"detail":[]}`))
	f.Fuzz(func(t *testing.T, pattern []byte) {
		for _, w := range []wire.Watch{
			{Terminations: &wire.Terminations{Releases: &wire.Releases{Applications: []string{"a"}}}},
			{Deployments: &wire.Deployments{}}, {ECSTasks: &wire.ECSTasks{}}, {ECSDeployments: &wire.ECSDeployments{}}, {Alarms: &wire.Alarms{}},
		} {
			var s collect.Scope
			watched{w, pattern, ""}.addTo(&s)
			for _, names := range [][]string{s.Groups, s.Alarms} {
				for _, name := range names {
					if name == "" {
						t.Errorf("%q names nothing", pattern)
					}
				}
			}
		}
	})
}
