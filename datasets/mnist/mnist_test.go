package mnist

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
	"github.com/selfnorm/selfnorm/internal/oracle"
)

// Two images to train on and one to test, of 1 x 3 pixels; plain, compressed, and with a dot in the name.
func TestLoad(t *testing.T) {
	dir := folder(t, map[string]string{
		trainImages:                 images(2, 1, 3, 0, 51, 255, 1, 2, 3),
		trainLabels + ".gz":         zipped(labels(7, 0)),
		"t10k-images.idx3-ubyte.gz": zipped(images(1, 1, 3, 255, 0, 0)),
		"t10k-labels.idx1-ubyte":    labels(9),
	})
	set, err := datasets.Open("mnist", datasets.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	x := make([]float32, 2*4)
	set.Features.Gather(x, 4, []int{2, 0})
	if want := []float32{1, 0, 0, 0, 0, .2, 1, 0}; !cmp.Equal(x, want) {
		t.Errorf("rows 2 and 0 are %v, want %v", x, want)
	}
	if !cmp.Equal(set.Labels, []float32{7, 0, 9}) || !cmp.Equal(set.Rows(datasets.Test), []int{2}) || set.Outputs() != 10 || set.Synthetic {
		t.Errorf("labels %v, parts %v, %d classes", set.Labels, set.Part, set.Outputs())
	}
	// The test images alone are a set of their own.
	if set, err = datasets.Open("mnist10k", datasets.Options{Dir: dir}); err != nil || set.Len() != 1 || set.Name != "mnist10k" {
		t.Errorf("mnist10k: %v", err)
	}
	_, err = Load(t.Context(), "mnist20k", datasets.Options{Dir: dir})
	wantError(t, err, "mnist20k")
}

// A scaler makes other features of the images.
func TestScale(t *testing.T) {
	set, err := Synthetic(1)
	if err != nil {
		t.Fatal(err)
	}
	s, err := datasets.FitScaler(datasets.Standardize, 0, set.Features, set.Rows(datasets.Train))
	if err != nil {
		t.Fatal(err)
	}
	scaled, err := s.Apply(set.Features)
	if err != nil {
		t.Fatal(err)
	}
	if n, cols := scaled.Dims(); n != set.Len() || cols != set.Width() {
		t.Errorf("scaled to %d x %d", n, cols)
	}
}

// A mirror that fails is skipped; what comes must have the known checksum.
func TestDownload(t *testing.T) {
	nowhere(t)
	content := zipped(labels(1, 2, 3))
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/good/") {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		fmt.Fprint(w, content)
	}))
	defer web.Close()
	dir := t.TempDir()
	bad, good := web.URL+"/bad/", web.URL+"/good/"
	file := fetch.File{Name: testLabels + ".gz"}
	if err := fetchFrom(t.Context(), []string{bad, good}, dir, file); err != nil {
		t.Fatal(err)
	}
	if got, err := readFile(filepath.Join(dir, file.Name), ReadLabels); err != nil || !cmp.Equal(got, []byte{1, 2, 3}) {
		t.Errorf("read %v, %v", got, err)
	}
	err := fetchFrom(t.Context(), []string{bad, bad}, t.TempDir(), file)
	wantError(t, err, "mnist", "410")
	_, err = Load(t.Context(), "mnist10k", datasets.Options{Download: true, URL: web.URL + "/good"})
	wantError(t, err, "sha256", sums[testImages])
}

// The real images, if there are any, are a set.
func TestReal(t *testing.T) {
	if os.Getenv(datasets.DataVar) == "" {
		oracle.Missing(t, "%s is not set", datasets.DataVar)
	}
	for _, name := range []string{"mnist10k", "mnist"} {
		t.Run(name, func(t *testing.T) {
			set, err := Load(t.Context(), name, datasets.Options{RealOnly: true})
			if errors.Is(err, datasets.ErrNoFiles) {
				if name == "mnist" {
					t.Skip("the 60,000 training images are not among the data for tests:", err)
				}
				oracle.Missing(t, "%v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := set.Validate(); err != nil {
				t.Fatal(err)
			}
			train, test := set.Rows(datasets.Train), set.Rows(datasets.Test)
			if len(test) == 0 || len(train) == 0 {
				t.Errorf("%d images to train on, %d to test", len(train), len(test))
			}
			t.Log(set.Notes)
		})
	}
}

func BenchmarkGather(b *testing.B) {
	set, err := Synthetic(1)
	if err != nil {
		b.Fatal(err)
	}
	rows := set.Rows(datasets.Train)[:128]
	x := make([]float32, len(rows)*set.Width())
	b.ReportAllocs()
	for b.Loop() {
		set.Features.Gather(x, set.Width(), rows)
	}
}
