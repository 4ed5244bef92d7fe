package program

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Files are the files that a program reads and writes, by the flags that name them, such as "-out". An empty path is no file.
type Files struct {
	inputs, outputs []file
}

type file struct {
	name, path string
	folder     bool
}

// In adds an input. The path need not exist.
func (f *Files) In(name, path string) {
	if _, err := os.Stat(path); err == nil {
		f.inputs = append(f.inputs, file{name: name, path: path})
	}
}

// Out adds an output file.
func (f *Files) Out(name, path string) {
	if path != "" {
		f.outputs = append(f.outputs, file{name: name, path: path})
	}
}

// OutFolder adds a folder for output files with these names. The program creates it if it does not exist.
func (f *Files) OutFolder(name, path string, files ...string) {
	if path == "" {
		return
	}
	f.outputs = append(f.outputs, file{name: name, path: path, folder: true})
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return
	}
	for _, file := range files {
		f.Out(name, filepath.Join(path, file))
	}
}

// Try returns an error, before hours of work, if an output cannot be written or is the same file as an input or another output. It
// changes nothing.
func (f *Files) Try() error {
	for i, out := range f.outputs {
		if err := out.try(); err != nil {
			return errors.Wrap(err, out.name)
		}
		for _, in := range f.inputs {
			if err := out.differs(in, "it would replace the input"); err != nil {
				return err
			}
		}
		for _, other := range f.outputs[:i] {
			if err := out.differs(other, "it is also the output"); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f file) differs(other file, what string) error {
	if f.path == os.DevNull || f.name == other.name { // the files of one flag have different names
		return nil
	}
	same, err := output.Same(f.path, other.path)
	if err == nil && same {
		err = errors.Errorf("%s %s", what, other.name)
	}
	return errors.Wrapf(err, "%s %s", f.name, f.path)
}

func (f file) try() error {
	if f.folder {
		return tryFolder(f.path)
	}
	return output.Try(f.path)
}

// tryFolder tries to write to a folder, or where it would have to be made.
func tryFolder(path string) error {
	next := ".try"
	for {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir():
			return errors.Errorf("%s is a file, want a folder", path)
		case err == nil:
			return output.Try(filepath.Join(path, next))
		case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path:
			return errors.WithStack(err)
		}
		path, next = filepath.Dir(path), filepath.Base(path)
	}
}
