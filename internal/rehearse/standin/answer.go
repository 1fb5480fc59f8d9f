package standin

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// answer is what a service answers.
type answer struct {
	status int
	kind   string // the Content-Type
	body   []byte
}

func (a answer) write(w http.ResponseWriter) int {
	w.Header().Set("Content-Type", a.kind)
	w.Header().Set("X-Amzn-Requestid", requestID)
	w.WriteHeader(a.status)
	w.Write(a.body)
	return a.status
}

const (
	requestID = "00000000-0000-4000-8000-000000000000"
	jsonType  = "application/x-amz-json-1.1"
	xmlType   = "text/xml;charset=UTF-8"
)

// jsonAnswer is the answer of a service that speaks JSON.
func jsonAnswer(v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err) // the built-in answers are plain data
	}
	return answer{http.StatusOK, jsonType, body}
}

// xmlAnswer is the answer of a service that speaks XML.
func xmlAnswer(v any) answer {
	body, err := xml.Marshal(v)
	if err != nil {
		panic(err) // the built-in answers are plain data
	}
	return answer{http.StatusOK, xmlType, append([]byte(xml.Header), body...)}
}

// notPlayed answers what has no built-in answer, in the words of the protocol.
func notPlayed(r request) answer {
	const code = "NotPlayed"
	kind := "json"
	if r.protocol == awsQuery || r.protocol == ec2Query {
		kind = "xml"
	}
	message := fmt.Sprintf("%s is not played by this rehearsal; -answers DIR can answer it with a file named %s.%s", r.name(), r.name(), kind)
	type xmlError struct {
		Code    string
		Message string
	}
	a := answer{}
	switch r.protocol {
	case ec2Query:
		a = xmlAnswer(struct {
			XMLName   xml.Name   `xml:"Response"`
			Errors    []xmlError `xml:"Errors>Error"`
			RequestID string
		}{Errors: []xmlError{{code, message}}, RequestID: requestID})
	case awsQuery:
		a = xmlAnswer(struct {
			XMLName   xml.Name `xml:"ErrorResponse"`
			Error     xmlError
			RequestID string `xml:"RequestId"`
		}{Error: xmlError{code, message}, RequestID: requestID})
	default:
		a = jsonAnswer(map[string]string{"__type": code, "message": message})
	}
	a.status = http.StatusBadRequest
	return a
}

// readAnswers reads a folder of answers, by <service>.<Operation> or sink.
func readAnswers(dir string) (map[string]answer, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of answers: %w", err)
	}
	answers := map[string]answer{}
	for _, e := range entries {
		path, extension := filepath.Join(dir, e.Name()), filepath.Ext(e.Name())
		if e.IsDir() || !slices.Contains([]string{".json", ".xml", ".txt"}, extension) {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read an answer: %w", err)
		}
		a := givenAnswer(extension, body)
		name := strings.TrimSuffix(e.Name(), extension)
		if sink, status, _ := strings.Cut(name, "."); destinations[sink] != nil {
			name = sink
			if status != "" {
				if a.status, err = strconv.Atoi(status); err != nil || a.status < 200 || a.status > 599 {
					return nil, fmt.Errorf("%s names no HTTP status; an answer with one is named such as %s.500%s", path, sink, extension)
				}
			}
		} else if extension == ".txt" {
			continue
		} else if strings.Count(name, ".") != 1 {
			return nil, fmt.Errorf("%s names no operation; a file of answers is named <service>.<Operation>%s, such as codedeploy.GetDeployment.json, or after a sink, such as slack.json", path, extension)
		}
		answers[name] = a
	}
	return answers, nil
}

// givenAnswer is the answer with a user's body; an error document has an
// error's status.
func givenAnswer(extension string, body []byte) answer {
	a := answer{http.StatusOK, jsonType, body}
	isError := bytes.Contains(body, []byte(`"__type"`))
	if extension == ".xml" {
		a.kind = xmlType
		isError = bytes.Contains(body, []byte("<ErrorResponse")) || bytes.Contains(body, []byte("<Errors>"))
	}
	if isError {
		a.status = http.StatusBadRequest
	}
	return a
}
