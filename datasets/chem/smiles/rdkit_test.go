package smiles_test

import (
	"encoding/csv"
	"os"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestRDKit compares with RDKit what is read and the formulas (testdata/smiles.py).
func TestRDKit(t *testing.T) {
	f, err := os.Open("testdata/rdkit_smiles.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		got := "error"
		m, err := smiles.Parse(row[0])
		if err == nil {
			got = m.Formula()
		}
		if got != row[1] {
			t.Errorf("%s: %s, RDKit %s (%v)", row[0], got, row[1], err)
		}
	}
}

func TestParseLine(t *testing.T) {
	for _, c := range []struct{ line, formula, rest string }{
		{"CCO", "C2H6O", ""}, {"CCO ethanol", "C2H6O", "ethanol"}, {" CCO\tethyl alcohol \r\n", "C2H6O", "ethyl alcohol"},
		{"C[CH2] |^1:1| ethyl", "C2H5", "|^1:1| ethyl"}, {"*C |$_AP1;$|", "CH3*", "|$_AP1;$|"}, {"", "", ""}, {"C  name  of it", "CH4", "name  of it"},
	} {
		m, rest, err := smiles.ParseLine(c.line)
		if err != nil || m.Formula() != c.formula || rest != c.rest {
			t.Errorf("%q: %s, rest %q, error %v", c.line, m.Formula(), rest, err)
		}
		if _, err := smiles.Parse(c.line); (err != nil) != (c.rest != "") {
			t.Errorf("%q: Parse gives error %v", c.line, err)
		}
	}
	if _, rest, err := smiles.ParseLine(" CC) name"); err == nil || err.Error() != "smiles: column 4: parenthesis was never opened" || rest != "name" {
		t.Errorf("rest %q, error %v", rest, err)
	}
}
