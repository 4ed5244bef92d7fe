//go:build unix

package program

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/errors"
)

// With this variable the test binary is a program instead of testing: it prints a line, waits for the end of its input or for a signal, and
// prints lines.
const childMain = "SELFNORM_TEST_MAIN"

func TestMain(m *testing.M) {
	kind := os.Getenv(childMain)
	if kind == "" {
		os.Exit(m.Run())
	}
	grace = 0
	Main(func(ctx context.Context, _ []string, stdout, stderr io.Writer) int {
		fmt.Fprintln(stdout, "ready")
		if kind == "deaf" {
			select {}
		}
		if _, err := io.ReadAll(Interruptible(ctx, os.Stdin)); err != nil {
			fmt.Fprintln(stdout, "saved")
			return Exit("child", err, stderr)
		}
		w := stdout
		if kind == "strict" {
			w = Strict(stdout)
		}
		for range 3 {
			if _, err := fmt.Fprintln(w, strings.Repeat("line ", 1000)); err != nil {
				return Exit("child", err, stderr)
			}
		}
		fmt.Fprintln(stderr, "to the end")
		return 0
	})
}

// printed is the standard output of a child.
type printed struct {
	*bufio.Reader
	io.Closer
}

// child starts the program and waits until it is ready. With a command of a shell, that starts it.
func child(t *testing.T, kind, shell string) (cmd *exec.Cmd, stdin io.Closer, stdout printed, stderr *bytes.Buffer) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if cmd = exec.Command(self); shell != "" {
		cmd = exec.Command("/bin/sh", "-c", shell+` exec "$0"`, self)
	}
	cmd.Env = append(os.Environ(), childMain+"="+kind)
	stderr = &bytes.Buffer{}
	cmd.Stderr = stderr
	stdin, err = cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	stdout = printed{bufio.NewReader(out), out}
	if line, err := stdout.ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	return cmd, stdin, stdout, stderr
}

// SIGTERM and SIGHUP do what SIGINT does: the context ends, the program saves and returns its own code.
func TestSignals(t *testing.T) {
	for _, sent := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if signal.Ignored(sent) { // by the parent, such as nohup, which a program respects
			continue
		}
		cmd, _, stdout, stderr := child(t, "waits", "")
		if err := cmd.Process.Signal(sent); err != nil {
			t.Fatal(err)
		}
		rest, err := io.ReadAll(stdout)
		if err != nil {
			t.Error(err)
		}
		cmd.Wait()
		if code := cmd.ProcessState.ExitCode(); code != 1 || string(rest) != "saved\n" || strings.Count(stderr.String(), "\n") != 2 ||
			!strings.Contains(stderr.String(), fmt.Sprint(sent)) || !strings.Contains(stderr.String(), "context canceled") {
			t.Errorf("%v: exit code %d, %q, %q", sent, code, rest, stderr)
		}
	}
}

// A second signal ends a program that does not react to the first.
func TestSecondSignal(t *testing.T) {
	cmd, _, _, _ := child(t, "deaf", "")
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for { // how soon a signal arrives is up to the system, and two that wait are one
		select {
		case <-ended:
			if code := cmd.ProcessState.ExitCode(); code != 128+int(syscall.SIGTERM) {
				t.Errorf("exit code %d", code)
			}
			return
		default:
			if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
				t.Fatal(err)
			}
		}
	}
}

// Under nohup(1) SIGHUP stays ignored.
func TestNohup(t *testing.T) {
	cmd, stdin, stdout, stderr := child(t, "waits", `trap "" HUP;`)
	if err := cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	stdin.Close()
	rest, err := io.ReadAll(stdout)
	if err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil || strings.Count(string(rest), "\n") != 3 || stderr.String() != "to the end\n" {
		t.Errorf("%v, %d bytes, %q", err, len(rest), stderr)
	}
}

// A program whose standard output breaks goes on to its end, says so, and has exit code 1; one that has nothing else to do ends.
func TestBrokenOutput(t *testing.T) {
	for kind, want := range map[string]string{"waits": "to the end\n", "strict": "child: "} {
		cmd, stdin, stdout, stderr := child(t, kind, "")
		stdout.Close()
		stdin.Close()
		cmd.Wait()
		text := stderr.String()
		if code := cmd.ProcessState.ExitCode(); code != 1 || !strings.HasPrefix(text, want) || strings.Count(text, "standard output: broken pipe") != 1 {
			t.Errorf("%s: exit code %d, %q", kind, code, text)
		}
	}
}

// A program that waits for its standard input can be interrupted.
func TestInterruptible(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() {
		_, err := Interruptible(ctx, r).Read(make([]byte, 10))
		done <- err
	}()
	cancel()
	if err := <-done; err != context.Canceled {
		t.Errorf("error %v", err)
	}
}

func TestJoin(t *testing.T) {
	a, b := errors.New("a"), errors.New("b")
	if err := Join(nil, a, nil, b); err.Error() != "a; b" || !errors.Is(err, a) || !errors.Is(err, b) {
		t.Errorf("error %v", err)
	}
	if err := Join(nil, nil); err != nil {
		t.Errorf("error %v", err)
	}
}
