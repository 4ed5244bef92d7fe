package mnist

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

func TestReadErrors(t *testing.T) {
	good := map[string]string{
		trainImages: images(2, 1, 2, 1, 2, 3, 4), trainLabels: labels(1, 2),
		testImages: images(1, 1, 2, 5, 6), testLabels: labels(3),
	}
	for _, c := range []struct{ name, file, text, say string }{
		{"missing", testLabels, "", "no " + testLabels},
		{"no header", trainImages, "\x00\x00\x08", "cut short: 3 of 16 bytes of the header"},
		{"half a header", trainLabels, labels(1, 2)[:6], "cut short: 6 of 8 bytes of the header"},
		{"labels for images", trainImages, labels(1, 2, 3, 4, 5, 6, 7, 8), "starts with 0x00000801, want 0x00000803"},
		{"images for labels", trainLabels, images(2, 1, 2, 1, 2, 3, 4), "starts with 0x00000803, want 0x00000801"},
		{"text", trainImages, "<html><head><title>404</title>", "not an IDX file of images"},
		{"truncated", trainImages, images(2, 1, 2, 1, 2, 3), "cut short: 3 of 4 bytes"},
		{"goes on", trainImages, images(2, 1, 2, 1, 2, 3, 4, 5), "continues after the 4 bytes"},
		{"no pixels", trainImages, images(2, 0, 2), "0 x 2 pixels"},
		{"no images", trainImages, images(0, 1, 2), "announces 0 bytes"},
		{"endless", trainImages, images(0xffffffff, 4096, 4096, 1), "announces"},
		{"wide", trainImages, images(1, 1, 0xffffffff, 1), "pixels"},
		{"long promise", trainImages, images(100_000_000, 1, 2, 1), "cut short: 1 of 200000000"},
		{"few labels", trainLabels, labels(1), "1 labels for 2 images"},
		{"label", trainLabels, labels(1, 10), "label 1 is 10"},
		{"other size", testImages, images(1, 2, 1, 5, 6), "training images have 1 x 2 pixels, test images 2 x 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := map[string]string{}
			for name, text := range good {
				files[name] = text
			}
			files[c.file] = c.text
			if c.text == "" {
				delete(files, c.file)
			}
			dir := folder(t, files)
			_, err := Load(t.Context(), "mnist", datasets.Options{Dir: dir})
			wantError(t, err, "mnist", dir, c.say)
		})
	}
	dir := folder(t, map[string]string{testImages + ".gz": zipped(good[testImages])[:20], testLabels: good[testLabels]})
	_, err := Load(t.Context(), "mnist10k", datasets.Options{Dir: dir})
	wantError(t, err, dir, "cut short")
}

// The memory for a file is what its bytes need, not what its header announces.
func TestReadImagesMemory(t *testing.T) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := ReadImages("images", strings.NewReader(images(1<<16, 1<<7, 1<<7, make([]byte, 5<<20)...)))
	runtime.ReadMemStats(&after)
	wantError(t, err, "cut short: 5242880 of 1073741824 bytes")
	if n := (after.TotalAlloc - before.TotalAlloc) >> 20; n > 64 {
		t.Errorf("%d MiB allocated for 5 MiB", n)
	}
}

func FuzzReadImages(f *testing.F) {
	f.Add([]byte(images(2, 1, 2, 1, 2, 3, 4)))
	f.Add([]byte(labels(1, 2)))
	f.Fuzz(func(t *testing.T, file []byte) {
		m, err := ReadImages("images", bytes.NewReader(file))
		if err != nil {
			wantError(t, err, "mnist: images")
		} else if string(file) != images(uint32(m.Count), uint32(m.Height), uint32(m.Width), m.Pixels...) {
			t.Errorf("%q was read as %d images", file, m.Count)
		}
		y, err := ReadLabels("labels", bytes.NewReader(file))
		if err != nil {
			wantError(t, err, "mnist: labels")
		} else if string(file) != labels(y...) {
			t.Errorf("%q was read as %v", file, y)
		}
	})
}
