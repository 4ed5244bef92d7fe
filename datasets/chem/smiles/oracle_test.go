package smiles_test

import (
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleTricky compares verdicts on difficult texts with RDKit. Some are not forced by the grammar, so a few may
// differ.
func TestOracleTricky(t *testing.T) {
	tab := chemtest.Tables(t, "chem/tricky_smiles.csv")[0]
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		text, note := tab.Text(t, row, "smiles"), tab.Text(t, row, "note")
		m, err := smiles.Parse(text)
		valid := tab.Text(t, row, "valid") == "1"
		agree.Add("verdict", valid == (err == nil))
		if valid != (err == nil) {
			t.Logf("%q (%s): error %v, valid %v", text, note, err, valid)
			continue
		}
		if err != nil {
			var atom *chem.AtomError
			if errors.As(err, &atom) != (tab.Text(t, row, "syntax_ok") == "1") {
				t.Errorf("%q (%s): error %v is of the wrong kind", text, note, err)
			}
			continue
		}
		if want := int(tab.Number(t, row, "n_heavy_atoms")); m.HeavyAtoms() != want {
			t.Errorf("%q (%s): %d heavy atoms, want %d", text, note, m.HeavyAtoms(), want)
		}
		if want := tab.Text(t, row, "formula"); m.Formula() != want {
			t.Errorf("%q (%s): formula %s, want %s", text, note, m.Formula(), want)
		}
	}
	agree.Check(t, "verdict", 0.95)
}
