package tox21

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

func TestReadDeepTox(t *testing.T) {
	dir := t.TempDir()
	writeSmall(t, dir)
	d, err := ReadDeepTox(t.Context(), dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(d.Compounds) != len(small) || d.Synthetic {
		t.Fatalf("%d compounds, synthetic %v", len(d.Compounds), d.Synthetic)
	}
	wantRows(t, "training", d.TrainRows(), 0, 1, 2, 3, 5)
	wantRows(t, "test", d.TestRows(), 6, 7)
	a, b, g := &d.Compounds[0], &d.Compounds[1], &d.Compounds[6]
	if a.Parent != b.Parent || a.Parent == d.Compounds[2].Parent {
		t.Errorf("parents %q and %q of a compound and its salt, %q of another", a.Parent, b.Parent, d.Compounds[2].Parent)
	}
	if g.ID != "G-01" || g.Part != datasets.Test || g.Fold != -1 || d.Compounds[5].Fold != 5 || g.InChIKey != "KEY-6" || g.Line != 8 {
		t.Errorf("compound G is %+v", *g)
	}
	if a.Labels[0] != 0 || a.Labels[1] != 1 || a.Labels[2] == a.Labels[2] || g.Labels[0] != 1 {
		t.Errorf("labels %v and %v", a.Labels, g.Labels)
	}
	var skipped []string
	for _, s := range d.Skipped() {
		skipped = append(skipped, s.ID)
		if s.Reason == "" || d.Compounds[s.Row].ID != s.ID || !strings.HasPrefix(d.Compounds[s.Row].Parent, "?") {
			t.Errorf("skipped %+v", s)
		}
	}
	if !slices.Equal(skipped, []string{"E-01", "H-01"}) {
		t.Errorf("skipped %v", skipped)
	}
	if want := "6 training compounds (1 of them unreadable and skipped), 2 test compounds (1 of them"; !strings.Contains(d.Notes, want) {
		t.Errorf("notes %q do not say %q", d.Notes, want)
	}
}

// No row of the validation part may share a parent with a fitting row, and unreadable compounds are in neither.
func TestValidationSplit(t *testing.T) {
	dir := t.TempDir()
	writeSmall(t, dir)
	d, err := ReadDeepTox(t.Context(), dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	fit, val, err := d.ValidationSplit(0)
	if err != nil {
		t.Fatal(err)
	}
	wantRows(t, "validation", val, 0, 5) // not 7, which is a test compound of fold 0
	wantRows(t, "fitting", fit, 2, 3)    // not 1, a salt of 0
	_, _, err = d.ValidationSplit(4)
	wantError(t, err, "fold 4")
	_, _, err = d.ValidationSplit(5)
	wantError(t, err, "fold 5")
}

func TestReadDeepToxRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(t *testing.T, dir string)
		say   []string
	}{
		{"no table", func(t *testing.T, dir string) { remove(t, dir, compoundsName) }, []string{compoundsName}},
		{"no drawings", func(t *testing.T, dir string) { remove(t, dir, sdfName) }, []string{sdfName}},
		{"drawings cut short", func(t *testing.T, dir string) { cut(t, dir, sdfName) }, []string{sdfName, "cut short"}},
		{"label 7", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"training",1,1,NA`, `"training",1,7,NA`) },
			[]string{compoundsName + ":3", "NR.AhR", `"7"`}},
		{"short record", func(t *testing.T, dir string) { edit(t, dir, compoundsName, ",NA,0\n", ",0\n") },
			[]string{compoundsName + ":2", "17 fields, want 18"}},
		{"unknown set", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"validation"`, `"unknown"`) },
			[]string{compoundsName + ":7", `"unknown"`}},
		{"fold 6", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"validation",5`, `"validation",6`) },
			[]string{compoundsName + ":7", `"6"`}},
		{"no column", func(t *testing.T, dir string) { edit(t, dir, compoundsName, "SR.p53", "SR.p54") },
			[]string{compoundsName, "SR.p53"}},
		{"ID twice", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"B-01","KEY`, `"A-01","KEY`) },
			[]string{compoundsName + ":3", "A-01", "twice"}},
		{"order twice", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"B-01",1`, `"B-01",0`) },
			[]string{compoundsName + ":3", `order "0"`}},
		{"order too large", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"B-01",1`, `"B-01",99`) },
			[]string{compoundsName + ":3", `order "99"`}},
		{"other title", func(t *testing.T, dir string) { edit(t, dir, compoundsName, `"B-01",1`, `"X-01",1`) },
			[]string{sdfName, "X-01", "B-01"}},
		{"label file differs", func(t *testing.T, dir string) {
			write(t, dir, labelsName("test"), `"",`+strings.Join(tasks[:], ",")+"\nG-01,0,0,0,0,0,0,0,0,0,0,0,0\nH-01,0,0,0,0,0,0,0,0,0,0,0,1\n")
		}, []string{labelsName("test"), "NR.AhR", "G-01"}},
		{"label file lacks one", func(t *testing.T, dir string) {
			write(t, dir, labelsName("test"), `"",`+strings.Join(tasks[:], ",")+"\nG-01,1,0,0,0,0,0,0,0,0,0,0,0\n")
		}, []string{labelsName("test"), "H-01"}},
		{"label file has one more", func(t *testing.T, dir string) {
			write(t, dir, labelsName("test"), `"",`+strings.Join(tasks[:], ",")+
				"\nG-01,1,0,0,0,0,0,0,0,0,0,0,0\nH-01,0,0,0,0,0,0,0,0,0,0,0,1\nI-01,0,0,0,0,0,0,0,0,0,0,0,1\n")
		}, []string{labelsName("test"), "I-01"}},
		{"too few drawings", func(t *testing.T, dir string) {
			write(t, dir, sdfName, molfile("A-01", []string{"C"}, nil))
		}, []string{sdfName, "1 drawings for 8"}},
		{"no compounds", func(t *testing.T, dir string) {
			write(t, dir, compoundsName, "ID,inchikey,sdftitle,order,set,CVfold,"+strings.Join(tasks[:], ",")+"\n")
		}, []string{compoundsName, "no compounds"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			writeSmall(t, dir)
			c.spoil(t, dir)
			d, err := ReadDeepTox(t.Context(), dir, 1)
			wantError(t, err, c.say...)
			if d != nil {
				t.Error("partial results")
			}
		})
	}
}

func remove(t *testing.T, dir, name string) {
	t.Helper()
	if err := os.Remove(filepath.Join(dir, name)); err != nil {
		t.Fatal(err)
	}
}

func wantRows(t *testing.T, name string, got []int, want ...int) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s rows %v, want %v", name, got, want)
	}
}

// The notes say which parts of a drawing its molecule does not hold.
func TestDrawingsInPart(t *testing.T) {
	dir := t.TempDir()
	writeSmall(t, dir)
	list := strings.Replace(molfile(small[0].title, strings.Fields(small[0].atoms), strings.Fields(small[0].bonds)), "M  END",
		"M  ALS   1  2 F N   C   \nM  END", 1)
	var drawings strings.Builder
	drawings.WriteString(list)
	for _, c := range small[1:] {
		drawings.WriteString(molfile(c.title, strings.Fields(c.atoms), strings.Fields(c.bonds)))
	}
	write(t, dir, sdfName, drawings.String())
	d, err := ReadDeepTox(t.Context(), dir, 1)
	if err != nil {
		t.Fatal(err)
	}
	if c := d.Compounds[0]; c.Mol == nil || len(c.Notes) != 1 || !strings.Contains(c.Notes[0], "[N,C]") {
		t.Errorf("compound %+v", c)
	}
	if !strings.Contains(d.Notes, "; drawings read only in part: 1") {
		t.Error(d.Notes)
	}
}
