package serve

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"github.com/selfnorm/selfnorm/train"
)

// smallTable is a table of numbers, categories and gaps, with a class, a value and a label.
func smallTable(rows int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var b strings.Builder
	b.WriteString("name,size,color,kind,price,hot\n")
	for i := range rows {
		size, color := r.NormFloat64(), []string{"red", "green", "a \"b\", c"}[r.IntN(3)]
		cell := fmt.Sprintf("%.4f", size)
		if r.IntN(10) == 0 {
			cell = ""
		}
		fmt.Fprintf(&b, "r%d,%s,\"%s\",%s,%.2f,%d\n", i, cell, strings.ReplaceAll(color, `"`, `""`), []string{"small", "large"}[r.IntN(2)], 1000+50*size, r.IntN(2))
	}
	return b.String()
}

// save writes untrained networks with an encoder, as a program would after training.
func save(t testing.TB, path, program string, encoder any, loss graphs.Loss, columns, outputs, members int, seed uint64) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"program": program, "version": 1, "encoder": encoder})
	if err != nil {
		t.Fatal(err)
	}
	var all []*graphs.Network
	for k := range members {
		net, err := graphs.New(graphs.SNN{Layers: 2, Units: 16, Outputs: outputs}, graphs.Matrix(columns), loss, graphs.Seed(seed+uint64(k)))
		if err != nil {
			t.Fatal(err)
		}
		net.Encoder, net.Metadata = text, map[string]string{"data": "small"}
		all = append(all, net)
	}
	if err := graphs.SaveAll(path, all); err != nil {
		t.Fatal(err)
	}
}

// tableModel saves networks for the target of a small table, and returns the file and their encoder.
func tableModel(t testing.TB, target string, seed uint64) (path string, e *csv.Encoder) {
	t.Helper()
	ignore := slices.DeleteFunc([]string{"kind", "price", "hot"}, func(s string) bool { return s == target })
	o := csv.Options{Target: target, ID: "name", Ignore: ignore}
	if target == "hot" {
		o.Problem = csv.Binary
	}
	table, err := csv.ReadFrom("t.csv", strings.NewReader(smallTable(80)), o)
	if err != nil {
		t.Fatal(err)
	}
	if e, err = table.Fit(table.Rows()); err != nil {
		t.Fatal(err)
	}
	loss, outputs := graphs.MSE, 1
	switch e.Problem() {
	case csv.Classes:
		loss, outputs = graphs.CrossEntropy, 2
	case csv.Binary:
		loss = graphs.BCE
	}
	path = filepath.Join(t.TempDir(), "small.safetensors")
	save(t, path, "tabular", e, loss, len(e.FeatureNames()), outputs, 2, seed)
	return path, e
}

// moleculeModel saves a network of molecules.
func moleculeModel(t *testing.T, families []tox21.Family) string {
	t.Helper()
	mols := data(t)
	raw, err := tox21.Compute(t.Context(), mols, families, 1)
	if err != nil {
		t.Fatal(err)
	}
	rows := make([]int, len(mols))
	for i := range rows {
		rows[i] = i
	}
	f, err := raw.Fit(rows)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "tox.safetensors")
	save(t, path, "tox21", f, graphs.BCE, f.Cols(), tox21.NumTasks, 1, 1)
	return path
}

// start serves a file.
func start(t *testing.T, o Options) (*Server, string) {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	h := httptest.NewServer(s)
	t.Cleanup(func() { h.Close(); s.Close() })
	return s, h.URL
}

// call sends a request and returns the status and the answer.
func call(t *testing.T, method, url, body string) (int, string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	q, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return r.StatusCode, string(text)
}

// decode reads a JSON answer of the status 200.
func decode(t *testing.T, status int, text string, to any) {
	t.Helper()
	if status != 200 {
		t.Fatalf("status %d: %s", status, text)
	}
	if err := json.Unmarshal([]byte(text), to); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// expected predicts a file as examples/tabular -predict does.
func expected(t *testing.T, path string, e *csv.Encoder, text string) *train.Predictions {
	t.Helper()
	networks, err := graphs.LoadAll(path)
	if err != nil {
		t.Fatal(err)
	}
	table, err := e.ReadNewFrom("new.csv", strings.NewReader(text), csv.NewRows{Predict: true})
	if err != nil {
		t.Fatal(err)
	}
	set, err := e.Set(table)
	if err != nil {
		t.Fatal(err)
	}
	p, err := train.Ensemble(networks).Predict(t.Context(), set, kernel.Shared())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// replace puts a file in place of another at once, with another time.
func replace(t *testing.T, path, by string, age time.Duration) {
	t.Helper()
	content, err := os.ReadFile(by)
	if err != nil {
		t.Fatal(err)
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, content, 0o644); err != nil {
		t.Fatal(err)
	}
	when := time.Now().Add(-age)
	if err := os.Chtimes(temporary, when, when); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(temporary, path); err != nil {
		t.Fatal(err)
	}
}
