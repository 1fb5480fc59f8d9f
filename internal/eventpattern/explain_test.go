package eventpattern

import (
	"strings"
	"testing"
)

func TestExplain(t *testing.T) {
	const rule = `{"detail": {"AutoScalingGroupName": ["some-service-production", "some-service-canary"]},
		"detail-type": ["EC2 Instance Terminate Successful"], "source": ["aws.autoscaling"]}`
	for name, c := range map[string]struct {
		pattern, event, want string
		matched              int
	}{
		"field": {
			rule, `{"source": "aws.autoscaling", "detail-type": "EC2 Instance Terminate Successful", "detail": {"AutoScalingGroupName": "other"}}`,
			`detail.AutoScalingGroupName is "other", the rule wants "some-service-production" or "some-service-canary"`, 2,
		},
		"source first": {
			rule, `{"source": "aws.ec2", "detail": {"AutoScalingGroupName": "some-service-canary"}}`,
			`source is "aws.ec2", the rule wants "aws.autoscaling"`, 1,
		},
		"detail-type second": {
			rule, `{"source": "aws.autoscaling", "detail": {}}`,
			`detail-type is missing, the rule wants "EC2 Instance Terminate Successful"`, 1,
		},
		"as written": {
			`{"b": ["x"], "c": ["x"], "a": ["x"]}`, `{"b": 1, "c": 2, "a": 3}`, `b is 1, the rule wants "x"`, 0,
		},
		"object": {
			`{"detail": ["x"]}`, `{"detail": {"a": 1}}`, `detail is an object, the rule wants "x"`, 0,
		},
		"empty array": {
			`{"resources": [{"exists": true}]}`, `{"resources": []}`, `resources is an empty array, the rule wants any value`, 0,
		},
		"absent": {
			`{"a": [{"exists": false}]}`, `{"a": ""}`, `a is "", the rule wants no such field`, 0,
		},
		"operators": {
			`{"a": [{"prefix": "p"}, {"numeric": [">", 0, "<=", 5]}, {"anything-but": {"suffix": ["s", "t"]}}, {"cidr": "10.0.0.0/8"}]}`,
			`{"a": "s"}`,
			`a is "s", the rule wants a string starting with "p", a number > 0 and <= 5, ` +
				`anything but a string ending with "s" or a string ending with "t" or an address in "10.0.0.0/8"`, 0,
		},
		"long lists": {
			`{"a": [1, 2, 3, 4, 5, 6]}`, `{"a": [7, 8, 9, 10, null, true]}`,
			"a is 7, 8, 9, 10 and 2 more, the rule wants 1, 2, 3, 4 or 2 more", 0,
		},
		"nearest alternative": {
			`{"z": [1], "$or": [{"a": [1], "b": [2]}, {"c": [3]}]}`, `{"z": 1, "a": 1, "b": 0}`, "b is 0, the rule wants 2", 2,
		},
		"first of two alternatives as near": {
			`{"$or": [{"a": [1]}, {"b": [1]}]}`, `{"a": 0, "b": 0}`, "a is 0, the rule wants 1", 0,
		},
		"as long as a value may be": {
			`{"a": ["x"]}`, `{"a": "` + strings.Repeat("y", 80) + `"}`, `a is "` + strings.Repeat("y", 80) + `", the rule wants "x"`, 0,
		},
		"elements of an array": {
			`{"a": {"x": [1], "y": [2]}}`, `{"a": [{"x": 1, "y": 0}, {"x": 0, "y": 2}]}`,
			"a.y is 0 and 2, the rule wants 2 in the same element of the array as the other fields", 1,
		},
		"hostile value": {
			`{"a": ["x"]}`, `{"a": "\u001b[31m` + strings.Repeat("y", 500) + `"}`,
			`a is "\x1b[31m` + strings.Repeat("y", 75) + `…", the rule wants "x"`, 0,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p, err := Parse([]byte(c.pattern))
			if err != nil {
				t.Fatal(err)
			}
			e, err := ParseEvent([]byte(c.event))
			if err != nil {
				t.Fatal(err)
			}
			d, err := p.Explain(e)
			if d == nil || err != nil {
				t.Fatalf("Explain = %v, %v, want a difference", d, err)
			}
			if d.String() != c.want {
				t.Errorf("got  %s\nwant %s", d, c.want)
			}
			if d.Matched != c.matched {
				t.Errorf("Matched = %d, want %d", d.Matched, c.matched)
			}
		})
	}
}
