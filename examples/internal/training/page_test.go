package training

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/train"
)

// A page says before its first number that data are made up, if they are, and holds all notices about them without folders.
func TestPageOfMadeUpData(t *testing.T) {
	for _, synthetic := range []bool{false, true} {
		path := filepath.Join(t.TempDir(), "r.html")
		o := &Flags{Report: path, Members: Members{N: 2}, Data: "/home/jo/my data"}
		p, err := o.newPage("set", nil)
		if err != nil {
			t.Fatal(err)
		}
		p.describe(&Problem{Set: &datasets.Set{Synthetic: synthetic, Notes: "stand-in"}, Notes: []string{"Read from /home/jo/my data.", "Column x is left out: 3176 different texts in 32010 rows, 12 of 4000 rows have none."}})
		for k := range 2 {
			if len(p.callbacks(k)) == 0 {
				t.Error("the page does not see the training")
			}
			p.trained(k, &train.History{Warnings: []string{"a warning of one network about /home/jo/run/x"}})
		}
		if err := p.finish(nil); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		page := string(text)
		if at := strings.Index(page, "Made-up data:"); (at >= 0) != synthetic || at > strings.Index(page, `class="tiles"`) {
			t.Errorf("made up: %t, but the sentence is at byte %d", synthetic, at)
		}
		for _, want := range []string{"3,176 different texts in 32,010 rows, 12 of 4,000 rows", "a warning of one network about x", "Networks in numbers", `done">done`} {
			if !strings.Contains(page, want) {
				t.Errorf("the page does not say %q", want)
			}
		}
		if strings.Contains(page, "/home/") {
			t.Error("the page names a folder of this machine")
		}
	}
}

// A page names files, not the folders of the machine that made it.
func TestHidePaths(t *testing.T) {
	for _, test := range []struct {
		text, want string
		known      []string
	}{
		{"Data: /home/jo/my data/x.csv.gz: 5 rows.", "Data: x.csv.gz: 5 rows.", []string{"/home/jo/my data/x.csv.gz"}},
		{"open /home/jo/x.csv: permission denied", "open x.csv: permission denied", nil},
		{`files in "/srv/tox21".`, `files in "tox21".`, nil},
		{"Data: ../shared/x.csv: 5 rows", "Data: x.csv: 5 rows", []string{"../shared/x.csv"}},
		{`read C:\Users\jo\x.csv`, "read x.csv", nil},
		{"see https://example.org/a/b", "see https://example.org/a/b", nil},
		{"F/C=C/F and N/A or 1/2/3 of a/b/c", "F/C=C/F and N/A or 1/2/3 of a/b/c", nil},
		{"read -", "read -", []string{"-", ""}},
		{"x.csv: 5 rows", "x.csv: 5 rows", []string{"x.csv", "..", "/"}},
	} {
		if got := hidePaths(test.text, test.known...); got != test.want {
			t.Errorf("%q is %q, want %q", test.text, got, test.want)
		}
	}
}

func TestSettingsAsPeopleWriteThem(t *testing.T) {
	o := &Flags{Rate: 1e-5, Epochs: 12000, Members: Members{N: 1}, Optimizer: "adam"}
	got := map[string]string{}
	for _, s := range o.settings() {
		got[s.Name] = s.Value
	}
	if got["learning rate"] != "0.00001" || got["epochs"] != "12,000" {
		t.Errorf("%v", got)
	}
	o.Rate = 0
	for _, s := range o.settings() {
		if s.Name == "learning rate" && s.Value != "0.001" {
			t.Errorf("learning rate %q", s.Value)
		}
	}
}
