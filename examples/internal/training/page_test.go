package training

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
)

// pageOf returns flags with a page in a new folder.
func pageOf(t *testing.T, args ...string) (*Flags, *page, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	o := &Flags{Net: "snn", Optimizer: "adam", Schedule: "cosine", Batch: 64, Epochs: 12_000, Seed: 1}
	f := flag.NewFlagSet("test", flag.ContinueOnError)
	o.Register(f, "", "")
	err := f.Parse(append([]string{"-report", file, "-layers", "1", "-units", "8"}, args...))
	if err == nil {
		err = o.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	p, err := o.newPage("test", io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	return o, p, file
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The page marks all data that are made up, and no others.
func TestPageOfMadeUpData(t *testing.T) {
	for _, synthetic := range []bool{false, true} {
		_, p, file := pageOf(t)
		p.describe(&Problem{Set: &datasets.Set{Synthetic: synthetic}})
		if err := p.finish(nil); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(read(t, file), "Made-up data") != synthetic {
			t.Errorf("made up: %v, but not the page", synthetic)
		}
	}
}

// Settings are written as people write them, and folders of this machine are left out, also of an error.
func TestPageTexts(t *testing.T) {
	home, err := os.UserHomeDir()
	if err != nil {
		home = t.TempDir()
	}
	dir := t.TempDir()
	_, p, file := pageOf(t, "-lr", "0.00001", "-data", filepath.Join(dir, "my.csv"), "-checkpoint", filepath.Join(dir, "saved"))
	p.describe(&Problem{Set: &datasets.Set{}, Notes: []string{"Data: " + filepath.Join(dir, "my.csv") + ": 12 rows."}})
	failure := errors.Errorf("open %s: no space in %s", filepath.Join(dir, "saved", "network-1"), filepath.Join(home, ".cache", "x"))
	if err := p.finish(failure); err != failure {
		t.Fatal(err)
	}
	page := read(t, file)
	for _, want := range []string{"<dd>0.00001</dd>", "<dd>12,000</dd>", "Data: my.csv: 12 rows.", "open network-1: no space"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	for _, folder := range []string{dir, home + string(filepath.Separator)} {
		if strings.Contains(page, folder) {
			t.Errorf("the page names %s", folder)
		}
	}
	_, p, file = pageOf(t, "-lr", "0", "-optimizer", "adamax")
	p.describe(&Problem{Set: &datasets.Set{}})
	if err := p.finish(nil); err != nil || !strings.Contains(read(t, file), "<dd>0.002</dd>") {
		t.Errorf("the default learning rate is not on the page (%v)", err)
	}
}

// The live page says what the program does before the training.
func TestLivePageBeforeTraining(t *testing.T) {
	_, p, _ := pageOf(t, "-watch", "127.0.0.1:0", "-ensemble", "seeds:5")
	defer p.finish(nil)
	response, err := http.Get(p.watcher.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(response.Body); err != nil || !strings.Contains(body.String(), ">reading data</span>") {
		t.Errorf("the page does not say that data are read (%v)", err)
	}
}
