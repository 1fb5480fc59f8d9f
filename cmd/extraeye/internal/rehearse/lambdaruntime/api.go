package lambdaruntime

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"time"
)

// invocation is one payload for the process.
type invocation struct {
	hex      string // 32 random hexadecimal digits
	payload  []byte
	deadline time.Time
	answer   chan outcome // holds one
}

func newInvocation(payload []byte, deadline time.Time) *invocation {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return &invocation{
		hex:      hex.EncodeToString(b[:]),
		payload:  payload,
		deadline: deadline,
		answer:   make(chan outcome, 1),
	}
}

// id is the request id: the digits in the form of a UUID.
func (i *invocation) id() string {
	h := i.hex
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// outcome is what the process answered: a response or an error.
type outcome struct {
	response []byte
	err      *Error
}

// api is the Runtime API of one process: it fetches invocations there, one at a time,
// and posts its answers.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type api struct {
	arn       string
	handOver  func() // called before an invocation is handed over
	next      chan *invocation
	initError chan *Error // holds one
	current   chan *invocation
}

func newAPI(arn string, handOver func()) *api {
	return &api{
		arn:       arn,
		handOver:  handOver,
		next:      make(chan *invocation),
		initError: make(chan *Error, 1),
		current:   make(chan *invocation, 1),
	}
}

func (a *api) handler() http.Handler {
	const root = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+root+"invocation/next", a.serveNext)
	mux.HandleFunc("POST "+root+"invocation/{id}/response", a.serveAnswer(func(body []byte) outcome {
		return outcome{response: body}
	}))
	mux.HandleFunc("POST "+root+"invocation/{id}/error", a.serveAnswer(func(body []byte) outcome {
		return outcome{err: readError(body)}
	}))
	mux.HandleFunc("POST "+root+"init/error", a.serveInitError)
	return mux
}

func (a *api) serveNext(w http.ResponseWriter, r *http.Request) {
	select {
	case inv := <-a.next:
		select {
		case <-a.current: // which got no answer
		default:
		}
		a.current <- inv
		a.handOver()
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Lambda-Runtime-Aws-Request-Id", inv.id())
		h.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(inv.deadline.UnixMilli(), 10))
		h.Set("Lambda-Runtime-Invoked-Function-Arn", a.arn)
		h.Set("Lambda-Runtime-Trace-Id", "Root=1-"+inv.hex[:8]+"-"+inv.hex[8:]+";Sampled=0")
		_, _ = w.Write(inv.payload) // a process that has ended gets no answer
	case <-r.Context().Done():
	}
}

func (a *api) serveAnswer(read func([]byte) outcome) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		select {
		case inv := <-a.current:
			if inv.id() != r.PathValue("id") {
				a.current <- inv
				http.Error(w, "no such invocation: "+r.PathValue("id"), http.StatusBadRequest)
				return
			}
			inv.answer <- read(body)
			w.WriteHeader(http.StatusAccepted)
		default:
			http.Error(w, "no invocation is under way", http.StatusBadRequest)
		}
	}
}

func (a *api) serveInitError(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	select {
	case a.initError <- readError(body):
	default:
	}
	w.WriteHeader(http.StatusAccepted)
}

// readError reads the error that a runtime reports. Any other body becomes the
// message.
func readError(body []byte) *Error {
	var reported struct {
		Type    string `json:"errorType"`
		Message string `json:"errorMessage"`
	}
	if err := json.Unmarshal(body, &reported); err != nil {
		return &Error{Type: "Runtime.UnknownReason", Message: string(body)}
	}
	return &Error{Type: reported.Type, Message: reported.Message}
}
