//go:build unix

package train_test

import (
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// limitFiles makes the following writes of this process fail as on a full disk: no file grows beyond 1000 bytes.
func limitFiles() error {
	signal.Ignore(syscall.SIGXFSZ)
	return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: 1000, Max: 1000})
}

// A checkpoint that cannot be written ends the run with an error; the last good one stays, and the run can be resumed from it.
func TestCheckpointFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := command(t, dir, "spirals", childLimit+"=7").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "step-000000000007.safetensors") || !strings.Contains(string(out), "too large") {
		t.Fatalf("error %v, output %s", err, out)
	}
	if got, err := filepath.Glob(filepath.Join(dir, "*.safetensors")); err != nil || len(got) != 2 || !strings.HasSuffix(got[1], "step-000000000006.safetensors") {
		t.Errorf("the folder holds %v (%v)", got, err)
	}
	if rest, _ := filepath.Glob(filepath.Join(dir, ".*")); len(rest) > 0 {
		t.Errorf("left behind: %v", rest)
	}
	readAll(t, dir)
	sameBits(t, "after a full disk", finish(t, dir, "spirals"), finish(t, t.TempDir(), "spirals"))
}

// A log that cannot grow ends the run with an error, and is left without half a line.
func TestLogFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	out, err := command(t, dir, "spirals", childLimit+"=1", childNone+"=1").CombinedOutput()
	path := filepath.Join(childLogs(dir), "log.jsonl")
	if err == nil || !strings.Contains(string(out), "JSONLog: write "+path) || !strings.Contains(string(out), "too large") {
		t.Fatalf("error %v, output %s", err, out)
	}
	if text, err := os.ReadFile(path); err != nil || len(text) > 0 {
		t.Errorf("the log holds %q (%v)", text, err)
	}
	if text, err := os.ReadFile(filepath.Join(childLogs(dir), "log.csv")); err != nil || strings.Count(string(text), "\n") != 2 {
		t.Errorf("the log that could grow holds %q (%v)", text, err)
	}
}
