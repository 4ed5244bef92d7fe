package search_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/search"
)

// A results file cut off at any byte is completed to the same results.
func TestResultsTorn(t *testing.T) {
	c := config(t)
	c.Points, c.Parallel = c.Points[:3], 1
	want := table(t, run(t, c))
	whole := read(t, c.Results)
	for n := 0; n < len(whole); n += 1 + n/40 {
		for _, tail := range []string{"", "\x00\x00\x00"} {
			if tail != "" && n <= bytes.IndexByte(whole, '\n') {
				continue
			}
			write(t, c.Results, append(bytes.Clone(whole[:n]), tail...))
			if got := table(t, run(t, c)); got != want {
				t.Fatalf("cut at %d (-want +got):\n%s", n, cmp.Diff(want, got))
			}
			if got := read(t, c.Results); !bytes.Equal(got, whole) {
				t.Fatalf("cut at %d, the file becomes\n%s\nwant\n%s", n, got, whole)
			}
		}
	}
}

func TestResultsErrors(t *testing.T) {
	c := config(t)
	c.Points = c.Points[:3]
	run(t, c)
	whole := string(read(t, c.Results))
	header, body, _ := strings.Cut(whole, "\n")
	tests := []struct{ name, want, text string }{
		{"another key", `key "test2"`, strings.Replace(header, `"test"`, `"test2"`, 1) + "\n" + body},
		{"another seed", "seed 71", strings.Replace(header, `"seed":7`, `"seed":71`, 1) + "\n" + body},
		{"another version", "version 9", strings.Replace(header, `"version":1`, `"version":9`, 1) + "\n" + body},
		{"another format", "not a results file", `{"format":"x"}` + "\n" + body},
		{"a text", "not a results file", "my notes\n"},
		{"a text without a line", "not a results file", "my notes"},
		{"damage in the middle", "line 2", header + "\n" + strings.Replace(body, "{", "(", 1)},
		{"an empty line", "line 2", header + "\n\n" + body},
		{"no point", "line 2", header + "\n" + `{"curve":[1]}` + "\n"},
		{"a damaged number", "line 2", header + "\n" + `{"point":{"a":1},"curve":["x"]}` + "\n"},
	}
	for _, test := range tests {
		write(t, c.Results, []byte(test.text))
		_, err := search.Run(context.Background(), c)
		if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), c.Results) {
			t.Errorf("%s: error %v, want one that says %q and names the file", test.name, err, test.want)
		}
		if got := string(read(t, c.Results)); got != test.text {
			t.Errorf("%s: the file was changed", test.name)
		}
	}
}

// Two searches cannot use one file at a time.
func TestResultsLocked(t *testing.T) {
	c := config(t)
	c.Points, c.Parallel = c.Points[:1], 1
	c.Trial = func(ctx context.Context, task *search.Trial) (search.Values, error) {
		second := c
		second.Trial = learn
		_, err := search.Run(ctx, second)
		if err == nil || !strings.Contains(err.Error(), c.Results) || !strings.Contains(err.Error(), "another process") {
			return nil, errors.Errorf("a second search gives %v", err)
		}
		return learn(ctx, task)
	}
	if got := run(t, c).Trials[0]; got.Failure != "" {
		t.Error(got.Failure)
	}
}

// A device is no results file.
func TestResultsDevice(t *testing.T) {
	c := config(t)
	c.Results = os.DevNull
	if _, err := search.Run(context.Background(), c); err == nil {
		t.Error("no error")
	}
}

func TestReadTrials(t *testing.T) {
	c := config(t)
	results := run(t, c)
	trials, err := search.ReadTrials(c.Results)
	if err != nil {
		t.Fatal(err)
	}
	ranked, err := c.Rule.Rank(trials)
	if err != nil {
		t.Fatal(err)
	}
	want, err := c.Rule.Rank(results.Trials)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ranked, cmp.Comparer(func(a, b float64) bool { return a == b || a != a && b != b })); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	for _, name := range []string{"none", filepath.Base(c.Results)} {
		path := filepath.Join(t.TempDir(), name)
		if name != "none" {
			write(t, path, []byte("text"))
		}
		if _, err := search.ReadTrials(path); err == nil {
			t.Errorf("%s: no error", path)
		}
	}
}
