package lambdaruntime

import (
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// process is a running function with a Runtime API of its own.
type process struct {
	cmd    *exec.Cmd
	api    *api
	server *http.Server
	log    *tail
	exited chan struct{}
}

// start starts the function's process.
func start(c Config) (*process, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open a port for the Lambda Runtime API: %w", err)
	}
	arn := fmt.Sprintf("arn:%s:lambda:%s:%s:function:%s", c.Partition, c.Region, c.Account, c.Name)
	p := &process{log: &tail{}, exited: make(chan struct{})}
	p.api = newAPI(arn, p.log.reset)
	p.server = &http.Server{Handler: p.api.handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = p.server.Serve(listener) }() // until stop

	p.cmd = exec.Command(c.Bootstrap)
	p.cmd.Dir = filepath.Dir(c.Bootstrap)
	p.cmd.Env = environment(c, listener.Addr().String())
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		p.server.Close()
		return nil, fmt.Errorf("start the function: %w", err)
	}
	go func() {
		_ = p.cmd.Wait() // ProcessState says how it ended
		close(p.exited)
	}()
	return p, nil
}

// environment is the environment of the function. It has nothing of this machine's, so
// that the function uses neither credentials nor a proxy of the developer.
//
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
func environment(c Config, api string) []string {
	return append([]string{
		"AWS_LAMBDA_RUNTIME_API=" + api,
		"AWS_LAMBDA_FUNCTION_NAME=" + c.Name,
		"AWS_LAMBDA_FUNCTION_VERSION=$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE=" + strconv.Itoa(c.MemoryMB),
		"AWS_LAMBDA_INITIALIZATION_TYPE=on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME=/aws/lambda/" + c.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME=rehearsal",
		"_HANDLER=bootstrap",
		"LAMBDA_TASK_ROOT=" + filepath.Dir(c.Bootstrap),
		"TZ=:UTC",
		"AWS_REGION=" + c.Region,
		"AWS_DEFAULT_REGION=" + c.Region,
		"AWS_ACCESS_KEY_ID=AKIDREHEARSAL",
		"AWS_SECRET_ACCESS_KEY=rehearsal",
		"AWS_SESSION_TOKEN=rehearsal",
		"AWS_ENDPOINT_URL=" + c.Endpoint,
	}, c.Environment...)
}

// exitError says how the process ended; exited must be closed.
func (p *process) exitError() *Error {
	select {
	case e := <-p.api.initError:
		return e
	default:
	}
	message := "the function's process ended: " + p.cmd.ProcessState.String()
	if last := p.log.lastLines(5); last != "" {
		message += "; it wrote: " + last
	}
	return &Error{Type: "Runtime.ExitError", Message: message}
}

// stop ends the process and its Runtime API.
func (p *process) stop() {
	_ = p.cmd.Process.Kill() // it may have ended already
	<-p.exited
	p.server.Close()
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 64 << 10

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

func (t *tail) reset() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}

// lastLines returns the last n lines that are not empty, as one line.
func (t *tail) lastLines(n int) string {
	var lines []string
	for line := range strings.Lines(t.String()) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-n):], " | ")
}
