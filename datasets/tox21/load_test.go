package tox21

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// nowhere makes sure that nothing is found by accident.
func nowhere(t *testing.T) (data, cache string) {
	t.Helper()
	data, cache = t.TempDir(), t.TempDir()
	t.Setenv(datasets.DataVar, data)
	t.Setenv(datasets.CacheVar, cache)
	return data, cache
}

func TestLoadOrder(t *testing.T) {
	data, cache := nowhere(t)
	load := func(o Options) string {
		t.Helper()
		d, err := Load(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		return d.Notes
	}
	want := func(notes, part string) {
		t.Helper()
		if !strings.Contains(notes, part) {
			t.Errorf("loaded %q, want %q", notes, part)
		}
	}
	want(load(Options{}), "built into the program: 12,060 training compounds")
	want(load(Options{Options: datasets.Options{RealOnly: true}, Source: SMILESFile}), "the real compounds")
	_, err := Load(t.Context(), Options{Source: DeepTox})
	if !errors.Is(err, datasets.ErrNoFiles) {
		t.Errorf("nothing there: %v", err)
	}
	wantError(t, err, data, cache, string(DeepTox))

	in := func(root string) string {
		dir := filepath.Join(root, "tox21")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		return dir
	}
	writeSmall(t, in(cache))
	want(load(Options{}), cache)
	writeSmall(t, in(data))
	want(load(Options{}), data)
	want(load(Options{Options: datasets.Options{StandIn: true}}), "SYNTHETIC")
	given := t.TempDir()
	_, err = Load(t.Context(), Options{Options: datasets.Options{Dir: given}})
	wantError(t, err, given, compoundsName)
	write(t, given, smilesName, "id,smiles,official_set,cvfold,"+strings.Join(tasks[:], ",")+"\nA,CCO,training,3,0,1,,,,,,,,,,NA\n")
	want(load(Options{Options: datasets.Options{Dir: given}}), smilesName)
	_, err = Load(t.Context(), Options{Options: datasets.Options{Dir: given}, Source: DeepChem})
	wantError(t, err, given, "deepchem")

	// A damaged file is an error, never a reason to take other data.
	cut(t, in(data), sdfName)
	_, err = Load(t.Context(), Options{})
	wantError(t, err, data, "cut short")
}

func TestLoadRefuses(t *testing.T) {
	nowhere(t)
	_, err := Load(t.Context(), Options{Source: "paper"})
	wantError(t, err, "paper")
	_, err = Load(t.Context(), Options{Options: datasets.Options{Download: true}, Source: SMILESFile})
	wantError(t, err, "not published")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
}

// Nothing is fetched unless asked for, the address can be chosen, and other bytes than the published ones are refused.
func TestDownloadRefusesOtherBytes(t *testing.T) {
	_, cache := nowhere(t)
	var asked []string
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.Write([]byte("not the file"))
	}))
	defer web.Close()
	o := Options{Options: datasets.Options{URL: web.URL + "/mirror/"}}
	if d, err := Load(t.Context(), o); err != nil || d.Synthetic || len(asked) > 0 {
		t.Fatalf("asked for %v without being told to (%v)", asked, err)
	}
	for source, name := range map[Source]string{DeepTox: compoundsName, DeepChem: "tox21.csv.gz", "": compoundsName} {
		asked = nil
		o.Download, o.Source = true, source
		_, err := Load(t.Context(), o)
		wantError(t, err, "sha256", web.URL+"/mirror/"+name)
		if len(asked) != 1 || asked[0] != "/mirror/"+name {
			t.Errorf("asked for %v", asked)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(cache, "*", "*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// The real files, served from here, must pass their checksums and be found in the cache afterwards.
func TestDownloadRealFiles(t *testing.T) {
	dir := realData(t)
	_, cache := nowhere(t)
	mux := http.NewServeMux()
	files := http.FileServer(http.Dir(dir))
	mux.Handle("/", files)
	mux.HandleFunc("/tox21.csv.gz", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(dir, deepChemNames[0]))
	})
	web := httptest.NewServer(mux)
	var last string
	o := Options{
		Options:  datasets.Options{Download: true, URL: web.URL},
		Progress: func(file string, done, total int64) { last = file },
	}
	if _, err := Load(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	if last != sdfName {
		t.Errorf("last progress was about %q", last)
	}
	web.Close()
	if d, err := Load(t.Context(), o); err != nil || !strings.Contains(d.Notes, cache) {
		t.Errorf("not found again: %v", err)
	}
}

// The set of a few compounds has the descriptors that vary among those for training.
func TestOpen(t *testing.T) {
	dir := t.TempDir()
	writeSmall(t, dir)
	set, err := datasets.Open("tox21", datasets.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if set.Synthetic || !strings.Contains(set.Notes, dir) || !slices.Contains(set.FeatureNames, "descriptors:TPSA") {
		t.Errorf("synthetic %v, notes %q, features %v", set.Synthetic, set.Notes, set.FeatureNames)
	}
	if set.Outputs() != NumTasks || set.Len() != len(small) || len(set.FeatureNames) != set.Width() {
		t.Errorf("%d x %d, %d tasks", set.Len(), set.Width(), set.Outputs())
	}
}
