//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package output_test

import (
	"bufio"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// With one of these variables the test binary acts instead of testing, on the file that it names.
const (
	childHold  = "SELFNORM_TEST_OUTPUT_HOLD"  // lock the file, write half of it, print a line, and wait for the end of the input
	childLimit = "SELFNORM_TEST_OUTPUT_LIMIT" // write 5000 bytes where no file may grow beyond 1000
	childOut   = "SELFNORM_TEST_OUTPUT_OUT"   // print, write to the file, print
)

func TestMain(m *testing.M) {
	var err error
	if path := os.Getenv(childHold); path != "" {
		if _, err = output.Lock(path); err == nil {
			err = output.Write(path, func(w io.Writer) error {
				io.WriteString(w, strings.Repeat("half", 50_000))
				fmt.Println("ready")
				_, err := io.Copy(io.Discard, os.Stdin)
				return err
			})
		}
	} else if path := os.Getenv(childLimit); path != "" {
		signal.Ignore(syscall.SIGXFSZ)
		if err = syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000}); err == nil {
			err = output.Write(path, text(strings.Repeat("x", 5000), nil))
		}
	} else if path := os.Getenv(childOut); path != "" {
		fmt.Println("before")
		err = output.Write(path, text("written\n", nil))
		fmt.Println("after")
	} else {
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func command(t *testing.T, variable, path string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), variable+"="+path)
	return cmd
}

// The next process removes the temporary file of a killed one, and leaves that of a live one. The lock of a killed process is free.
func TestKilled(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "old")
	cmd := command(t, childHold, path)
	stdin, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	defer stdin.Close()
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "ready\n" {
		t.Fatalf("the child says %q (%v)", line, err)
	}
	temporary := func() int {
		t.Helper()
		paths, err := filepath.Glob(filepath.Join(dir, ".f.*.tmp"))
		if err != nil {
			t.Fatal(err)
		}
		return len(paths)
	}
	if _, err := output.Lock(path); !errors.Is(err, output.ErrLocked) {
		t.Errorf("the lock of a live process gives %v", err)
	}
	write(t, path, "new")
	if n := temporary(); n != 1 {
		t.Errorf("%d temporary files beside a live process, want 1", n)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	cmd.Wait()
	if n := temporary(); n != 1 {
		t.Errorf("%d temporary files after the kill, want 1", n)
	}
	wantContent(t, path, "new")
	release, err := output.Lock(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := release(); err != nil {
		t.Error(err)
	}
	write(t, path, "newer")
	wantContent(t, path, "newer")
	wantNames(t, dir, "f")
}

// A write that stops in the middle, as on a full disk, leaves the old file.
func TestFileLimit(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	write(t, path, "old")
	out, err := command(t, childLimit, path).CombinedOutput()
	if want := "write " + path + ": file too large\n"; err == nil || !strings.HasPrefix(string(out), want) {
		t.Errorf("the child says %q (%v), want %q", out, err, want)
	}
	wantContent(t, path, "old")
	wantNames(t, dir, "f")
}

// The permissions of an existing file stay; a new one has those that the umask leaves.
func TestPermissions(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	defer syscall.Umask(syscall.Umask(0o027))
	write(t, path, "1")
	mode := func() fs.FileMode {
		t.Helper()
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode()
	}
	if got := mode(); got != 0o640 {
		t.Errorf("a new file has mode %v, want 0640", got)
	}
	for _, want := range []fs.FileMode{0o600, 0o666, 0o755} {
		if err := os.Chmod(path, want); err != nil {
			t.Fatal(err)
		}
		write(t, path, "2")
		if got := mode(); got != want {
			t.Errorf("mode %v became %v", want, got)
		}
	}
	if os.Geteuid() == 0 {
		return // the superuser may write everywhere
	}
	check := func(what string) {
		t.Helper()
		for name, err := range map[string]error{"Write": output.Write(path, text("3", nil)), "Try": output.Try(path)} {
			if !errors.Is(err, fs.ErrPermission) || !strings.Contains(err.Error(), path) {
				t.Errorf("%s: %s gives %v", what, name, err)
			}
		}
		wantContent(t, path, "2")
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	check("a file without write permission")
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	check("a folder without write permission")
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

// A link stays and its target is replaced, whether it exists or not.
func TestSymlink(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "d", "e"), 0o755); err != nil {
		t.Fatal(err)
	}
	// The path ../f from e, which is reached by a link, is d/f and not f.
	for link, target := range map[string]string{"e": filepath.Join("d", "e"), "link": "via", "via": "e/../f"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, content := range []string{"new", "replaced"} {
		write(t, filepath.Join(dir, "link"), content)
		wantContent(t, filepath.Join(dir, "d", "f"), content)
		wantContent(t, filepath.Join(dir, "link"), content)
		write(t, dir+"/e/../g", content)
		wantContent(t, filepath.Join(dir, "d", "g"), content)
		wantNames(t, dir, "d", "e", "link", "via")
		wantNames(t, filepath.Join(dir, "d"), "e", "f", "g")
	}
}

// A pipe is written, not replaced.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if err := output.Try(path); err != nil { // without waiting for a reader
		t.Error(err)
	}
	read := make(chan string)
	go func() {
		content, _ := os.ReadFile(path)
		read <- string(content)
	}()
	write(t, path, "through")
	if got := <-read; got != "through" {
		t.Errorf("the reader got %q", got)
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v (%v)", info, err)
	}
}

// A pipe that nobody reads is an error that names it, and stays a pipe.
func TestPipeAlone(t *testing.T) {
	defer func(d time.Duration) { pipe.Patience = d }(pipe.Patience)
	pipe.Patience = time.Millisecond
	dir := t.TempDir()
	path, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	_, _, err := output.Stream(link)
	for _, err := range []error{err, output.Write(path, text("x", nil))} {
		if !errors.Is(err, pipe.ErrNoReader) || !strings.Contains(err.Error(), dir) {
			t.Errorf("error %v", err)
		}
	}
	if info, err := os.Lstat(path); err != nil || info.Mode()&fs.ModeNamedPipe == 0 {
		t.Errorf("the pipe is now %v (%v)", info, err)
	}
}

// A stream is for what cannot be replaced; a file is none, and neither is a folder.
func TestStream(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "f")
	if w, ok, err := output.Stream(path); w != nil || ok || err != nil || output.Direct(path) {
		t.Errorf("a new file: %v, %v, %v", w, ok, err)
	}
	if _, ok, err := output.Stream(dir); ok || err == nil {
		t.Errorf("a folder: %v, %v", ok, err)
	}
	w, ok, err := output.Stream(os.DevNull)
	if !ok || err != nil || !output.Direct(os.DevNull) {
		t.Fatalf("%s: %v, %v", os.DevNull, ok, err)
	}
	if _, err := io.WriteString(w, "nothing"); err != nil {
		t.Error(err)
	}
	if err := w.Close(); err != nil {
		t.Error(err)
	}
	const full = "/dev/full"
	if w, ok, err = output.Stream(full); !ok || err != nil {
		t.Skip(err)
	}
	if _, err := io.WriteString(w, "x"); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), full) {
		t.Errorf("a full device gives %v", err)
	}
	if err := output.Try(full); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), full) {
		t.Errorf("Try: a full device gives %v", err)
	}
}

// A name of an open file is the same as the file.
func TestSameDescriptor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "f")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	open := fmt.Sprintf("/dev/fd/%d", f.Fd())
	if _, err := os.Stat(open); err != nil {
		t.Skip(err)
	}
	if same, err := output.Same(path, open); err != nil || !same {
		t.Errorf("%s: %v (%v)", open, same, err)
	}
}

// Devices are written, not replaced, and their errors name them.
func TestDevices(t *testing.T) {
	write(t, os.DevNull, "nothing")
	if err := output.Try(os.DevNull); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&fs.ModeCharDevice == 0 {
		t.Fatalf("%s is now %v (%v)", os.DevNull, info, err)
	}
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip(err)
	}
	if err := output.Write(full, text("x", nil)); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), full) {
		t.Errorf("a full device gives %v", err)
	}
}

// Text written to /dev/stdout stands between the lines that the process prints, whether its output is a file or a pipe.
func TestStdout(t *testing.T) {
	if _, err := os.Stat("/dev/stdout"); err != nil {
		t.Skip(err)
	}
	const want = "before\nwritten\nafter\n"
	if out, err := command(t, childOut, "/dev/stdout").Output(); err != nil || string(out) != want {
		t.Errorf("a pipe got %q (%v)", out, err)
	}
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	cmd := command(t, childOut, "/dev/stdout")
	cmd.Stdout = f
	if err := cmd.Run(); err != nil {
		t.Error(err)
	}
	wantContent(t, path, want)
}

// A folder that is removed in the middle gives an error.
func TestFolderRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "d")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "f")
	err := output.Write(path, func(w io.Writer) error { return os.RemoveAll(dir) })
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v", err)
	}
	if err := output.SyncDir(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("SyncDir of a missing folder gives %v", err)
	}
}
