package main

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/htru2"
)

// Each method on two folds of the stand-in: the table has both areas, and its files say the same; started again, the table is the same.
func TestMethods(t *testing.T) {
	set, err := htru2.Synthetic(1)
	if err != nil {
		t.Fatal(err)
	}
	o := options{methods: methodNames()}
	o.Out, o.Folds, o.Seed = t.TempDir(), 2, 1
	var printed [2]bytes.Buffer
	var rows []row
	for i := range printed {
		e := &experiment{grid: "quick"}
		if err := e.split(set, o); err != nil {
			t.Fatal(err)
		}
		if rows, err = e.rows(context.Background(), &o, nil); err != nil {
			t.Fatal(err)
		}
		if err := write(o, rows, &printed[i]); err != nil {
			t.Fatal(err)
		}
	}
	if printed[0].String() != printed[1].String() {
		t.Errorf("first\n%s\nthen\n%s", &printed[0], &printed[1])
	}
	for i, r := range rows {
		if r.Name != o.methods[i] || len(r.AUC) != 2 || r.SD == nil || r.Labels == nil || !(r.Mean > 0.6) || !(*r.Labels > 0.6) || r.P != nil {
			t.Errorf("%+v", r)
		}
	}
	var back []row
	text, err := os.ReadFile(filepath.Join(o.Out, "table.json"))
	if err != nil || json.Unmarshal(text, &back) != nil || len(back) != len(rows) || !slices.Equal(back[2].AUC, rows[2].AUC) {
		t.Errorf("table.json: %v\n%s", err, text)
	}
	if text, err := os.ReadFile(filepath.Join(o.Out, "table.md")); err != nil || !bytes.Equal(text, printed[0].Bytes()) {
		t.Errorf("table.md: %v\n%s", err, text)
	}
}

// Ten differences of one sign have the two-sided exact p-value 2/2^10; equal rows and single folds have none.
func TestCompareWithSNN(t *testing.T) {
	var snn, worse []float64
	for i := range 10 {
		snn, worse = append(snn, 0.9), append(worse, 0.9-float64(i+1)/1000)
	}
	rows := []row{{Name: "svm", AUC: worse}, {Name: "snn", AUC: snn}, {Name: "c4.5", AUC: snn}}
	if err := compareWithSNN(rows); err != nil {
		t.Fatal(err)
	}
	if p := rows[0].P; p == nil || math.Abs(*p-2./1024) > 1e-12 || rows[1].P != nil || rows[2].P != nil {
		t.Errorf("%+v", rows)
	}
	one := []row{{Name: "snn", AUC: snn[:1]}, {Name: "svm", AUC: worse[:1]}}
	if err := compareWithSNN(one); err != nil || one[1].P != nil {
		t.Errorf("%+v, %v", one, err)
	}
}
