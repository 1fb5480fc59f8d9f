package binding

import "strings"

// Field is one field of an event and what it is matched with.
type Field struct {
	// Path is where the field is, such as "detail.state.value" or "resources".
	Path string
	// Key is a member of what is there, if its name is a user's and may have a dot in it.
	Key    string
	Values []Value
	// Always says that every watch of the kind matches just these values, whatever the user
	// writes, so that what only forwards events can do so, too.
	Always bool
}

// Members are the names of the members that lead to the field.
func (f Field) Members() []string {
	members := strings.Split(f.Path, ".")
	if f.Key != "" {
		members = append(members, f.Key)
	}
	return members
}

// Value is what a field is matched with.
type Value struct {
	Text string
	// Prefix matches everything that begins with the text.
	Prefix bool
	// Longest is how many characters a text has at most that is known only at
	// deployment. Zero for one that is known now.
	Longest int
	// Identity is what the value is recognized by at the next synthesis. It is set when
	// values are packed.
	Identity string
}

// Values matches names exactly. A name that is known only at deployment is counted
// with the longest name that AWS allows.
func (k Kind) Values(names []string) []Value {
	values := Choices(names)
	for i, v := range values {
		if IsToken(v.Text) {
			values[i].Longest = k.MaxLength
		}
	}
	return values
}

// Choices matches values exactly that are known now.
func Choices[T ~string](choices []T) []Value {
	var values []Value
	for _, c := range choices {
		values = append(values, Value{Text: string(c)})
	}
	return values
}

// Pattern is the value as an event pattern has it.
func (v Value) Pattern() any {
	if v.Prefix {
		return map[string]any{"prefix": v.Text}
	}
	return v.Text
}

// Measured is a value that is at least as long as this one can be.
func (v Value) Measured() Value {
	if v.Longest > 0 {
		v.Text = strings.Repeat("x", v.Longest)
	}
	return v
}
