package search_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/train/search"
)

// Any line is answered or refused, and the answers are those of a results file, with a trial for each line.
func FuzzServe(f *testing.F) {
	fuzztest.Brief(f)
	points := []search.Point{search.Point{}.With("a", 1)}
	c := search.Config{Points: points, Trial: func(_ context.Context, t *search.Trial) (search.Values, error) {
		return search.Values{"seed": float64(t.Seed)}, nil
	}}
	var jobs bytes.Buffer
	list := c
	list.Runner = search.List{Out: &jobs}
	_, err := search.Run(context.Background(), list)
	if len(missing(f, err)) != 1 {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{nil, jobs.Bytes(), append(jobs.Bytes(), jobs.Bytes()...), []byte(`{"point":{"a":1}}`), []byte("{\n"), []byte(`{"fold":-1,"point":{}}`)} {
		f.Add(seed)
	}
	path := filepath.Join(f.TempDir(), "answers")
	f.Fuzz(func(t *testing.T, lines []byte) {
		var out bytes.Buffer
		serve := c
		serve.Runner = search.Serve{In: bytes.NewReader(lines), Out: &out}
		_, err := search.Run(context.Background(), serve)
		if werr := os.WriteFile(path, out.Bytes(), 0o666); werr != nil {
			t.Fatal(werr)
		}
		answers, rerr := search.ReadTrials(path)
		if rerr != nil || err == nil || errors.Is(err, search.ErrServed) && len(answers) != bytes.Count(append(bytes.TrimSuffix(lines, []byte("\n")), '\n'), []byte("\n")) && len(lines) > 0 {
			t.Errorf("%v, %v: %d answers for %q", err, rerr, len(answers), lines)
		}
	})
}
