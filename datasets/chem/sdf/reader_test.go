package sdf

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
)

func readAll(t testing.TB, r io.Reader) []*Record {
	t.Helper()
	var all []*Record
	for d := NewReader(r); ; {
		rec, err := d.Next()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rec)
	}
}

func TestReader(t *testing.T) {
	text, err := os.ReadFile("testdata/mixed.sdf")
	if err != nil {
		t.Fatal(err)
	}
	want := []struct {
		title, smiles string
		line          int
		properties    map[string]string
	}{
		{"ethanol", "CCO", 1, map[string]string{"kind": "alcohol", "remark": "two\nlines"}},
		{"five bonds at one carbon", "", 19, map[string]string{"kind": "impossible"}},
		{"sodium nitrate, nitro group with five bonds", "[Na+].[O-][N+](=O)[O-]", 39, map[string]string{}},
		{"benzene with drawn hydrogens and aromatic bonds, labelled", "[2H]c1ccc[13cH]c1", 53, map[string]string{}},
		{"charges and a radical", "C[O].[Cl-]", 76, map[string]string{}},
	}
	for _, variant := range []struct {
		name string
		text []byte
	}{
		{"as written", text},
		{"CRLF", bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n"))},
		{"without the last line", bytes.TrimSuffix(text, []byte("$$$$\n"))},
		{"blank lines at the end", append(bytes.Clone(text), "\n\n"...)},
	} {
		t.Run(variant.name, func(t *testing.T) {
			all := readAll(t, iotest.HalfReader(bytes.NewReader(variant.text)))
			if len(all) != len(want) {
				t.Fatalf("%d records, want %d", len(all), len(want))
			}
			for k, rec := range all {
				w := want[k]
				if rec.Title != w.title || rec.Line != w.line {
					t.Errorf("record %d: title %q, line %d; want %q, %d", k, rec.Title, rec.Line, w.title, w.line)
				}
				if d := cmp.Diff(w.properties, rec.Properties); d != "" {
					t.Errorf("%s: properties (-want +got)\n%s", w.title, d)
				}
				if (rec.Mol == nil) != (rec.Err != nil) || (rec.Err != nil) != (w.smiles == "") {
					t.Errorf("%s: molecule %v, error %v", w.title, rec.Mol, rec.Err)
				} else if rec.Err == nil && smiles.Canonical(rec.Mol) != smiles.Canonical(chemtest.Mol(t, w.smiles)) {
					t.Errorf("%s: %s, want %s", w.title, smiles.Canonical(rec.Mol), w.smiles)
				}
			}
			var e *chem.AtomError
			if !errors.As(all[1].Err, &e) || e.Atom != 1 || e.Line != 23 {
				t.Errorf("error %v, want atom 1, line 23", all[1].Err)
			}
		})
	}
}

// molfileText builds a molfile from the lines after the header.
func molfileText(lines ...string) string {
	return "title\n\n\n" + strings.Join(lines, "\n") + "\n"
}

const carbon = "    0.0000    0.0000    0.0000 C   0  0  0  0  0  0  0  0  0"

func TestMolfileErrors(t *testing.T) {
	counts := func(atoms, bonds int) string {
		return fmt.Sprintf("%3d%3d  0  0  0  0            999 V2000", atoms, bonds)
	}
	for _, c := range []struct {
		name, text string
		line       int
	}{
		{"empty", "", 1},
		{"header only", "title\n\n", 2},
		{"V3000", molfileText("  0  0  0     0  0            999 V3000", "M  END"), 5},
		{"V4000", molfileText("  0  0  0     0  0            999 V4000", "M  END"), 4},
		{"blank counts", molfileText("", "  1  0  0", carbon, "M  END"), 4},
		{"a header line missing", molfileText(carbon, carbon, "  1  2  1", "M  END"), 4},
		{"no number", molfileText(" x1  0", "M  END"), 4},
		{"negative", molfileText(" -1  0", "M  END"), 4},
		{"too few lines", molfileText(counts(3, 2), carbon, "M  END"), 4},
		{"huge count", molfileText(counts(999, 999), carbon, "M  END"), 4},
		{"short atom", molfileText(counts(1, 0), "C", "M  END"), 5},
		{"bad coordinate", molfileText(counts(1, 0), strings.Replace(carbon, "0.0000", "x.0000", 1), "M  END"), 5},
		{"unknown element", molfileText(counts(2, 0), carbon, strings.Replace(carbon, "C", "Z", 1), "M  END"), 6},
		{"charge code", molfileText(counts(1, 0), strings.Replace(carbon, "C   0  0", "C   0  8", 1), "M  END"), 5},
		{"valence", molfileText(counts(1, 0), carbon[:48]+" 16", "M  END"), 5},
		{"bond end", molfileText(counts(2, 1), carbon, carbon, "  1  3  1", "M  END"), 7},
		{"bond zero", molfileText(counts(2, 1), carbon, carbon, "  0  2  1", "M  END"), 7},
		{"bond with itself", molfileText(counts(2, 1), carbon, carbon, "  1  1  1", "M  END"), 7},
		{"bond type", molfileText(counts(2, 1), carbon, carbon, "  1  2 11", "M  END"), 7},
		{"bond twice", molfileText(counts(2, 2), carbon, carbon, "  1  2  1", "  2  1  1", "M  END"), 8},
		{"no end", molfileText(counts(1, 0), carbon), 5},
		{"charge of no atom", molfileText(counts(1, 0), carbon, "M  CHG  1   2   1", "M  END"), 6},
		{"charge missing", molfileText(counts(1, 0), carbon, "M  CHG  2   1   1", "M  END"), 6},
		{"charge too large", molfileText(counts(1, 0), carbon, "M  CHG  1   1  99", "M  END"), 6},
		{"radical", molfileText(counts(1, 0), carbon, "M  RAD  1   1   4", "M  END"), 6},
		{"isotope", molfileText(counts(1, 0), carbon, "M  ISO  1   1  -1", "M  END"), 6},
	} {
		_, err := ParseMolfile(strings.NewReader(c.text))
		var e *FormatError
		if !errors.As(err, &e) {
			t.Errorf("%s: error %v, want a format error", c.name, err)
		} else if e.Line != c.line {
			t.Errorf("%s: %v, want line %d", c.name, err, c.line)
		}
	}
}

func TestMolfile(t *testing.T) {
	for _, c := range []struct {
		name, want string
		lines      []string
	}{
		{"valence field", "[CH2]", []string{"  1  0", carbon[:48] + "  2", "M  END"}},
		{"valence zero", "[C]", []string{"  1  0", carbon[:48] + " 15", "M  END"}},
		{"mass difference", "[13CH4]", []string{"  1  0", strings.Replace(carbon, "C   0", "C   1", 1), "M  END"}},
		{"radical code", "C", []string{"  1  0", strings.Replace(carbon, "C   0  0", "C   0  4", 1), "M  END"}},
		{"alias", "C", []string{"  1  0", carbon, "A    1", "M  CHG nonsense", "M  END"}},
		{"skip", "C", []string{"  1  0", carbon, "S  SKP  1", "M  CHG nonsense", "M  END"}},
		{"wildcard", "*", []string{"  1  0", strings.Replace(carbon, "C ", "R#", 1), "M  END"}},
		{"dative", "N->[Fe]", []string{"  2  1", strings.Replace(carbon, "C", "N", 1), strings.Replace(carbon, "C ", "Fe", 1), "  1  2  9", "M  END"}},
		{"no atoms", "", []string{"  0  0", "M  END"}},
		{"lone hydrogen", "[H][H]", []string{"  2  1", strings.Replace(carbon, "C", "H", 1), strings.Replace(carbon, "C", "H", 1), "  1  2  1", "M  END"}},
	} {
		m, err := ParseMolfile(strings.NewReader(molfileText(c.lines...)))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		chemtest.CheckMol(t, m)
		if got, want := smiles.Canonical(m), smiles.Canonical(chemtest.Mol(t, c.want)); got != want {
			t.Errorf("%s: %s, want %s", c.name, got, want)
		}
	}
}

// TestReaderErrors checks that errors of the underlying reader arrive, and that long records do not stop the reader.
func TestReaderErrors(t *testing.T) {
	broken := errors.New("broken")
	_, err := NewReader(io.MultiReader(strings.NewReader("title\n"), iotest.ErrReader(broken))).Next()
	if !errors.Is(err, broken) {
		t.Errorf("error %v, want %v", err, broken)
	}
	good := molfileText("  1  0", carbon, "M  END") + "$$$$\n"
	long := strings.Repeat("x", 3<<20) + "\n"
	all := readAll(t, strings.NewReader(good+long+"$$$$\n"+strings.Repeat(long, 20)+"$$$$\n"+good))
	if len(all) != 4 || all[0].Err != nil || all[1].Err == nil || all[2].Err == nil || all[3].Err != nil {
		t.Errorf("%d records", len(all))
	}
}
