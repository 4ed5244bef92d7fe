package pipelines

import (
	"bufio"
	"bytes"
	"io"
	"os/exec"
	"strings"
	"sync"

	"github.com/pkg/errors"
)

// process is a program that answers each line of its input with a line. Its first line is a header.
type process struct {
	cmd    *exec.Cmd
	in     io.WriteCloser
	out    *bufio.Reader
	stderr *tail
	header string
}

// start starts a program and reads its header.
func start(command []string) (*process, error) {
	if len(command) == 0 {
		return nil, errors.New("there is no program to start")
	}
	p := &process{cmd: exec.Command(command[0], command[1:]...), stderr: &tail{}}
	p.cmd.Stderr = p.stderr
	var err error
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		return nil, errors.WithStack(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, errors.WithStack(err)
	}
	p.out = bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, errors.WithStack(err)
	}
	if p.header, err = p.out.ReadString('\n'); err != nil {
		return nil, p.end()
	}
	return p, nil
}

// answer returns the line for a line. After an error the process has ended.
func (p *process) answer(line string) (string, error) {
	if _, err := io.WriteString(p.in, line+"\n"); err != nil {
		return "", p.end()
	}
	text, err := p.out.ReadString('\n')
	if err != nil {
		return "", p.end()
	}
	return strings.TrimSuffix(text, "\n"), nil
}

// end closes the input, waits for the process, and returns an error that says how it ended.
func (p *process) end() error {
	p.in.Close()
	_, _ = io.Copy(io.Discard, p.out)
	err := p.cmd.Wait()
	if err == nil {
		err = errors.New("it ended without an answer")
	}
	return errors.Wrapf(err, "%s: %s", p.cmd.Path, p.stderr.last())
}

// crashed reports whether a process ended by itself, not with the error of a program, which has the exit code 1.
func crashed(err error) bool {
	var exit *exec.ExitError
	return errors.As(err, &exit) && exit.ExitCode() != 1
}

// tail keeps what a process has written last.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const mostTail = 16 << 10

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.text = append(t.text, b...); len(t.text) > mostTail {
		t.text = t.text[len(t.text)-mostTail:]
	}
	return len(b), nil
}

// last returns the last line, or the first one of a crash.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := bytes.Split(bytes.TrimSpace(t.text), []byte("\n"))
	for _, line := range lines {
		if bytes.HasPrefix(line, []byte("fatal error: ")) || bytes.HasPrefix(line, []byte("panic: ")) || bytes.HasPrefix(line, []byte("runtime: ")) {
			return string(line)
		}
	}
	return string(lines[len(lines)-1])
}

// idle are the processes that wait for work, by their command.
var idle struct {
	sync.Mutex
	all map[string][]*process
}

func commandKey(command []string) string { return strings.Join(command, "\x00") }

// take returns a process that waits, or a new one.
func take(command []string) (*process, error) {
	idle.Lock()
	key := commandKey(command)
	if waiting := idle.all[key]; len(waiting) > 0 {
		p := waiting[len(waiting)-1]
		idle.all[key] = waiting[:len(waiting)-1]
		idle.Unlock()
		return p, nil
	}
	idle.Unlock()
	return start(command)
}

// put keeps a process for later. It ends when this one does, which closes its input.
func put(command []string, p *process) {
	idle.Lock()
	defer idle.Unlock()
	if idle.all == nil {
		idle.all = map[string][]*process{}
	}
	key := commandKey(command)
	idle.all[key] = append(idle.all[key], p)
}

// EndIdle ends the processes that wait for work.
func EndIdle() {
	idle.Lock()
	defer idle.Unlock()
	for _, waiting := range idle.all {
		for _, p := range waiting {
			_ = p.end() // it has nothing to answer
		}
	}
	idle.all = nil
}
