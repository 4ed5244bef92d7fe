package molfiles

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// Every format gives a record for each line, with its name, however the file is compressed and its lines end.
func TestRead(t *testing.T) {
	for _, c := range []struct {
		name, text string
		format     Format
		want       []string
		notes      int
	}{
		{"a.smi", "CCO ethanol\nxyz bad\nc1ccccc1\nCC(=O)O acetic  acid \n", SMILES, []string{"ethanol|CCO", "bad|xyz|!", "|c1ccccc1", "acetic  acid|CC(=O)O"}, 0},
		{"a", "\n  # comment\n#C\n\tname\n C\tof\tthree\n", SMILES, []string{"comment|#|!", "name||!", "of\tthree|C"}, 0},
		{"a.smi", "SMILES Name \nC methane\n", SMILES, []string{"methane|C"}, 1},
		{"a.smi", "# made up\n\nsmiles\nC\n", SMILES, []string{"|C"}, 1},
		{"a.smi", "C smiles\nsmiles\n", SMILES, []string{"smiles|C", "|smiles|!"}, 0},
		{"a.csv", "smiles,name\nCCO,ethanol\n\n \nC1CC,\"cut, off\"\n,none\n", Table, []string{"ethanol|CCO", "cut, off|C1CC|!", "none||!"}, 0},
		{"a.txt", "ID;SMILES;y\n7;CCO;1\n8;C;0;\n9;C\n", Table, []string{"7|CCO", "8|C", "9|C|!"}, 1},
		{"a.smi", "Smiles\tTitle\nCCO\t ethanol \n\tx\n", Table, []string{"ethanol|CCO", "x||!"}, 1},
		{"a.csv", "sep=;\n# by hand\n#smiles;label\nC;7\n", Table, []string{"7|C"}, 1},
		{"a.csv", "smiles\nC\nCC\n", Table, []string{"|C", "|CC"}, 0},
		{"a.csv", "x;Canonical_SMILES;y\n1;C;2\n", Table, []string{"|C"}, 2},
		{"a.tsv", "y\tname\tmolecule smiles\n\tm\tC\n", Table, []string{"m|C"}, 1},
		{"a.csv", "data_id,smiles\n1,C\n", Table, []string{"1|C"}, 1},
		{"a.csv", "y,isosmiles,smiles,name\n0,CC,C,\"a\nb\"\n", Table, []string{"a\nb|C"}, 0},
		{"a.sdf", drawing("one") + drawing("", "y=1", "Compound ID=C-7") + drawing("three"), SDF, []string{"one|", "C-7|", "three|"}, 0},
		{"standard input", drawing("one"), SDF, []string{"one|"}, 0},
		{"a.mol", strings.TrimSuffix(drawing("one"), "$$$$\n"), SDF, []string{"one|"}, 0},
		{"a.sdf", "a line too many\n" + drawing("one") + drawing("two"), SDF, []string{"a line too many||!", "two|"}, 0},
		{"a.sdf", "$RXN\n\n\n\n  1  0\n$MOL\n" + drawing("one"), "", nil, 0},
		{"a.sdf", "", SDF, nil, 0},
		{"a.smi", "", SMILES, nil, 0},
	} {
		if c.format == "" {
			_, err := New(c.name, strings.NewReader(c.text))
			wantError(t, err, c.name+":1", "reaction")
			continue
		}
		for kind, text := range map[string]string{
			"": c.text, "BOM": "\uFEFF" + c.text, "gzip": zipped(t, c.text), "CRLF": strings.ReplaceAll(c.text, "\n", "\r\n"),
			"CR": strings.ReplaceAll(c.text, "\n", "\r"), "gzip, BOM and CRLF": zipped(t, "\uFEFF"+strings.ReplaceAll(c.text, "\n", "\r\n")),
		} {
			name := c.name
			if strings.HasPrefix(kind, "gzip") {
				name += ".gz"
			}
			got, r := rows(t, name, text)
			if !slices.Equal(got, c.want) || r.Format() != c.format || len(r.Notes()) != c.notes {
				t.Errorf("%s %s %q: %q as %s with notes %q, want %q", name, kind, c.text, got, r.Format(), r.Notes(), c.want)
			}
		}
	}
}

// The error of a record names file and line, and says what the text is if not a molecule.
func TestRecordErrors(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"a.smi", "\n\nC1CC x\n", "a.smi:3: smiles: column 2"},
		{"a.smi", "C[\n", "a.smi:1: smiles:"},
		{"a.smi", "CCO>>CC=O\n", "a reaction"},
		{"a.csv", "smiles,name\nInChI=1S/CH4/h1H4,x\n", "a.csv:2: an InChI"},
		{"a.csv", "smiles,name\n\"C\n\",x\n1,2,3\n", "a.csv:4: 3 fields, but the header has 2"},
		{"a.csv", "smiles,name\n,x\n", "a.csv:2: no SMILES"},
		{"a.sdf", "\n\n\n  0  0  0  0  0  0            999 V2000\nM  END\n$$$$\n", "a.sdf:1: "},
		{"a.sdf", drawing("x") + "\n" + drawing("y"), "a.sdf:14: the counts line must be"},
		{"a.sdf", drawing("x") + strings.Replace(drawing("y"), " O ", " Zz", 1), "a.sdf:15: no element"},
		{"a.sdf", drawing("x") + strings.Replace(drawing("y"), "  1  2  1", "  1  2  3", 1), "a.sdf:15: chem: atom 2 (O"},
		{"a.sdf", drawing("x") + "$RXN\n\n\n\n", "a.sdf:10: a reaction"},
	} {
		r, err := New(c.name, strings.NewReader(c.text))
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for rec, err := r.Next(); err == nil; rec, err = r.Next() {
			last = rec.Err
		}
		wantError(t, last, c.name+":", c.say)
	}
}

// A file of another kind is an error that names it and says what it is, or what it lacks.
func TestForeign(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"a.xlsx", "PK\x03\x04 xl/", "Excel"},
		{"a.smi", "%PDF-1.4\n", "PDF"},
		{"a.csv", "\x89PNG\r\n", "picture"},
		{"a.sdf", "PK\x03\x04 b", "zip"},
		{"a", "\xff\xfeC\x00", "UTF-16"},
		{"a.rxn", "$RXN\n\n", "reaction"},
		{"a.mol2", "@<TRIPOS>MOLECULE\n", "MOL2"},
		{"a.pdb", "HEADER    HYDROLASE\n", "PDB"},
		{"a", "InChI=1S/CH4/h1H4\n", "InChI"},
		{"a.csv", "{\"smiles\": 1}\n", "JSON"},
		{"a.csv", "structure,name\nC,x\n", `no column smiles; there are "structure", "name"`},
		{"a.csv", "", "no header"},
		{"a.csv", "iso_smiles,raw_smiles\nC,C\n", `which of the columns "iso_smiles", "raw_smiles"`},
		{"a.csv", strings.Repeat("x", 2<<20) + ",y\n", "limit"},
	} {
		for _, text := range []string{c.text, zipped(t, c.text)} {
			_, err := New(c.name, strings.NewReader(text))
			wantError(t, err, c.name, c.say)
			if err != nil && len(err.Error()) > 300 {
				t.Errorf("%s: an error of %d bytes", c.say, len(err.Error()))
			}
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.smi.gz")
	if err := os.WriteFile(path, []byte(zipped(t, "C one\n")), 0o666); err != nil {
		t.Fatal(err)
	}
	r, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	if rec, err := r.Next(); err != nil || rec.Name != "one" || rec.Line != 1 {
		t.Errorf("%+v, %v", rec, err)
	}
	for range 2 {
		if _, err := r.Next(); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	if err := r.Close(); err != nil {
		t.Error(err)
	}
	_, err = Open(dir)
	wantError(t, err, dir, "folder")
	path = filepath.Join(dir, "none.smi")
	_, err = Open(path)
	wantError(t, err, path)
}

// A cut gzip file is read up to the cut; then the error names the file and stays.
func TestCutShort(t *testing.T) {
	var text strings.Builder
	for i := range 20000 {
		text.WriteString(strings.Repeat("C", 1+i%7*i%31) + " x\n")
	}
	whole := zipped(t, text.String())
	r, err := New("a.smi.gz", strings.NewReader(whole[:len(whole)/2]))
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for err == nil {
		_, err = r.Next()
		n++
	}
	wantError(t, err, "a.smi.gz", "cut short")
	if _, again := r.Next(); again != err || n < 2 {
		t.Errorf("then %v, after %d records", again, n)
	}
}
