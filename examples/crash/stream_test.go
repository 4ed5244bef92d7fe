package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// Changed molecules stay molecules, and differ from time to time.
func TestChanged(t *testing.T) {
	for _, text := range []string{"CCO", "[Na+].[Cl-]", "O=C(O)c1ccccc1"} {
		seen := map[string]bool{}
		for time := range 30 {
			got := changed(text, time)
			if _, err := smiles.Parse(got); err != nil {
				t.Errorf("%s: %v", got, err)
			}
			seen[got] = true
		}
		if len(seen) < 20 && text == "CCO" {
			t.Errorf("%s: %d molecules", text, len(seen))
		}
		for _, b := range broken {
			if _, err := smiles.Parse(text + b); err == nil {
				t.Errorf("%s is a molecule", text+b)
			}
		}
	}
}

// Answers that are missing, doubled, in another order or of the wrong kind are found.
func TestCheckAnswers(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, lines []string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var molecules []string
	rows := []string{"smiles,name," + strings.Join(tox21.Tasks(), ",") + ",error"}
	for i := range 120 {
		molecules = append(molecules, fmt.Sprintf("C m%d", i))
		values, problem := strings.Repeat("0.5,", tox21.NumTasks), ""
		if isBad(i) {
			values, problem = strings.Repeat(",", tox21.NumTasks), "bad"
		}
		rows = append(rows, fmt.Sprintf("C,m%d,%s%s", i, values, problem))
	}
	input := file("molecules", molecules)
	if err := checkAnswers(file("good", rows), input); err != nil {
		t.Error(err)
	}
	swapped := slices.Clone(rows)
	swapped[7], swapped[8] = swapped[8], swapped[7]
	for name, wrong := range map[string][]string{
		"missing": slices.Delete(slices.Clone(rows), 60, 61), "twice": slices.Insert(slices.Clone(rows), 60, rows[60]), "more": append(slices.Clone(rows), rows[9]), "swapped": swapped,
		"no error": append(slices.Clone(rows[:51]), append([]string{strings.Replace(rows[10], "m9", "m50", 1)}, rows[52:]...)...), "cut": rows[:100],
	} {
		if err := checkAnswers(file("wrong", wrong), input); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if n := bad(120); n != 1 || bad(1_000_000) != 10_000 || bad(50) != 0 || bad(51) != 1 {
		t.Errorf("%d bad lines", n)
	}
}

// Files and folders that differ are found, and so are those that are left behind.
func TestDiffering(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	long := strings.Repeat("x", 100_000)
	for name, text := range map[string]string{"a": long, "b": long, "c": long[1:], "d": long[1:] + "y", "f/1": "x", "f/2": "y", "g/1": "x", "g/2": "y", "h/1": "x", "i/1": "x", "i/2": "z"} {
		write(name, text)
	}
	for pair, want := range map[string]int{"a b": 0, "a c": 1, "a d": 1, "c a": 1, "a none": 1, "f g": 0, "f h": 2, "f i": 1} {
		x, y, _ := strings.Cut(pair, " ")
		if got := differing(filepath.Join(dir, x), filepath.Join(dir, y)); len(got) != want {
			t.Errorf("%s: %q", pair, got)
		}
	}
	write("b.partial.json", "")
	write("b.partial.lock", "") // of a killed process
	if got := differing(filepath.Join(dir, "a"), filepath.Join(dir, "b")); len(got) != 1 {
		t.Errorf("left behind: %q", got)
	}
}
