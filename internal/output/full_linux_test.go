package output_test

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// On a disk that is full in the middle of a write the old file stays, and nothing else. Only root can make such a disk.
func TestFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k"); err != nil {
		t.Skip(err)
	}
	defer syscall.Unmount(dir, 0)
	path := filepath.Join(dir, "model")
	write := func(n int) error {
		return output.Write(path, func(w io.Writer) error { _, err := w.Write(bytes.Repeat([]byte("x"), n)); return err })
	}
	if err := write(50_000); err != nil {
		t.Fatal(err)
	}
	for range 3 { // what has failed takes no space
		if err := write(200_000); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v", err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Size() != 50_000 {
		t.Errorf("%v (%v)", info, err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("the disk holds %v (%v)", entries, err)
	}
	if err := write(49_000); err != nil { // beside the old file
		t.Error(err)
	}
}
