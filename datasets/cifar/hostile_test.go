package cifar

import (
	"bytes"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/internal/fuzztest"
)

// A damaged batch is an error that names the file and the place.
func TestDamaged(t *testing.T) {
	for _, c := range []struct{ name, text, say string }{
		{"nothing", "", "cut short after 0 of 2 images and 0 bytes"},
		{"half an image", batch(1, 2)[:Width+1000], "cut short after 1 of 2 images and 999 bytes"},
		{"a label alone", batch(1) + "\x02", "cut short after 1 of 2 images and 1 bytes"},
		{"one image", batch(1), "cut short after 1 of 2 images and 0 bytes"},
		{"three images", batch(1, 2, 3), "continues after 2 images"},
		{"a byte more", batch(1, 2) + "\x00", "continues after 2 images"},
		{"label 10", batch(1, 10), "image 1 has the label 10, want 0 to 9"},
		{"a page", "<html><head><title>404</title>" + strings.Repeat(" ", 1<<14), "the label 60"},
		{"half a gzip file", zipped(batch(1, 2))[:40], "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			files := six()
			files[batches[3]] = c.text
			dir := folder(t, files)
			_, err := readFolder(t.Context(), dir, 2)
			wantError(t, err, "cifar", dir, batches[3], c.say)
		})
	}
	files := six()
	delete(files, batches[5])
	_, err := readFolder(t.Context(), folder(t, files), 2)
	wantError(t, err, "no "+batches[5], "no "+archiveName)
}

func TestDamagedArchive(t *testing.T) {
	var entries []entry
	for _, name := range batches {
		entries = append(entries, entry{name, six()[name]})
	}
	good := archived(entries...)
	damaged := []byte(good)
	damaged[len(damaged)-6] ^= 1 // in the checksum of the gzip file
	for _, c := range []struct{ name, text, say string }{
		{"nothing", "", "no data_batch_1.bin in the archive"},
		{"no archive", "what is this", "tar"},
		{"five batches", archived(entries[1:]...), "no data_batch_1.bin in the archive"},
		{"seven batches", archived(append(entries, entries[2])...), "two files data_batch_3.bin"},
		{"short batch", archived(entry{batches[4], "\x01"}), "data_batch_5.bin: the file is cut short after 0 of 2 images and 1 bytes"},
		{"truncated", good[:len(good)/2], "cut short"},
		{"checksum", string(damaged), "gzip"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := folder(t, map[string]string{archiveName: c.text})
			_, err := readFolder(t.Context(), dir, 2)
			wantError(t, err, "cifar", dir, c.say)
		})
	}
}

func FuzzReadBatch(f *testing.F) {
	fuzztest.Brief(f)
	f.Add([]byte(batch(1)), 1)
	f.Add([]byte(batch(10)), 1)
	f.Add([]byte("<html>"), 3)
	f.Fuzz(func(t *testing.T, file []byte, count int) {
		if count > 1000 {
			count %= 1000
		}
		images, err := ReadBatch("images", bytes.NewReader(file), count)
		if err != nil {
			wantError(t, err, "cifar: images")
			return
		}
		var again []byte
		for i, label := range images.Labels {
			again = append(append(again, label), images.Pixels[i*Width:(i+1)*Width]...)
		}
		if !bytes.Equal(again, file) || len(images.Labels) != count {
			t.Errorf("%d bytes were read as %d images", len(file), len(images.Labels))
		}
	})
}
