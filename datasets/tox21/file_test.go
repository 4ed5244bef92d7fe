package tox21

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// deepChemTable is a table in the form of DeepChem's.
func deepChemTable(rows ...string) string {
	names := Tasks()
	for i := range names {
		names[i] = dashed(names[i])
	}
	return strings.Join(names, ",") + ",mol_id,smiles\n" + strings.Join(rows, "\n") + "\n"
}

// A file is read by its columns, whatever its name, and Load reads the one it is given.
func TestReadFile(t *testing.T) {
	nowhere(t)
	dir := t.TempDir()
	write(t, dir, "mine.csv.gz", deepChemTable("0.0,1.0,,,,,,,,,,,TOX1,CCO", "1,,,,,,,,,,,0,TOX2,C1CC"))
	write(t, dir, "other.csv", "id,smiles,official_set,cvfold,"+strings.Join(tasks[:], ",")+"\nA,CCO,training,3,0,1,,,,,,,,,,NA\n")
	write(t, dir, compoundsName, "ID,sdftitle\n")
	write(t, dir, "none.csv", "smiles,y\nC,1\n")
	write(t, dir, "picture.csv", "\x89PNG\r\n\x1a\n")
	for name, say := range map[string]string{"mine.csv.gz": "2 compounds (1 of them unreadable and skipped), without an official split", "other.csv": "1 training compounds"} {
		path := filepath.Join(dir, name)
		a, err := ReadFile(t.Context(), path, 0)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Load(t.Context(), Options{Options: datasets.Options{Dir: path}})
		if err != nil {
			t.Fatal(err)
		}
		if a.Notes != b.Notes || !strings.Contains(a.Notes, say) || !strings.Contains(a.Notes, path) {
			t.Errorf("notes %q and %q, want %q", a.Notes, b.Notes, say)
		}
	}
	for name, say := range map[string]string{
		compoundsName: sdfName, "none.csv": "none.csv:1: neither the columns of DeepChem's table", "picture.csv": "picture", "absent.csv": "absent.csv",
	} {
		_, err := Load(t.Context(), Options{Options: datasets.Options{Dir: filepath.Join(dir, name)}})
		wantError(t, err, say)
	}
	_, err := Load(t.Context(), Options{Options: datasets.Options{Dir: filepath.Join(dir, "other.csv")}, Source: DeepChem})
	wantError(t, err, "other.csv", string(DeepChem))
}
