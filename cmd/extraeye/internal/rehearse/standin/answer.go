package standin

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
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
	message := r.name() + " is not played by this rehearsal"
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
		} else if known := Operations(); !slices.Contains(known, name) {
			return nil, fmt.Errorf("%s names no operation that the notifier calls and no sink that is played, so it would answer nothing; name it after one of %s, or of %s",
				path, strings.Join(known, ", "), strings.Join(slices.Sorted(maps.Keys(destinations)), ", "))
		}
		answers[name] = a
	}
	return answers, nil
}

// Operations are all that the notifier calls, as <service>.<Operation>.
func Operations() []string {
	known := slices.Concat(slices.Collect(maps.Keys(operations)), secretReads)
	slices.Sort(known)
	return known
}

// denial finds the codes of what the caller is not allowed to, which AWS answers
// with 403 instead of 400.
//
// https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
var denial = regexp.MustCompile(`("__type"\s*:\s*"([^"]*#)?|<Code>\s*)(AccessDenied|UnauthorizedOperation|AuthFailure|AuthorizationError)`)

// givenAnswer is the answer with a user's body; an error document has an
// error's status.
func givenAnswer(extension string, body []byte) answer {
	a := answer{http.StatusOK, jsonType, body}
	isError := bytes.Contains(body, []byte(`"__type"`))
	if extension == ".xml" {
		a.kind = xmlType
		isError = bytes.Contains(body, []byte("<ErrorResponse")) || bytes.Contains(body, []byte("<Errors>"))
	}
	switch {
	case isError && denial.Match(body):
		a.status = http.StatusForbidden
	case isError:
		a.status = http.StatusBadRequest
	}
	return a
}
