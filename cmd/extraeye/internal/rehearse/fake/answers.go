package fake

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/answer"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/destination"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/rehearse/fakeaws"
)

// readAnswers reads a folder of a user's own answers, by <service>.<Operation> or sink.
func readAnswers(dir string) (map[string]answer.Answer, error) {
	if dir == "" {
		return nil, nil
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the folder of answers: %w", err)
	}
	answers := map[string]answer.Answer{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		path := filepath.Join(dir, e.Name())
		f, isAnswer, err := readFileName(path)
		if err != nil {
			return nil, err
		}
		if !isAnswer {
			continue
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read an answer: %w", err)
		}
		a := ownAnswer(filepath.Ext(path), body)
		if f.status != 0 {
			a.Status = f.status
		}
		answers[f.name] = a
	}
	return answers, nil
}

// fileName is the meaning of the name of a file of an answer.
type fileName struct {
	name   string // <service>.<Operation>, or a sink
	status int    // of a sink's answer; 0: not given
}

// readFileName reads the name of a file. Files that cannot be meant as answers, such as
// README.md and notes.txt, are not.
func readFileName(path string) (f fileName, isAnswer bool, err error) {
	extension := filepath.Ext(path)
	if !slices.Contains([]string{".json", ".xml", ".txt"}, extension) {
		return f, false, nil
	}
	f.name = strings.TrimSuffix(filepath.Base(path), extension)
	sinks := destination.OutsideAWS()
	if sink, status, _ := strings.Cut(f.name, "."); slices.Contains(sinks, sink) {
		f.name = sink
		if status != "" {
			if f.status, err = strconv.Atoi(status); err != nil || f.status < 200 || f.status > 599 {
				return f, false, fmt.Errorf("%s has no HTTP status where %s.500%s has one", path, sink, extension)
			}
		}
		return f, true, nil
	}
	if extension == ".txt" {
		return f, false, nil
	}
	if known := fakeaws.Operations(); !slices.Contains(known, f.name) {
		return f, false, fmt.Errorf("%s is not named after an operation that the notifier calls or a sink that it posts to, so it would answer nothing: name it after one of %s, or of %s",
			path, strings.Join(known, ", "), strings.Join(sinks, ", "))
	}
	return f, true, nil
}

// denial finds the codes of denied permissions, which AWS answers with 403 instead of
// 400.
//
// https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
var denial = regexp.MustCompile(`("__type"\s*:\s*"([^"]*#)?|<Code>\s*)(AccessDenied|UnauthorizedOperation|AuthFailure|AuthorizationError)`)

// ownAnswer is the answer with a user's body; an error document has an error's
// status.
func ownAnswer(extension string, body []byte) answer.Answer {
	a := answer.Answer{Status: http.StatusOK, ContentType: fakeaws.JSONType, Body: body}
	isError := bytes.Contains(body, []byte(`"__type"`))
	if extension == ".xml" {
		a.ContentType = fakeaws.XMLType
		isError = bytes.Contains(body, []byte("<ErrorResponse")) || bytes.Contains(body, []byte("<Errors>"))
	}
	switch {
	case isError && denial.Match(body):
		a.Status = http.StatusForbidden
	case isError:
		a.Status = http.StatusBadRequest
	}
	return a
}
