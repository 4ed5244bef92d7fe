package search

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

var someHeader = header{Format: format, Version: version, Key: "fuzz", Seed: 1}

// A search ends with an error if a result cannot be written.
func TestStoreFails(t *testing.T) {
	points, err := Space{Int("a", 1, 2, 3, 4, 5)}.Grid()
	if err != nil {
		t.Fatal(err)
	}
	ran := 0
	trial := func(context.Context, *Trial) (Values, error) { ran++; return nil, nil }
	c, err := Config{Points: points, Trial: trial, Parallel: 1, Results: filepath.Join(t.TempDir(), "r")}.withDefaults(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	e, err := newEngine(c, "", work{trial: trial})
	if err != nil {
		t.Fatal(err)
	}
	e.store.file.Close()
	var jobs []job
	for _, p := range points {
		jobs = append(jobs, job{point: p})
	}
	if trials, err := e.run(context.Background(), jobs); err == nil || len(trials) > 0 || ran > 1 {
		t.Errorf("%d trials ran, %d are results, error %v", ran, len(trials), err)
	}
}

// Any bytes after the header are read or refused. A file that is read can be continued, and no trial in it is lost.
func FuzzStore(f *testing.F) {
	fuzztest.Brief(f)
	for _, seed := range []string{
		"", "\n", `{"point":{"a":1}}`, `{"fold":1,"epochs":3,"point":{"a":1.5,"b":"x"},"curve":[1,"NaN"],"values":{"x":2}}` + "\n",
		`{"point":{"a":1},"failure":"f"}` + "\n" + `{"point":{"a"`, `{"point":{"a":1}}` + "\n\x00\x00", `{"fold":-1,"point":{"a":1}}` + "\n",
	} {
		f.Add([]byte(seed))
	}
	path := filepath.Join(f.TempDir(), "results")
	f.Fuzz(func(t *testing.T, body []byte) {
		os.Remove(path)
		s, err := openStore(path, someHeader)
		if err != nil {
			t.Fatal(err)
		}
		s.close()
		head, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(head, body...), 0o644); err != nil {
			t.Fatal(err)
		}
		if s, err = openStore(path, someHeader); err != nil {
			return
		}
		count := len(s.trials)
		if want := bytes.Count(body, []byte{'\n'}); count != want {
			t.Fatalf("%d trials in %d lines", count, want)
		}
		for _, trial := range s.trials {
			if err := s.add(trial); err != nil {
				t.Fatal(err)
			}
		}
		s.close()
		if s, err = openStore(path, someHeader); err != nil || len(s.trials) != 2*count {
			t.Fatalf("%v: read %q again", err, body)
		}
		for i, trial := range s.trials[:count] {
			again := s.trials[count+i]
			a, b := job{trial.Fold, trial.Epochs, trial.Point}, job{again.Fold, again.Epochs, again.Point}
			if a.key() != b.key() {
				t.Fatalf("%s became %s", a.key(), b.key())
			}
		}
		s.close()
	})
}
