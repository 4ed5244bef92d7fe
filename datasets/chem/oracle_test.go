package chem_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestOracleMolecules compares with RDKit what New perceives.
func TestOracleMolecules(t *testing.T) {
	for _, file := range []string{"chem/rdkit_oracle.csv.gz", "chem/public_oracle.csv.gz"} {
		t.Run(file, func(t *testing.T) { compareMolecules(t, chemtest.Tables(t, file)[0]) })
	}
}

func compareMolecules(t *testing.T, tab chemtest.Table) {
	columns := []struct {
		name  string
		value func(m *chem.Mol) int
	}{
		{"n_heavy_atoms", (*chem.Mol).HeavyAtoms},
		{"n_bonds", heavyBonds},
		{"aromatic_atoms", chemtest.CountAromatic},
		{"ring_count", func(m *chem.Mol) int { return len(m.Rings()) }},
	}
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		m, err := smiles.Parse(tab.Text(t, row, "smiles"))
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		chemtest.CheckMol(t, m)
		for _, c := range columns {
			if want := int(tab.Number(t, row, c.name)); c.value(m) != want {
				t.Logf("%s: %s %d, want %d", tab.Text(t, row, "smiles"), c.name, c.value(m), want)
			}
			agree.Add(c.name, c.value(m) == int(tab.Number(t, row, c.name)))
		}
		agree.Add("formula", m.Formula() == tab.Text(t, row, "formula"))
		agree.Add("mol_weight", math.Abs(m.Weight()-tab.Number(t, row, "mol_weight")) < 0.001)
	}
	for _, name := range []string{"n_heavy_atoms", "n_bonds", "aromatic_atoms", "ring_count", "formula", "mol_weight"} {
		agree.Check(t, name, 599./600)
	}
}

// heavyBonds counts the bonds between atoms other than hydrogen.
func heavyBonds(m *chem.Mol) int {
	n := 0
	for _, b := range m.Bonds() {
		if m.Atoms()[b.Begin].Number != 1 && m.Atoms()[b.End].Number != 1 {
			n++
		}
	}
	return n
}

// TestOracleRings compares ring systems, and hydrogens and isotopes in unusual places, atom by atom.
func TestOracleRings(t *testing.T) {
	tab := chemtest.Tables(t, "chem/rdkit_rings.csv.gz")[0]
	agree := chemtest.Agreement{}
	for row := range tab.Rows {
		text := tab.Text(t, row, "smiles")
		m, err := smiles.Parse(text)
		if err != nil {
			t.Errorf("row %d: %v", row+1, err)
			continue
		}
		sizes, aromatic := fmt.Sprint(ringSizes(m)), ""
		for _, a := range m.Atoms() {
			if a.Aromatic {
				aromatic += "1"
			} else {
				aromatic += "0"
			}
		}
		for _, c := range []struct{ column, got string }{
			{"atoms", fmt.Sprint(len(m.Atoms()))}, {"formula", m.Formula()}, {"ring_sizes", strings.Trim(sizes, "[]")}, {"aromatic", aromatic},
		} {
			want := tab.Text(t, row, c.column)
			agree.AddExample(c.column, c.got == want, chemtest.Differ(text, c.got, want))
		}
	}
	agree.Report(t)
	for _, column := range []string{"atoms", "formula", "ring_sizes", "aromatic"} {
		agree.Check(t, column, 0.99)
	}
}
