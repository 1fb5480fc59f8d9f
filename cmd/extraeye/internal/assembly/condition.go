package assembly

import "slices"

// condition resolves a condition by its name.
func (t *template) condition(name string) bool {
	v, _ := t.once("condition "+name, func() any {
		c, ok := t.conditions[name]
		if !ok {
			t.notef("there is no condition %s, it is taken for false", name)
		}
		return t.holds(c)
	}).(bool)
	return v
}

// holds resolves a condition's functions.
func (t *template) holds(c any) bool {
	m, _ := c.(map[string]any)
	for name, arg := range m {
		if name == "Condition" {
			return t.condition(text(arg))
		}
		args, _ := arg.([]any)
		switch name {
		case "Fn::Equals":
			return len(args) == 2 && t.text(args[0]) == t.text(args[1])
		case "Fn::Not":
			return len(args) == 1 && !t.holds(args[0])
		case "Fn::And":
			return !slices.ContainsFunc(args, func(a any) bool { return !t.holds(a) })
		case "Fn::Or":
			return slices.ContainsFunc(args, t.holds)
		}
		t.notef("a condition uses %s, it is taken for false", name)
	}
	return false
}
