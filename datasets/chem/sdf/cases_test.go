package sdf

import (
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

// TestCases compares with RDKit, whose formula and SMILES, or "error", is a data item of each record of testdata/cases.sdf (made by
// testdata/cases.py).
func TestCases(t *testing.T) {
	file, err := os.Open("testdata/cases.sdf")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, rec := range readAll(t, file) {
		name, want := rec.Properties["case"], rec.Properties["rdkit"]
		formula, text, _ := strings.Cut(want, " ")
		if formula == "error" || name == "" {
			var format *FormatError
			var atom *chem.AtomError
			if !errors.As(rec.Err, &format) && !errors.As(rec.Err, &atom) {
				t.Errorf("line %d, %s: %v, want an error with a line", rec.Line, name, rec.Err)
			}
			continue
		}
		if rec.Err != nil {
			t.Errorf("%s: %v, want %s", name, rec.Err, want)
			continue
		}
		if got := rec.Mol.Formula(); got != formula {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		m, err := smiles.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		query := slices.ContainsFunc(rec.Notes, func(n string) bool { return strings.Contains(n, "is a query") })
		if got, want := smiles.Canonical(rec.Mol), smiles.Canonical(m); got != want && !query {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if (len(rec.Mol.Atoms()) == 0) != (len(rec.Notes) == 1 && rec.Notes[0] == "no atoms") {
			t.Errorf("%s: notes %q", name, rec.Notes)
		}
	}
}

const atomsCN = "    0.0000    0.0000    0.0000 C   0  0\n    1.0000    0.0000    0.0000 N   0  0\n"

func v2000(atoms, bonds, properties string) string {
	return "title\n\n\n  2  1  0  0  0  0            999 V2000\n" + atoms + bonds + properties + "M  END\n"
}

func v3000(atom, after string) string {
	return "title\n\n\n  0  0  0     0  0            999 V3000\nM  V30 BEGIN CTAB\nM  V30 COUNTS 2 1 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 " + atom +
		" 0 0 0 0\nM  V30 2 N 0 0 0 0\nM  V30 END ATOM\nM  V30 BEGIN BOND\nM  V30 1 1 1 2\nM  V30 END BOND\nM  V30 END CTAB\n" + after + "M  END\n"
}

// TestBeyondRDKit: drawings that RDKit 2022.09 refuses, or whose meaning it drops.
func TestBeyondRDKit(t *testing.T) {
	single := "  1  2  1\n"
	rgroup := "M  V30 BEGIN RGROUP 1\nM  V30 BEGIN CTAB\nM  V30 COUNTS 1 0 0 0 0\nM  V30 BEGIN ATOM\nM  V30 1 N 0 0 0 0\nM  V30 END ATOM\nM  V30 END CTAB\nM  V30 END RGROUP\n"
	for name, c := range map[string]struct{ text, smiles, note string }{
		"CR alone":             {strings.ReplaceAll(v2000(atomsCN, single, ""), "\n", "\r"), "CN", ""},
		"CRLF":                 {strings.ReplaceAll(v2000(atomsCN, single, ""), "\n", "\r\n"), "CN", ""},
		"mixed line ends":      {strings.Replace(strings.ReplaceAll(v2000(atomsCN, single, ""), "\n", "\r\n"), "\r\n", "\r", 4), "CN", ""},
		"CR alone in V3000":    {strings.ReplaceAll(v3000("C", ""), "\n", "\r"), "CN", ""},
		"chlorine in any case": {v2000(strings.Replace(atomsCN, "C ", "cl", 1), single, ""), "ClN", ""},
		"bromine in any case":  {v3000("bR", ""), "BrN", ""},
		"short atom line":      {v2000(strings.Replace(atomsCN, " C   0  0", " C", 1), single, ""), "CN", ""},
		"blank property":       {v2000(atomsCN, single, "\nM  CHG  1   2   1\n"), "C[NH3+]", ""},
		"no radical":           {v2000(atomsCN, single, "M  RAD  1   1   0\n"), "CN", ""},
		"dative bond":          {v2000(atomsCN, "  2  1  9\n", ""), "N->C", ""},
		"query of hydrogens":   {v2000(strings.Replace(atomsCN, "0  0", "0  0  0  2", 1), single, ""), "CN", "hydrogens"},
		"query property":       {v2000(atomsCN, single, "M  SUB  1   1   2\n"), "CN", "SUB"},
		"query bond":           {v2000(atomsCN, "  1  2  5\n", ""), "[C]~[N]", "single or double"},
		"list":                 {v2000(atomsCN, single, "M  ALS   1  2 T O   S   \n"), "ON", "NOT [O,S]"},
		"list with a blank":    {v3000("NOT [O, S]", ""), "ON", "NOT [O,S]"},
		"R groups":             {v3000("R1", rgroup), "[1*]N", "R groups"},
		"templates":            {v3000("C", strings.ReplaceAll(rgroup, "RGROUP", "TEMPLATE")), "CN", "templates"},
	} {
		all := readAll(t, strings.NewReader(c.text))
		if len(all) != 1 || all[0].Err != nil {
			t.Errorf("%s: %d records, %+v", name, len(all), all)
			continue
		}
		m, err := smiles.Parse(c.smiles)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := smiles.Canonical(all[0].Mol), smiles.Canonical(m); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if notes := strings.Join(all[0].Notes, "; "); (notes == "") != (c.note == "") || !strings.Contains(notes, c.note) {
			t.Errorf("%s: notes %q, want %q", name, notes, c.note)
		}
	}
}
