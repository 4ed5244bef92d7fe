package pipelines_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/beam/pipelines"
)

// stubSearch is a search with the trials of the stub.
func stubSearch(t testing.TB, n int, more ...string) (s *pipelines.Search, stdout, stderr *bytes.Buffer) {
	t.Helper()
	t.Setenv(stub, "1")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	out := filepath.Join(dir, "r.jsonl")
	stdout, stderr = &bytes.Buffer{}, &bytes.Buffer{}
	command := append([]string{self, "-out", out, "-n", fmt.Sprint(n)}, more...)
	return &pipelines.Search{Command: command, Results: out, Dir: filepath.Join(dir, "beam"), Workers: 3, Stdout: stdout, Stderr: stderr}, stdout, stderr
}

// stubTable is the table of the stub if each trial has one result.
func stubTable(n int, failed ...int) string {
	var b strings.Builder
	for i := range n {
		ok := true
		for _, f := range failed {
			ok = ok && f != i
		}
		fmt.Fprintln(&b, i, 1, ok)
	}
	return b.String()
}

// Trials that fail or panic, and those that crash their process, have results that say so with their settings; the others go on. Each trial has one
// result. Started again, nothing runs.
func TestFailures(t *testing.T) {
	s, stdout, stderr := stubSearch(t, 50, "-fail", "7,8", "-crash", "20")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := stdout.String(), stubTable(50, 7, 8, 20); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	for _, want := range []string{
		"50 trials finished, 3 failed", `failed: {"x":7}: panic: oh`,
		`failed: {"x":20}: the process of the trial crashed twice: `, "fatal error: out of memory: exit status 2",
	} {
		if !strings.Contains(stderr.String(), want) {
			t.Errorf("no %q in %s", want, stderr)
		}
	}
	stdout.Reset()
	stderr.Reset()
	if err := s.Run(t.Context()); err != nil || strings.HasPrefix(stderr.String(), "50 trials\n") || stdout.String() != stubTable(50, 7, 8, 20) {
		t.Errorf("%v: %s%s", err, stdout, stderr)
	}
}

// Trials that take long, compared with the times after which Prism splits bundles, have one result each, too.
func TestSlow(t *testing.T) {
	s, stdout, stderr := stubSearch(t, 20, "-wait", "150ms")
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, want := stdout.String(), stubTable(20); got != want || !strings.Contains(stderr.String(), "20 trials finished, 0 failed") {
		t.Errorf("%s%s\nwant\n%s", stderr, got, want)
	}
}

// A program that refuses a trial, because it has other data, ends the pipeline with its message: it says nothing about the trial. Results from
// before are kept.
func TestRefused(t *testing.T) {
	s, _, _ := stubSearch(t, 10, "-refuse", "4")
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "stub: other data") {
		t.Error(err)
	}
	s.Command = s.Command[:len(s.Command)-2]
	stdout := &bytes.Buffer{}
	s.Stdout = stdout
	if err := s.Run(t.Context()); err != nil || stdout.String() != stubTable(10) {
		t.Errorf("%v: %s", err, stdout)
	}
	s.Command = []string{filepath.Join(t.TempDir(), "none")}
	if err := s.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "none") {
		t.Error(err)
	}
}

// A UCI search on Prism gives the table of the local pool.
func TestUCI(t *testing.T) {
	t.Setenv("SELFNORM_DATA", t.TempDir())
	t.Setenv("SELFNORM_CACHE", t.TempDir())
	uci := filepath.Join(programs(t, "uci"), "uci")
	out := filepath.Join(t.TempDir(), "r.jsonl")
	flags := []string{"-nets", "batchnorm", "-methods", "naivebayes,knn", "-q"}
	want, err := exec.Command(uci, flags...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	s := pipelines.Search{
		Command: append(append([]string{uci}, flags...), "-out", out), Results: out, Dir: out + ".beam", Workers: 2, Stdout: &stdout, Stderr: &stderr,
	}
	if err := s.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if stdout.String() != string(want) || !strings.Contains(stderr.String(), "8 trials finished, 0 failed") {
		t.Errorf("%s%s\nwant\n%s", stderr.String(), stdout.String(), want)
	}
}

// BenchmarkTrials runs trials that do nothing.
func BenchmarkTrials(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for range b.N {
				s, _, _ := stubSearch(b, n)
				if err := s.Run(b.Context()); err != nil {
					b.Fatal(err)
				}
			}
			var m runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&m)
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N)/float64(n), "ms/trial")
			b.ReportMetric(float64(m.HeapAlloc)/1e6, "MB/heap")
			b.ReportMetric(float64(m.Sys)/1e6, "MB/sys")
		})
	}
}
