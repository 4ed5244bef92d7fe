package molfiles

import (
	"io"
	"strings"
	"testing"
)

// Whatever a file holds, its records have a molecule or a short error that names the file and a line that rises.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"a", "a.smi", "a.csv", "a.tsv", "a.sdf"} {
		for _, text := range []string{
			"CCO ethanol\nxyz bad\n\n# comment\nc1ccccc1\tbenzene\n", "SMILES Name \n[Na+].[Cl-] salt\n",
			"\uFEFFsmiles,name\r\nCCO,\"ethanol, pure\"\r\nc1ccccc1,benzene\r\n", "sep=;\n#ID;Smiles\n1;C\n2\n",
			"NR-AR,NR-ER,mol_id,smiles\n0.0,,TOX3021,CCOc1ccc2nc(S(N)(=O)=O)sc2c1\n", "Molecule ChEMBL ID\tSmiles\nCHEMBL25\tCC(=O)Oc1ccccc1C(=O)O |r|\n",
			drawing("one", "id=1") + drawing(""), "line\n" + drawing("one"), drawing("x") + "$RXN\n", "$RXN\n",
		} {
			f.Add(name, text)
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		if len(name) > 20 {
			return
		}
		r, err := New(name, strings.NewReader(text))
		for line := 0; err == nil; {
			var rec *Record
			if rec, err = r.Next(); err != nil {
				break
			}
			if (rec.Err == nil) == (rec.Mol == nil) || rec.Mol != nil && len(rec.Mol.Atoms()) == 0 || rec.Line <= line {
				t.Fatalf("%+v after line %d", rec, line)
			}
			if line = rec.Line; rec.Err != nil {
				check(t, name, rec.Err)
			}
		}
		if err != io.EOF {
			check(t, name, err)
		}
	})
}

func check(t *testing.T, name string, err error) {
	if !strings.Contains(err.Error(), name) || len(err.Error()) > 300+len(name) {
		t.Errorf("error of %d bytes: %.400s", len(err.Error()), err)
	}
}
