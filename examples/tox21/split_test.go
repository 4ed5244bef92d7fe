package main

import (
	"compress/gzip"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program/programtest"
	"github.com/selfnorm/selfnorm/graphs"
)

// deepChemFile writes one compound in 20 of the program in the form of DeepChem's table.
func deepChemFile(t *testing.T) string {
	t.Helper()
	f, err := os.Open("../../datasets/tox21/data/tox21.smiles.csv.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zip, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(zip).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	place := make(map[string]int)
	for i, name := range rows[0] {
		place[name] = i
	}
	path := filepath.Join(t.TempDir(), "mine.csv")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w := csv.NewWriter(out)
	for i := 0; i < len(rows); i += 20 {
		var row []string
		for _, task := range tox21.Tasks() {
			if i == 0 {
				row = append(row, strings.ReplaceAll(task, ".", "-"))
			} else {
				row = append(row, rows[i][place[task]])
			}
		}
		if i == 0 {
			row = append(row, "mol_id", "smiles")
		} else {
			row = append(row, rows[i][place["id"]], rows[i][place["smiles"]])
		}
		if err := w.Write(row); err != nil {
			t.Fatal(err)
		}
	}
	if w.Flush(); w.Error() != nil {
		t.Fatal(w.Error())
	}
	return path
}

// One file without an official split is enough; the output, the JSON and the model say how it was divided, and no published results stand beside.
func TestSplit(t *testing.T) {
	path := deepChemFile(t)
	quick := []string{"-quick", "-q", "-epochs", "1", "-units", "8", "-data", path}
	for split, args := range map[string][]string{random: nil, scaffold: {"-split", "scaffold"}} {
		dir := t.TempDir()
		model, file := filepath.Join(dir, "model"), filepath.Join(dir, "r.json")
		code, stdout, stderr := command(append(append(quick, "-out", model, "-json", file), args...)...)
		if code != 0 || !strings.Contains(stdout, "\nSplit: ") || !strings.Contains(stdout, "test rows, "+split+" split") || strings.Contains(stdout, "published means") {
			t.Fatalf("%s: exit code %d: %s%s", split, code, stdout, stderr)
		}
		var r struct {
			Split     string `json:"split"`
			RowsTrain int    `json:"rows_train"`
			RowsTest  int    `json:"rows_test"`
		}
		text, err := os.ReadFile(file)
		if err == nil {
			err = json.Unmarshal(text, &r)
		}
		if err != nil || r.Split != split || r.RowsTest*4 < r.RowsTrain-8 || r.RowsTest*3 > r.RowsTrain {
			t.Errorf("%s: %v, %+v", split, err, r)
		}
		networks, err := graphs.LoadAll(model)
		if err != nil || networks[0].Metadata[molecular.Split] != split {
			t.Errorf("%s: %v", split, err)
		}
	}
	programtest.CheckErrors(t, run, []programtest.ErrorCase{
		{Args: append(quick, "-split", "official"), Code: 1, Want: "-split chooses another"},
		{Args: append(quick, "-ensemble", "folds:5"), Code: 1, Want: "fold 0"},
		{Args: append(quick, "-validation", "0"), Code: 1, Want: "fold 0"},
		{Args: []string{"-split", "time"}, Code: 2, Want: "-split time: want official, random, scaffold"},
		{Args: []string{"-split", "random", "-validation", "0"}, Code: 2, Want: "no -validation"},
		{Args: []string{"-split", "scaffold", "-ensemble", "folds:5"}, Code: 2, Want: "no -ensemble folds"},
		{Args: []string{"-split", "scaffold", "-split-seed", "2"}, Code: 2, Want: "-split-seed 2"},
	})
}
