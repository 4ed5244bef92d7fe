package tox21

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

func TestReadSMILES(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, smilesName, "id,set,cvfold,smiles,"+strings.Join(tasks[:], ",")+",official_set\n"+
		"A,training,3,CCO,0,1,,,,,,,,,,,training\n"+
		"B,training,5,c1ccccc1,,,,,,,,,,,,1,validation\n"+
		"C,training,,,1,1,1,1,1,1,1,1,1,1,1,1,training\n"+
		"D,test,,C1CC,0,0,0,0,0,0,0,0,0,0,0,0,test\n")
	d, err := ReadSMILES(t.Context(), filepath.Join(dir, smilesName), 2)
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, "training", d.TrainRows(), 0, 1)
	wantRows(t, "test", d.TestRows(), 3)
	if a, b := &d.Compounds[0], &d.Compounds[1]; a.Fold != 3 || a.Mol == nil || a.SMILES != "CCO" || b.Part != datasets.Validation || b.Labels[11] != 1 {
		t.Errorf("compounds %+v and %+v", *a, *b)
	}
	for _, s := range d.Skipped() {
		if s.Reason == "" || s.Line != s.Row+2 {
			t.Errorf("skipped %+v", s)
		}
	}
}

func TestReadDeepChem(t *testing.T) {
	dir := t.TempDir()
	order := []string{"NR-AR", "NR-AR-LBD", "NR-AhR", "NR-Aromatase", "NR-ER", "NR-ER-LBD", "NR-PPAR-gamma",
		"SR-ARE", "SR-ATAD5", "SR-HSE", "SR-MMP", "SR-p53"}
	write(t, dir, deepChemNames[0], strings.Join(order, ",")+",mol_id,smiles\n"+
		"0,0,1,,,0,0,1,0,0,0,0,TOX1,CCO\n"+
		"1.0,,,,,,,,,,,0.0,TOX2,OCC\n")
	d, err := ReadDeepChem(t.Context(), filepath.Join(dir, deepChemNames[0]), 0)
	if err != nil {
		t.Fatal(err)
	}
	a, b := &d.Compounds[0], &d.Compounds[1]
	if a.ID != "TOX1" || a.Labels[ahr] != 1 || a.Labels[ar] != 0 || b.Labels[ar] != 1 || b.Labels[p53] != 0 || b.Labels[ahr] == b.Labels[ahr] {
		t.Errorf("compounds %+v and %+v", *a, *b)
	}
	if a.Fold != -1 || a.Part != datasets.Train || a.Parent != b.Parent {
		t.Errorf("fold %d, part %v, parents %q and %q", a.Fold, a.Part, a.Parent, b.Parent)
	}
	if _, _, err := d.ValidationSplit(0); err == nil {
		t.Error("data without folds was split by folds")
	}
}

// Whatever is in the file, the reader must return compounds or an error that names the file.
func FuzzReadTable(f *testing.F) {
	fuzztest.Brief(f)
	head := "id,smiles,official_set,cvfold," + strings.Join(tasks[:], ",") + "\n"
	f.Add(head + "A,CCO,training,3,0,1,,,,,,,,,,NA\n")
	f.Add(head + "A,CCO,training,3,0,1,,,,,,,,,,7\n")
	f.Add(head)
	f.Add("id\nA\n")
	path := filepath.Join(f.TempDir(), "table.csv")
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		list, _, err := readTable(path, columns{id: "id", smiles: "smiles", part: "official_set", fold: "cvfold"})
		if err != nil {
			if list != nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%d compounds with error %v", len(list), err)
			}
			return
		}
		seen := make(map[string]bool)
		for i := range list {
			c := &list[i]
			if c.ID == "" || seen[c.ID] || c.Fold < -1 || c.Fold > 5 {
				t.Errorf("compound %+v", *c)
			}
			seen[c.ID] = true
			for _, v := range c.Labels {
				if v != 0 && v != 1 && v == v {
					t.Errorf("label %v", v)
				}
			}
		}
	})
}
