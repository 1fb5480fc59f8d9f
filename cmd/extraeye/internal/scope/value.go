package scope

import (
	"bytes"
	"encoding/json"
)

// value is what a pattern wants of a field: a name, or a name with * for any text. Which names
// another operator wants is not said by one name, so it stands for all.
type value string

func (v *value) UnmarshalJSON(raw []byte) error {
	var exact string
	if json.Unmarshal(raw, &exact) == nil {
		*v = value(exact)
		return nil
	}
	var operator struct {
		Prefix   string `json:"prefix"`
		Suffix   string `json:"suffix"`
		Wildcard string `json:"wildcard"`
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	if d.Decode(&operator) != nil {
		operator.Wildcard = "*"
	}
	switch {
	case operator.Prefix != "":
		*v = value(operator.Prefix + "*")
	case operator.Suffix != "":
		*v = value("*" + operator.Suffix)
	default:
		*v = value(operator.Wildcard)
	}
	return nil
}

// namesOf are the names that a pattern wants; a pattern that wants none takes all.
func namesOf(values []value) []string {
	if len(values) == 0 {
		return []string{"*"}
	}
	var names []string
	for _, v := range values {
		if v != "" {
			names = append(names, string(v))
		}
	}
	return names
}
