package search_test

import (
	"bytes"
	"context"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/search"
)

// space has 24 points.
var space = search.Space{search.Int("layers", 2, 3, 4, 8), search.Float("rate", 0.01, 0.1, 1), search.Choice("form", "rectangular", "conic")}

func grid(t testing.TB) []search.Point {
	t.Helper()
	points, err := space.Grid()
	if err != nil {
		t.Fatal(err)
	}
	return points
}

// learn makes up a noisy validation curve of 15 epochs. It is best for 4 layers and the rate 0.1.
func learn(_ context.Context, t *search.Trial) (search.Values, error) {
	layers, err := t.Point.Float("layers")
	if err != nil {
		return nil, err
	}
	rate, err := t.Point.Float("rate")
	if err != nil {
		return nil, err
	}
	r := rand.New(rand.NewPCG(t.Seed, 0))
	top := 0.9 - 0.05*math.Abs(math.Log2(layers)-2) - 0.05*math.Abs(math.Log10(rate)+1)
	for epoch := range 15 {
		if err := t.Report(metric.Accuracy, epoch+1, top*(1-math.Exp(-float64(epoch+1)/4))+0.001*r.NormFloat64()); err != nil {
			return nil, err
		}
	}
	return search.Values{"noise": r.Float64(), "undefined": math.NaN()}, nil
}

// config searches the space with a results file in a folder of the test.
func config(t testing.TB) search.Config {
	return search.Config{
		Points: grid(t), Trial: learn, Rule: search.PaperRule, Seed: 7, Parallel: 2,
		Results: filepath.Join(t.TempDir(), "results.jsonl"), Key: "test",
	}
}

func run(t testing.TB, c search.Config) *search.Results {
	t.Helper()
	results, err := search.Run(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return results
}

// table returns the final table as CSV, which shows every bit.
func table(t testing.TB, r *search.Results) string {
	t.Helper()
	var b bytes.Buffer
	if err := r.Table().CSV(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func read(t testing.TB, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t testing.TB, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
}
