package descriptor

import (
	"strconv"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleAllDescriptors compares all descriptors with a file that testdata/descriptors.py of package chemtest wrote.
// Values that RDKit leaves undefined do not count. With -v it lists all differences, the worst first.
func TestOracleAllDescriptors(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_descriptors.csv.gz")[0]
	names, agree := Names(), chemtest.Agreement{}
	for row := range tab.Rows {
		text := tab.Text(t, row, "smiles")
		m, err := smiles.Parse(text)
		if err != nil {
			t.Logf("row %d: %v: %s", row+1, err, text)
			agree.Add("read", false)
			continue
		}
		agree.Add("read", true)
		for k, got := range Compute(m) {
			want, err := strconv.ParseFloat(tab.Text(t, row, names[k]), 64)
			if err == nil {
				agree.AddExample(names[k], chemtest.Close(got, want), chemtest.Differ(text, got, want))
			}
		}
	}
	agree.Report(t)
	for _, name := range names {
		agree.Check(t, name, 0.995)
	}
}
