package uci

import (
	"archive/zip"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

// nowhere makes sure that no real data is found.
func nowhere(t *testing.T) {
	t.Setenv(datasets.DataVar, t.TempDir())
	t.Setenv(datasets.CacheVar, t.TempDir())
}

func TestOpen(t *testing.T) {
	nowhere(t)
	set, err := datasets.Open("uci/toy", datasets.Options{Dir: writeSmall(t, nil)})
	if err != nil {
		t.Fatal(err)
	}
	want := []datasets.Part{datasets.Test, datasets.Validation, datasets.Train, datasets.Train, datasets.Test, datasets.Train}
	if !cmp.Equal(set.Part, want) || set.Synthetic || set.Name != "uci/toy" {
		t.Errorf("%s has parts %v, want those of fold 0: %v", set.Name, set.Part, want)
	}
	if set, err = datasets.Open("uci/toy", datasets.Options{}); err != nil || !set.Synthetic || !strings.HasPrefix(set.Notes, "SYNTHETIC") {
		t.Errorf("without files: %v, want a stand-in", err)
	}
	_, err = datasets.Open("uci/toy", datasets.Options{RealOnly: true})
	if !errors.Is(err, datasets.ErrNoFiles) {
		t.Errorf("real data only: %v", err)
	}
	_, err = datasets.Open("uci/other", datasets.Options{Dir: writeSmall(t, nil)})
	wantError(t, err, `lists no task "other"`)
	none := filepath.Join(t.TempDir(), "none")
	_, err = datasets.Open("uci/toy", datasets.Options{Dir: none})
	wantError(t, err, none)
	if set, err = datasets.Open("uci/toy", datasets.Options{Dir: writeSmall(t, nil), StandIn: true}); err != nil || !set.Synthetic {
		t.Errorf("stand-in: %v", err)
	}
	t.Setenv(datasets.DataVar, filepath.Dir(writeSmall(t, nil))) // no folder of the name uci there
	if _, err := Open(t.Context(), "toy", datasets.Options{RealOnly: true}); err == nil {
		t.Error("found data that are not there")
	}
}

// The archive has a folder for each task, a file in the wrong place, and may have tasks that cannot be loaded.
func TestDownload(t *testing.T) {
	nowhere(t)
	requests := 0
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		if r.URL.Path != "/here/"+archiveName {
			http.NotFound(w, r)
			return
		}
		z := zip.NewWriter(w)
		for name, text := range small {
			for _, path := range []string{"data/toy/" + name, "data/broken/" + name} {
				if strings.HasPrefix(path, "data/broken/labels") {
					text = "0\n"
				}
				f, _ := z.Create(path)
				f.Write([]byte(text))
			}
		}
		f, _ := z.Create("data/toy_py.dat")
		f.Write([]byte("misplaced"))
		z.Close()
	}))
	defer web.Close()
	o := datasets.Options{Download: true, URL: web.URL + "/here"}
	for range 2 {
		task, err := Open(t.Context(), "toy", o)
		if err != nil {
			t.Fatal(err)
		}
		if task.Set.Synthetic || task.Set.Len() != 6 {
			t.Errorf("%s with %d rows", task.Set.Notes, task.Set.Len())
		}
	}
	if requests != 1 {
		t.Errorf("%d requests, want one download", requests)
	}
	_, err := Open(t.Context(), "broken", o)
	wantError(t, err, "broken", "labels_py.dat")
	dir, err := Dir(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	list, err := Tasks(dir)
	if err != nil || !cmp.Equal(list, []Info{{"toy", 6, 2, 2, 2}}) {
		t.Errorf("tasks %v, %v", list, err)
	}
	if _, err := os.Stat(filepath.Join(dir, archiveName)); err == nil {
		t.Error("the archive was kept")
	}

	t.Setenv(datasets.CacheVar, t.TempDir())
	_, err = Open(t.Context(), "toy", datasets.Options{Download: true, URL: web.URL + "/nothing"})
	wantError(t, err, "404")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = Open(ctx, "toy", o); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestSynthetic(t *testing.T) {
	a, err := Synthetic(1)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Set.Validate(); err != nil {
		t.Fatal(err)
	}
	checkFolds(t, a)
	count := make(map[int]int)
	for r := range a.Set.Len() {
		count[a.Set.Class(r)]++
	}
	for k := range a.Set.Classes {
		if count[k] < a.Set.Len()/20 {
			t.Errorf("class %d has %d rows", k, count[k])
		}
	}
	b, _ := Synthetic(1)
	c, _ := Synthetic(2)
	if !cmp.Equal(a.Set.Labels, b.Set.Labels) || !cmp.Equal(a.test, b.test) || cmp.Equal(a.Set.Labels, c.Set.Labels) {
		t.Error("the stand-in does not follow its seed")
	}
}

// checkFolds checks that the parts of each fold are disjoint and cover all rows.
func checkFolds(t *testing.T, task *Task) {
	t.Helper()
	for k := range task.Folds {
		f, err := task.Fold(k)
		if err != nil {
			t.Fatal(err)
		}
		seen := make([]int, task.Set.Len())
		for _, part := range [][]int{f.Fit, f.Held, f.Test} {
			for i, r := range part {
				seen[r]++
				if i > 0 && r <= part[i-1] {
					t.Fatalf("fold %d: row %d after %d", k, r, part[i-1])
				}
			}
		}
		for r, n := range seen {
			if n != 1 {
				t.Fatalf("fold %d: row %d is in %d parts", k, r, n)
			}
		}
	}
}
