//go:build linux || darwin

package search_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// childSize is the size beyond which the files of a child cannot grow, as on a full disk.
const childSize = "SELFNORM_TEST_SEARCH_SIZE"

func init() {
	if n, err := strconv.ParseUint(os.Getenv(childSize), 10, 62); err == nil {
		signal.Ignore(syscall.SIGXFSZ)
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: n, Max: n}); err != nil {
			panic(err)
		}
	}
}

// A search on a full disk ends with an error that names the file. The results so far are whole lines, and once there is room the search
// continues to the results of one that was never interrupted.
func TestResultsFull(t *testing.T) {
	search := func(path string, env ...string) (string, error) {
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self)
		cmd.Env = append(append(os.Environ(), childResults+"="+path), env...)
		var errs bytes.Buffer
		cmd.Stderr = &errs
		err = cmd.Run()
		return errs.String(), err
	}
	alone := filepath.Join(t.TempDir(), "results.jsonl")
	if out, err := search(alone); err != nil {
		t.Fatal(err, out)
	}
	want := sortedLines(t, alone)
	path := filepath.Join(t.TempDir(), "results.jsonl")
	for _, size := range []int{10, 200, 5000, 20_001} { // the last limit lets earlier results stay
		out, err := search(path, fmt.Sprint(childSize, "=", size))
		if err == nil || !strings.Contains(out, path) || strings.Contains(out, "panic") || strings.Count(out, "\n") != 1 {
			t.Errorf("%d bytes: %v, %s", size, err, out)
		}
		if text := read(t, path); len(text) > size || len(text) > 0 && text[len(text)-1] != '\n' {
			t.Errorf("%d bytes: the file has %d, and ends in %q", size, len(text), text[max(0, len(text)-9):])
		}
	}
	if out, err := search(path); err != nil {
		t.Fatal(err, out)
	}
	if got := sortedLines(t, path); !slices.Equal(got, want) {
		t.Errorf("%d lines, want the %d of a search that was left alone", len(got), len(want))
	}
}
