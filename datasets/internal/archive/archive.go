// Package archive unpacks zip files.
package archive

import (
	"archive/zip"
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/internal/output"
)

// maxFile bounds the size of an unpacked file, so that a damaged archive cannot fill the disk.
const maxFile = 1 << 30

// Unzip unpacks files of an archive into a folder and returns how many. to maps the name of a file in the archive to its path relative to
// the folder, or to an empty string to skip it. A file appears only when it is complete and its checksum matches. For a damaged file, one
// of more than 1 GiB, and a path outside the folder, the error names the archive and the file.
func Unzip(path, dir string, to func(name string) string) (n int, err error) {
	if to == nil {
		return 0, errors.Errorf("%s: the function that places files is nil", path)
	}
	r, err := zip.OpenReader(path)
	if err != nil {
		return 0, errors.Wrap(err, path)
	}
	defer r.Close()
	for _, f := range r.File {
		place := to(f.Name)
		if place == "" || f.FileInfo().IsDir() {
			continue
		}
		if !filepath.IsLocal(place) {
			return n, errors.Errorf("%s: %s: %q is outside of the folder", path, f.Name, place)
		}
		if filepath.Clean(place) == "." { // "." and "a/..": the file would stand where the folder belongs
			return n, errors.Errorf("%s: %s: %q is the folder itself, want a file in it", path, f.Name, place)
		}
		if err := unpack(f, filepath.Join(dir, place)); err != nil {
			return n, errors.Wrapf(err, "%s: %s", path, f.Name)
		}
		n++
	}
	return n, nil
}

func unpack(f *zip.File, path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return err
	}
	in, err := f.Open()
	if err != nil {
		return err
	}
	defer in.Close()
	return output.Write(path, func(w io.Writer) error {
		n, err := io.Copy(w, io.LimitReader(in, maxFile+1))
		if err == nil && n > maxFile {
			err = errors.Errorf("more than %d bytes", maxFile)
		}
		return err
	})
}
