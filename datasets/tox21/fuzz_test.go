package tox21

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// Whatever a table of molecules holds, it is refused with an error that names it, or all compounds are there, readable or with the
// reason why not.
func FuzzReadMolecules(f *testing.F) {
	fuzztest.Brief(f)
	head := "id,smiles,official_set,cvfold," + strings.Join(tasks[:], ",") + "\n"
	f.Add(head+"A,CCO,training,3,0,1,,,,,,,,,,NA\nB,[Na+].[O-]c1ccccc1,test,,1,,,,,,,,,,,\nC,C(,training,1,,,,,,,,,,,,\n", false)
	f.Add(strings.ReplaceAll(strings.Join(append(tasks[:], "mol_id,smiles\n"), ","), ".", "-")+"0,0,1,,,,0,0,0,0,0,0,TOX1,CCOc1ccc2nc(S(N)(=O)=O)sc2c1\n", true)
	path := filepath.Join(f.TempDir(), "table.csv")
	f.Fuzz(func(t *testing.T, text string, deepChem bool) {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		read := ReadSMILES
		if deepChem {
			read = ReadDeepChem
		}
		d, err := read(t.Context(), path, 1)
		if err != nil {
			if d != nil || !strings.Contains(err.Error(), path) {
				t.Errorf("%v with error %v", d, err)
			}
			return
		}
		for i, c := range d.Compounds {
			if (c.Mol == nil) != (c.Problem != "") || c.Parent == "" {
				t.Errorf("compound %d: %+v", i, c)
			}
		}
	})
}

// Whatever one of the official files holds, it is refused or read.
func FuzzReadOfficial(f *testing.F) {
	fuzztest.Brief(f)
	dir := f.TempDir()
	writeMatrices(f, dir)
	entries, err := os.ReadDir(dir)
	if err != nil {
		f.Fatal(err)
	}
	var whole [][]byte
	for i, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			f.Fatal(err)
		}
		whole = append(whole, raw)
		f.Add(uint8(i), unpacked(f, filepath.Join(dir, e.Name())))
	}
	f.Fuzz(func(t *testing.T, i uint8, text string) {
		k := int(i) % len(entries)
		path := filepath.Join(dir, entries[k].Name())
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil { // the readers tell compressed files by their content
			t.Fatal(err)
		}
		defer os.WriteFile(path, whole[k], 0o666)
		if set, err := ReadMatrices(dir, 0); err == nil {
			if err := set.Validate(); err != nil {
				t.Error(err)
			}
		}
		d, err := ReadDeepTox(t.Context(), dir, 1)
		if err == nil && len(d.Compounds) == 0 {
			t.Error("no compounds, and no error")
		}
	})
}

// unpacked returns the content of a file, decompressed if its name ends in .gz.
func unpacked(f *testing.F, path string) string {
	f.Helper()
	file, err := os.Open(path)
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	var text strings.Builder
	if filepath.Ext(path) != ".gz" {
		_, err = io.Copy(&text, file)
	} else if z, zerr := gzip.NewReader(file); zerr != nil {
		err = zerr
	} else {
		_, err = io.Copy(&text, z)
	}
	if err != nil {
		f.Fatal(err)
	}
	return text.String()
}
