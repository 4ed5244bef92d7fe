package cifar

import (
	"bytes"
	"context"
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
)

// The batches give the same images in a folder, in the folder of the archive, compressed, and in the archive.
func TestReadFolder(t *testing.T) {
	below, compressed := map[string]string{}, map[string]string{}
	for name, text := range six() {
		below[folderName+"/"+name], compressed[name+".gz"] = text, zipped(text)
	}
	for how, files := range map[string]map[string]string{
		"plain": six(), "below": below, "compressed": compressed, "archive": {archiveName: original()},
	} {
		images, err := readFolder(t.Context(), folder(t, files), 2)
		if err != nil {
			t.Fatalf("%s: %v", how, err)
		}
		if want := []byte{0, 9, 1, 8, 2, 7, 3, 6, 4, 5, 5, 4}; !cmp.Equal(images.Labels, want) {
			t.Errorf("%s: labels %v, want %v", how, images.Labels, want)
		}
		for i, k := range images.Labels {
			if row := images.Pixels[i*Width : (i+1)*Width]; row[0] != k || row[Width-1] != k+(Width-1)&0xff {
				t.Errorf("%s: image %d begins with %d and ends with %d", how, i, row[0], row[Width-1])
			}
		}
		set := newSet(images, 2)
		if err := set.Validate(); err != nil || !cmp.Equal(set.Rows(datasets.Test), []int{10, 11}) || set.Outputs() != 10 || set.Synthetic {
			t.Errorf("%s: test rows %v, %d classes (%v)", how, set.Rows(datasets.Test), set.Outputs(), err)
		}
		x := make([]float32, 2*Width)
		if err := set.Features.Gather(x, Width, []int{2, 1}); err != nil || x[0] != 1./255 || x[Width] != 9./255 {
			t.Errorf("%s: gathered %v and %v (%v)", how, x[0], x[Width], err)
		}
	}
}

// Batches of the size of the originals, here black airplanes, are the whole set.
func TestLoad(t *testing.T) {
	dir := t.TempDir()
	for _, name := range batches {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Truncate(path, perFile*(1+Width)); err != nil {
			t.Fatal(err)
		}
	}
	set, err := datasets.Open("cifar10", datasets.Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if train, test := len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)); train != 50_000 || test != 10_000 || set.Width() != 3072 || set.Synthetic {
		t.Errorf("%d and %d images of %d values: %s", train, test, set.Width(), set.Notes)
	}
	if err := os.Truncate(filepath.Join(dir, batches[2]), 2<<30); err != nil {
		t.Skip("no sparse files here:", err)
	}
	_, err = Load(t.Context(), datasets.Options{Dir: dir})
	wantError(t, err, batches[2], "continues after 10000 images")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err = Load(ctx, datasets.Options{Dir: dir}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A download must have the known checksum, and the archive is read unchanged.
func TestDownload(t *testing.T) {
	nowhere(t)
	content := original()
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/kriz/"+archiveName {
			http.Error(w, "gone", http.StatusGone)
			return
		}
		fmt.Fprint(w, content)
	}))
	defer web.Close()
	dir := t.TempDir()
	if err := fetchInto(t.Context(), dir, fetch.File{Name: archiveName, URL: web.URL + "/kriz/" + archiveName}); err != nil {
		t.Fatal(err)
	}
	if images, err := readFolder(t.Context(), dir, 2); err != nil || images.Labels[1] != 9 {
		t.Errorf("what was fetched: %v", err)
	}
	_, err := Load(t.Context(), datasets.Options{Download: true, URL: web.URL + "/kriz/"})
	wantError(t, err, "cifar", "sha256", archiveSum)
	_, err = Load(t.Context(), datasets.Options{Download: true, URL: web.URL})
	wantError(t, err, "cifar", "410")
}

// Without files there is a stand-in that says so, which follows its seed; not if the real images are wanted.
func TestStandIn(t *testing.T) {
	nowhere(t)
	set, err := datasets.Open("cifar10", datasets.Options{})
	if err != nil || !set.Synthetic || !strings.HasPrefix(set.Notes, "SYNTHETIC") || set.Validate() != nil {
		t.Fatalf("without files: %v, want a stand-in", err)
	}
	if _, err := Load(t.Context(), datasets.Options{RealOnly: true}); !errors.Is(err, datasets.ErrNoFiles) {
		t.Errorf("real data only: %v", err)
	}
	again, _ := Synthetic(0)
	other, _ := Synthetic(1)
	if !bytes.Equal(set.Features.(*pixels).Pixels, again.Features.(*pixels).Pixels) || cmp.Equal(set.Labels, other.Labels) {
		t.Error("the stand-in does not follow its seed")
	}
}
