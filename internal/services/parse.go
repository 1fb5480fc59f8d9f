package services

import (
	"encoding/json"
	"errors"
	"os"
	"slices"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxBytes is how large a file may be: that of 3,000 services has about 1 MB.
const maxBytes = 16 << 20

// Load reads a file. Its error is [Errors], with all that is wrong.
func Load(path string) (*File, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		var cause *os.PathError
		if errors.As(err, &cause) {
			err = cause.Err
		}
		return nil, Errors{{File: path, Text: err.Error() + "; give the path of a YAML or JSON file, from the folder in which the app runs"}}
	}
	return Parse(path, text)
}

// Parse reads the text of a file of this name.
func Parse(name string, text []byte) (*File, error) {
	if len(text) > maxBytes {
		return nil, Errors{{File: name, Text: "the file has more than 16 MB; list names, and leave out what they say of themselves"}}
	}
	root, wrong := document(name, text)
	if wrong != nil {
		return nil, wrong
	}
	value, places, wrong := shaped(name, root)
	file := &File{places: places}
	if len(wrong) == 0 {
		if err := decode(value, file); err != nil {
			return nil, Errors{{File: name, Text: err.Error()}}
		}
		wrong = file.twice(name)
	}
	if len(wrong) > 0 {
		slices.SortStableFunc(wrong, compareErrors)
		return nil, wrong
	}
	return file, nil
}

// shaped checks the form of a file. What it returns has the form of JSON.
func shaped(name string, root ast.Node) (any, places, Errors) {
	c := newChecker(name, root)
	value := c.check(format, node{root, ""})
	return value, c.places, c.errors
}

// CheckTeams says what is wrong with the form of teams that are not from a file, apart from
// their sinks.
func CheckTeams(teams []Team) (wrong []string) {
	placeholder := []Sink{{Topic: &Topic{ARN: "arn:aws:sns:us-east-1:123456789012:t"}}}
	file := File{Teams: slices.Clone(teams)}
	for i := range file.Teams {
		file.Teams[i].Sinks = placeholder
	}
	text, err := json.Marshal(file)
	if err != nil {
		return []string{err.Error()}
	}
	root, errs := document("", text)
	if len(errs) == 0 && len(teams) > 0 {
		_, _, errs = shaped("", root)
	}
	for _, one := range errs {
		wrong = append(wrong, one.Text)
	}
	return wrong
}

// document reads the one document of a file.
func document(name string, text []byte) (ast.Node, Errors) {
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, Errors{syntax(name, err)}
	}
	switch len(parsed.Docs) {
	case 0:
	case 1:
		if parsed.Docs[0].Body != nil {
			return parsed.Docs[0].Body, nil
		}
	default:
		return nil, Errors{{File: name, Text: "the file has several YAML documents; write all teams into one"}}
	}
	return nil, Errors{{File: name, Text: "the file is empty; write teams: and below it the teams"}}
}

// syntax is what the parser says.
func syntax(name string, err error) Error {
	var wrong yaml.Error
	if errors.As(err, &wrong) && wrong.GetToken() != nil && wrong.GetToken().Position != nil {
		at := wrong.GetToken().Position
		return Error{name, at.Line, at.Column, "neither YAML nor JSON: " + wrong.GetMessage()}
	}
	return Error{File: name, Text: "neither YAML nor JSON: " + err.Error()}
}

// decode writes a checked value into a file.
func decode(value any, file *File) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, file)
}
