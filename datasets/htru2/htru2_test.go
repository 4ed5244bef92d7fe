package htru2

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/internal/fetch"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

const small = "1,2,3,4,5,6,7,8,0\n-1,.5,1e1,0,0,0,0,0,1\n"

func write(t *testing.T, name, text string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func nowhere(t *testing.T) {
	t.Setenv(datasets.DataVar, t.TempDir())
	t.Setenv(datasets.CacheVar, t.TempDir())
}

func wantError(t *testing.T, err error, say ...string) {
	t.Helper()
	if err == nil {
		t.Fatalf("no error, want one with %q", say)
	}
	for _, s := range say {
		if !strings.Contains(err.Error(), s) {
			t.Errorf("error %q does not say %q", err, s)
		}
	}
}

// The file may be compressed, and its lines may end as the repository's do, in carriage returns alone.
func TestLoad(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte(small))
	w.Close()
	for name, text := range map[string]string{
		fileName: strings.TrimSpace(strings.ReplaceAll(small, "\n", "\r")), fileName + ".gz": z.String(),
	} {
		set, err := Load(t.Context(), datasets.Options{Dir: write(t, name, text)})
		if err != nil {
			t.Fatal(err)
		}
		if err := set.Validate(); err != nil {
			t.Fatal(err)
		}
		row := make([]float32, set.Width())
		set.Features.Gather(row, len(row), []int{1})
		if set.Len() != 2 || set.Class(0) != 0 || set.Class(1) != 1 || !cmp.Equal(row, []float32{-1, .5, 10, 0, 0, 0, 0, 0}) {
			t.Errorf("%s: %d rows, the second is %v", name, set.Len(), row)
		}
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"few columns", "1,2,3,4,5,6,7,0\n", ":1: 8 numbers, want 9"},
		{"class", small + "1,2,3,4,5,6,7,8,2\n", ":3: class is 2"},
		{"text", small + "1,2,3,4,5,6,7,x,1\n", ":3: field 8"},
		{"out of range", "1e13,2,3,4,5,6,7,8,1\n", ":1: field 1"},
		{"empty", "", "no lines"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, fileName, c.text)
			_, err := Load(t.Context(), datasets.Options{Dir: dir})
			wantError(t, err, filepath.Join(dir, fileName), c.say)
		})
	}
	dir := t.TempDir()
	_, err := Load(t.Context(), datasets.Options{Dir: dir})
	wantError(t, err, dir, "no HTRU_2.csv")
}

// checkFolds states what nested cross-validation needs: each row tests once and validates once, the part that validates a
// fold tests the fold before it, and the shares of pulsars are the same.
func checkFolds(t *testing.T, set *datasets.Set) {
	t.Helper()
	folds, err := Folds(set, 7)
	if err != nil {
		t.Fatal(err)
	}
	n, pulsars := set.Len(), 0
	for r := range n {
		pulsars += set.Class(r)
	}
	tests := make([]int, n)
	for m, f := range folds {
		seen := make([]bool, n)
		for _, part := range [][]int{f.Fit, f.Held, f.Test} {
			for _, r := range part {
				if seen[r] {
					t.Fatalf("fold %d: row %d twice", m, r)
				}
				seen[r] = true
			}
		}
		if len(f.Fit)+len(f.Held)+len(f.Test) != n {
			t.Errorf("fold %d: %d + %d + %d rows of %d", m, len(f.Fit), len(f.Held), len(f.Test), n)
		}
		if !slices.Equal(f.Held, folds[(m+9)%10].Test) {
			t.Errorf("fold %d is not validated by the part before it", m)
		}
		k := 0
		for _, r := range f.Test {
			tests[r]++
			k += set.Class(r)
		}
		if math.Abs(float64(len(f.Test))-float64(n)/10) > 2 || math.Abs(float64(k)-float64(pulsars)/10) > 2 {
			t.Errorf("fold %d: %d rows to test, %d of them pulsars, of %d and %d", m, len(f.Test), k, n, pulsars)
		}
	}
	for r, k := range tests {
		if k != 1 {
			t.Fatalf("row %d is tested %d times", r, k)
		}
	}
	again, _ := Folds(set, 7)
	other, _ := Folds(set, 8)
	if !reflect.DeepEqual(again, folds) || reflect.DeepEqual(other, folds) {
		t.Error("the folds do not follow their seed")
	}
}

func TestSynthetic(t *testing.T) {
	set, err := Load(t.Context(), datasets.Options{StandIn: true})
	if err != nil || !set.Synthetic || !strings.HasPrefix(set.Notes, "SYNTHETIC") {
		t.Fatalf("error %v, want a stand-in", err)
	}
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	checkFolds(t, set)
	again, _ := Synthetic(0)
	other, _ := Synthetic(1)
	if !cmp.Equal(set.Labels, again.Labels) || cmp.Equal(set.Labels, other.Labels) {
		t.Error("the stand-in does not follow its seed")
	}
}

func TestOpen(t *testing.T) {
	set, err := datasets.Open("htru2", datasets.Options{StandIn: true})
	if err != nil {
		t.Fatal(err)
	}
	fit := set.Rows(datasets.Train)
	x := make([]float32, len(fit)*set.Width())
	set.Features.Gather(x, set.Width(), fit)
	for c, name := range set.FeatureNames {
		sum, square := 0.0, 0.0
		for i := range fit {
			v := float64(x[i*set.Width()+c])
			sum += v / float64(len(fit))
			square += v * v / float64(len(fit))
		}
		if math.Abs(sum) > 1e-5 || math.Abs(square-1) > 1e-4 {
			t.Errorf("%s has mean %v and mean square %v over the fitting rows", name, sum, square)
		}
	}
	if v, te := len(set.Rows(datasets.Validation)), len(set.Rows(datasets.Test)); len(fit) != 8*v || v != te {
		t.Errorf("%d rows to fit on, %d to validate, %d to test", len(fit), v, te)
	}
	_, err = Folds(&datasets.Set{}, 1)
	wantError(t, err, "10 folds of 0 rows")
	_, err = Scaled(set, nil)
	wantError(t, err, "no rows")
}

func TestDownload(t *testing.T) {
	nowhere(t)
	pack := func(name string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		f, _ := z.Create(name)
		f.Write([]byte(small))
		z.Close()
		return b.Bytes()
	}
	good, bad := pack("HTRU2/"+fileName), pack("Readme.txt")
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/good.zip":
			w.Write(good)
		default:
			w.Write(bad)
		}
	}))
	defer web.Close()
	get := func(name string, content []byte) (string, error) {
		sum := sha256.Sum256(content)
		dir := t.TempDir()
		return dir, fetchInto(t.Context(), dir, fetch.File{Name: archiveName, URL: web.URL + "/" + name, SHA256: hex.EncodeToString(sum[:])})
	}
	dir, err := get("good.zip", good)
	if err != nil {
		t.Fatal(err)
	}
	if set, err := Load(t.Context(), datasets.Options{Dir: dir}); err != nil || set.Len() != 2 {
		t.Errorf("downloaded: %v", err)
	}
	if left, _ := os.ReadDir(dir); len(left) != 1 {
		t.Errorf("in the folder are %v", left)
	}
	_, err = get("bad.zip", bad)
	wantError(t, err, "has no HTRU_2.csv")
	// Anything but the published archive is refused.
	_, err = Load(t.Context(), datasets.Options{Download: true, URL: web.URL})
	wantError(t, err, web.URL, "sha256", archiveSum)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Load(ctx, datasets.Options{Download: true, URL: web.URL}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Where no folder has the file, the candidates are the embedded ones, which are those that their README describes.
func TestEmbedded(t *testing.T) {
	nowhere(t)
	set, err := Load(t.Context(), datasets.Options{RealOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := set.Validate(); err != nil {
		t.Fatal(err)
	}
	checkFolds(t, set)
	pulsars := 0
	for r := range set.Len() {
		pulsars += set.Class(r)
	}
	if set.Synthetic || set.Len() != 17898 || pulsars != 1639 || !strings.Contains(set.Notes, "CC BY 4.0") {
		t.Errorf("%d rows, %d pulsars, notes %q", set.Len(), pulsars, set.Notes)
	}
	text, err := os.ReadFile("data/README.md")
	if err != nil {
		t.Fatal(err)
	}
	if sum := fmt.Sprintf("%x", sha256.Sum256(embedded)); !strings.Contains(string(text), sum) {
		t.Errorf("the README does not name the checksum %s", sum)
	}
}

func FuzzRead(f *testing.F) {
	fuzztest.Brief(f)
	f.Add(small)
	f.Add(strings.ReplaceAll(small, "\n", "\r\n"))
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, fmt.Sprint(os.Getpid(), ".csv"))
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		set, err := Read(path)
		if err != nil {
			wantError(t, err, path)
			return
		}
		if err := set.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}
