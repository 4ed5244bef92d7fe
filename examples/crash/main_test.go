package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/output"
)

// The test binary is the process to kill, too.
func TestMain(m *testing.M) {
	jobs = append(jobs, whole, torn)
	if len(os.Args) > 1 && os.Args[1] == "-run" {
		main()
	}
	os.Exit(m.Run())
}

// whole replaces a file as it should be done, and torn as it should not: byte by byte.
var (
	whole = job{name: "whole", run: func(_ context.Context, dir string) error { return repeat(dir, text, atOnce) }, files: []string{"a"},
		other: func(_ context.Context, dir string) error { return atOnce(filepath.Join(dir, "a"), text(0)) }}
	torn = job{name: "torn", run: func(_ context.Context, dir string) error { return repeat(dir, text, byBytes) }, files: []string{"a"},
		other: func(_ context.Context, dir string) error { return byBytes(filepath.Join(dir, "a"), text(0)) }}
)

func repeat(dir string, text func(i int) string, write func(path, text string) error) error {
	for i := range 10 {
		if err := write(filepath.Join(dir, "a"), text(i)); err != nil {
			return err
		}
	}
	return nil
}

func text(i int) string { return strings.Repeat(fmt.Sprint(i%2), 20_000) }

func atOnce(path, text string) error {
	return output.Write(path, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

func byBytes(path, text string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	for _, b := range []byte(text) {
		if _, err := f.Write([]byte{b}); err != nil {
			return err
		}
	}
	return nil
}

// A file that is replaced at once is never seen in parts, and one that is written byte by byte is found out.
func TestKills(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run(t.Context(), []string{"-jobs", "whole", "-kills", "3"}, &out, &errs); code != 0 || !regexp.MustCompile(`all +3 +\d+ +\d+ +0 *\n$`).MatchString(out.String()) {
		t.Errorf("exit code %d, %s%s", code, out.String(), errs.String())
	}
	out.Reset()
	if code := run(t.Context(), []string{"-jobs", "torn", "-kills", "6", "-dir", t.TempDir()}, &out, &errs); code != 1 || !strings.Contains(out.String(), "differs from") {
		t.Errorf("exit code %d, %s%s", code, out.String(), errs.String())
	}
}

// The soak writes what it measures, and judges it.
func TestSoak(t *testing.T) {
	var out, errs bytes.Buffer
	dir := t.TempDir()
	run(t.Context(), []string{"-soak", "300ms", "-every", "1ms", "-rows", "1000", "-dir", dir}, &out, &errs)
	if !strings.HasPrefix(out.String(), "minutes") || errs.Len() > 0 && !regexp.MustCompile("growing|too few").MatchString(errs.String()) {
		t.Errorf("%s%s", out.String(), errs.String())
	}
	for _, name := range []string{"log.csv", "log.jsonl"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestFlags(t *testing.T) {
	for _, args := range [][]string{{"-kills", "0"}, {"-jobs", "none"}, {"-soak", "-1s"}, {"-every", "0s"}, {"-run", "none"}, {"-run", "search"}, {"-json", "x"}, {"more"}, {"-stream", "-1"}, {"-stream", "9", "-soak", "1s"}, {"-parquet"}} {
		var errs bytes.Buffer
		if code := run(t.Context(), args, io.Discard, &errs); code != 2 || strings.Count(errs.String(), "\n") != 1 {
			t.Errorf("%v: exit code %d, %s", args, code, errs.String())
		}
	}
}

// A line is followed through noise and outliers; growth beyond a limit is an error that names it.
func TestJudge(t *testing.T) {
	flat := func(change func(i int, s *sample)) []sample {
		samples := make([]sample, 60)
		for i := range samples {
			noise := float64(i*7%5) / 100
			samples[i] = sample{Minutes: float64(i), Heap: 50e6 * (1 + noise), Files: 20, Goroutines: 30, Step: 0.001 * (1 + noise), Whole: 1 + noise}
			change(i, &samples[i])
		}
		return samples
	}
	for _, test := range []struct {
		name   string
		change func(i int, s *sample)
		want   string
	}{
		{"flat", func(int, *sample) {}, ""},
		{"outliers", func(i int, s *sample) {
			if i%10 == 9 {
				s.Step, s.Heap, s.Goroutines = 9, 1e9, 99
			}
		}, ""},
		{"a warm-up", func(i int, s *sample) { s.Heap -= 1e7 * float64(max(0, 5-i)) }, ""},
		{"a leak of memory", func(i int, s *sample) { s.Heap += 1e5 * float64(i) }, "live heap"},
		{"a leak of files", func(i int, s *sample) { s.Files += float64(i / 10) }, "open files"},
		{"a leak of goroutines", func(i int, s *sample) { s.Goroutines += float64(i / 10) }, "goroutines"},
		{"slower steps", func(i int, s *sample) { s.Step *= 1 + float64(i)/400 }, "step time"},
		{"slower epochs", func(i int, s *sample) { s.Whole *= 1 + float64(i)/400 }, "CPU time of an epoch"},
	} {
		var out bytes.Buffer
		err := judge(flat(test.change), &out)
		if (err == nil) != (test.want == "") || err != nil && err.Error() != "growing: "+test.want {
			t.Errorf("%s: %v\n%s", test.name, err, out.String())
		}
	}
	if err := judge(nil, io.Discard); err == nil || !strings.Contains(err.Error(), "too few") {
		t.Errorf("nothing is judged: %v", err)
	}
}
