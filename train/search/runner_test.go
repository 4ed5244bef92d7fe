package search_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/search"
)

// missing returns the trials that a search lacks, and fails for any other error.
func missing(t testing.TB, err error) []search.Job {
	t.Helper()
	var m *search.Missing
	if err != nil && !errors.As(err, &m) {
		t.Fatal(err)
	}
	if m == nil {
		return nil
	}
	return m.Jobs
}

// shards runs all shards of a search, and returns their results files.
func shards(t testing.TB, c search.Config, of int) (files []string) {
	t.Helper()
	dir := t.TempDir()
	for k := range of {
		c.Results, c.Runner = filepath.Join(dir, fmt.Sprint(k)), search.Shard{Number: k + 1, Of: of}
		_, err := search.Run(context.Background(), c)
		if n := len(missing(t, err)); (n == 0) != (of == 1) {
			t.Errorf("shard %d of %d: %d trials are missing", k+1, of, n)
		}
		files = append(files, c.Results)
	}
	return files
}

// Shards that are merged have the results of one search, and each trial runs once, for any number of shards.
func TestShards(t *testing.T) {
	c := config(t)
	want := table(t, run(t, c))
	lines := sortedLines(t, c.Results)
	for _, of := range []int{1, 2, 5, 24, 30} {
		m := c
		m.Merge, m.Results, m.Runner = shards(t, c, of), filepath.Join(t.TempDir(), "merged"), search.Nowhere{}
		if got := table(t, run(t, m)); got != want {
			t.Errorf("%d shards:\n%s\nwant\n%s", of, got, want)
		}
		if got := sortedLines(t, m.Results); !slices.Equal(got, lines) {
			t.Errorf("%d shards have %d lines, want %d", of, len(got), len(lines))
		}
		before := read(t, m.Results)
		run(t, m) // again: nothing is added
		if after := read(t, m.Results); !bytes.Equal(before, after) {
			t.Errorf("merged again, the file has %d bytes, not %d", len(after), len(before))
		}
	}
}

// Trials that no file has are named; a later search runs these alone.
func TestMergeMissing(t *testing.T) {
	c := config(t)
	want := table(t, run(t, c))
	m := c
	m.Merge, m.Results, m.Runner = shards(t, c, 4)[1:], filepath.Join(t.TempDir(), "merged"), search.Nowhere{}
	_, err := search.Run(context.Background(), m)
	if lost := missing(t, err); len(lost) != 6 || !strings.Contains(err.Error(), "6 of 24 trials are missing: "+lost[0].Point.String()) || !strings.Contains(err.Error(), "and 1 more") {
		t.Errorf("%d are missing: %v", len(lost), err)
	}
	ran := 0
	m.Merge, m.Runner, m.Parallel = nil, nil, 1
	m.Trial = func(ctx context.Context, t *search.Trial) (search.Values, error) { ran++; return learn(ctx, t) }
	if got := table(t, run(t, m)); got != want || ran != 6 {
		t.Errorf("%d trials ran:\n%s\nwant\n%s", ran, got, want)
	}
}

// Results that contradict each other and files of other searches are refused, before anything is added.
func TestMergeRefuses(t *testing.T) {
	c := config(t)
	files := shards(t, c, 2)
	whole := string(read(t, files[1]))
	_, body, _ := strings.Cut(whole, "\n")
	first, _, _ := strings.Cut(body, "\n")
	for name, text := range map[string]string{
		`key "other"`:       strings.Replace(whole, `"test"`, `"other"`, 1),
		"seed 8":            strings.Replace(whole, `"seed":7`, `"seed":8`, 1),
		"different results": string(read(t, files[0])) + strings.Replace(first, `"curve":[`, `"curve":[0.5,`, 1) + "\n",
		"not a results":     "text\n",
	} {
		m := c
		odd := filepath.Join(t.TempDir(), "odd")
		write(t, odd, []byte(text))
		m.Merge, m.Results, m.Runner = []string{files[1], odd}, filepath.Join(t.TempDir(), "merged"), search.Nowhere{}
		_, err := search.Run(context.Background(), m)
		if err == nil || !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), odd) {
			t.Errorf("%s: %v", name, err)
		}
		if lines := sortedLines(t, m.Results); len(lines) != 1 {
			t.Errorf("%s: the merged file has %d lines", name, len(lines))
		}
	}
	c.Merge = []string{filepath.Join(t.TempDir(), "none")}
	if _, err := search.Run(context.Background(), c); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// Results of several kinds of processors are merged with a warning, those of other data are not.
func TestMixed(t *testing.T) {
	c := config(t)
	c.Data = func(search.Point) string { return "made up" }
	files := shards(t, c, 2)
	text := string(read(t, files[0]))
	cpu := `"cpu":"` + strings.SplitN(strings.SplitN(text, `"cpu":"`, 2)[1], `"`, 2)[0]
	write(t, files[0], []byte(strings.ReplaceAll(text, cpu, `"cpu":"z80 purego`)))
	var warnings []string
	m := c
	m.Merge, m.Results, m.Runner = files, filepath.Join(t.TempDir(), "merged"), search.Nowhere{}
	m.Warn = func(text string) { warnings = append(warnings, text) }
	run(t, m)
	if len(warnings) != 1 || !strings.Contains(warnings[0], "z80 purego") {
		t.Errorf("warnings %q", warnings)
	}
	old := filepath.Join(t.TempDir(), "old") // of before, without the names of the data
	write(t, old, []byte(strings.ReplaceAll(string(read(t, files[1])), `"data":"made up",`, "")))
	again := m
	again.Merge, again.Results = append([]string{old}, files...), filepath.Join(t.TempDir(), "again")
	if got, want := table(t, run(t, again)), table(t, run(t, m)); got != want {
		t.Errorf("beside a file of before:\n%s\nwant\n%s", got, want)
	}
	m.Data, m.Merge = func(search.Point) string { return "other" }, nil
	if _, err := search.Run(context.Background(), m); err == nil || !strings.Contains(err.Error(), `"made up"`) {
		t.Error(err)
	}
}

// Trials that are listed as text, run by other processes, and merged are those of one search; so are those of both steps of a nested
// cross-validation.
func TestServe(t *testing.T) {
	n := nested(t)
	want := nestedTable(t, runNested(t, n))
	merged := n
	merged.Results, merged.Runner = filepath.Join(t.TempDir(), "merged"), search.Nowhere{}
	for step := 0; ; step++ {
		var jobs bytes.Buffer
		list := merged
		list.Merge, list.Runner = nil, search.List{Out: &jobs}
		_, err := search.RunNested(context.Background(), list)
		if len(missing(t, err)) == 0 {
			if step != 2 {
				t.Errorf("%d steps, want 2", step)
			}
			break
		}
		merged.Merge = nil
		for half, text := range halves(jobs.String()) {
			path := filepath.Join(t.TempDir(), fmt.Sprint(half))
			serve := n
			var out bytes.Buffer
			serve.Results, serve.Runner = "", search.Serve{In: strings.NewReader(text), Out: &out}
			if _, err := search.RunNested(context.Background(), serve); !errors.Is(err, search.ErrServed) {
				t.Fatal(err)
			}
			write(t, path, out.Bytes())
			merged.Merge = append(merged.Merge, path)
		}
		_, err = search.RunNested(context.Background(), merged)
		missing(t, err)
	}
	if got := nestedTable(t, runNested(t, merged)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

// halves deals out the lines of a text.
func halves(text string) (parts [2]string) {
	i := 0
	for line := range strings.Lines(text) {
		parts[i%2] += line
		i++
	}
	return parts
}

// Serve refuses trials of other searches, and answers those that fail or panic like all others.
func TestServeErrors(t *testing.T) {
	c := config(t)
	c.Results = ""
	var jobs bytes.Buffer
	c.Runner = search.List{Out: &jobs}
	_, err := search.Run(context.Background(), c)
	missing(t, err)
	line, _, _ := strings.Cut(jobs.String(), "\n")
	for want, text := range map[string]string{
		"not a trial": "{", "key": strings.Replace(line, `"test"`, `"x"`, 1), "seed": strings.Replace(line, `"seed":`, `"seed":1`, 1),
		"fold 1": strings.Replace(line, `"seed"`, `"fold":1,"seed"`, 1), "folds": strings.Replace(line, `"seed"`, `"folds":"x","seed"`, 1),
		"data": strings.Replace(line, `"seed"`, `"data":"x","seed"`, 1), "epochs": strings.Replace(line, `"seed"`, `"epochs":2,"seed"`, 1), "line 1": "{}",
	} {
		c.Runner = search.Serve{In: strings.NewReader(text), Out: io.Discard}
		if _, err := search.Run(context.Background(), c); err == nil || errors.Is(err, search.ErrServed) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
	var out bytes.Buffer
	c.Runner = search.Serve{In: strings.NewReader(line + "\n" + line + "\n"), Out: &out}
	c.Trial = func(context.Context, *search.Trial) (search.Values, error) { panic("oh") }
	if _, err := search.Run(context.Background(), c); !errors.Is(err, search.ErrServed) || strings.Count(out.String(), `"failure":"panic: oh`) != 2 {
		t.Errorf("%v: %s", err, out.String())
	}
}

// custom is a runner of a test.
type custom func(ctx context.Context, b *search.Batch) error

func (f custom) Run(ctx context.Context, b *search.Batch) error { return f(ctx, b) }

// Whatever a runner does, each result is one of the batch and counts once; errors and panics end the search.
func TestRunnerErrors(t *testing.T) {
	c := config(t)
	for want, f := range map[string]custom{
		"panic: oh": func(context.Context, *search.Batch) error { panic("oh") },
		"no more":   func(context.Context, *search.Batch) error { return errors.New("no more") },
		"none of the batch": func(_ context.Context, b *search.Batch) error {
			return b.Keep(0, search.TrialResult{Point: search.Point{}.With("x", 1)})
		},
		"finished before": func(ctx context.Context, b *search.Batch) error {
			r, err := b.Try(ctx, 0, 1, b.Jobs[0])
			if err == nil {
				err = b.Keep(0, r)
			}
			if err != nil {
				return err
			}
			return b.Keep(0, r)
		},
		"without parameters": func(_ context.Context, b *search.Batch) error { return b.Keep(0, search.TrialResult{}) },
		"epochs of": func(_ context.Context, b *search.Batch) error {
			return b.Keep(0, search.TrialResult{Point: b.Jobs[0].Point, CurveEpochs: []int{1}})
		},
	} {
		c.Runner, c.Results = f, filepath.Join(t.TempDir(), "r")
		if _, err := search.Run(context.Background(), c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", want, err)
		}
	}
}
