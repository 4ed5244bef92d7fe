package program

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
)

// Files are the files that a program reads and writes, by the flags that name them, such as "-out". An empty path is no file.
type Files struct {
	// Overwrite allows outputs that replace saved networks.
	Overwrite bool

	inputs, outputs []file
	reserved        []reserved
}

type file struct {
	name, path      string
	folder, network bool
}

// reserved are the names that a flag uses in a folder.
type reserved struct {
	name, folder string
	uses         func(path string) bool
}

// In adds an input. The path need not exist; "-" is the standard input.
func (f *Files) In(name, path string) {
	if path == "-" {
		path = "/dev/stdin"
	}
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

// Network adds an output for saved networks. Whether it may replace a file that exists is left to the caller; other outputs replace no saved
// networks.
func (f *Files) Network(name, path string) {
	if path != "" {
		f.outputs = append(f.outputs, file{name: name, path: path, network: true})
	}
}

// Reserve refuses outputs and inputs in a folder, or in a folder of it, whose path in that folder the flag name uses itself.
func (f *Files) Reserve(name, folder string, uses func(path string) bool) {
	if folder != "" {
		f.reserved = append(f.reserved, reserved{name, folder, uses})
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

// Try returns an error, before hours of work, if an output cannot be written, is the same file as an input or another output, or would
// replace saved networks. It changes nothing.
func (f *Files) Try() error {
	standard := standardFiles()
	for i, out := range f.outputs {
		if err := out.try(); err != nil {
			return errors.Wrap(err, out.name)
		}
		for _, s := range standard {
			if output.Direct(out.path) {
				break // /dev/stdout is meant
			}
			if err := out.differs(s, "it is also"); err != nil {
				return err
			}
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
		if err := out.keeps(f.Overwrite); err != nil {
			return err
		}
		for _, r := range f.reserved {
			if err := r.leaves(out); err != nil {
				return err
			}
		}
	}
	for _, in := range f.inputs {
		for _, r := range f.reserved {
			if err := r.leaves(in); err != nil {
				return err
			}
		}
	}
	return nil
}

// keeps returns an error for an output that would replace saved networks by something else.
func (f file) keeps(overwrite bool) error {
	if overwrite || f.network || f.folder {
		return nil
	}
	if info, err := os.Stat(f.path); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	if _, err := tensorfile.ReadHead(f.path); err == nil {
		return errors.Errorf("%s %s: it holds saved networks; name another file, or remove it", f.name, f.path)
	}
	return nil
}

// leaves returns an error for a file that has one of the reserved names.
func (r reserved) leaves(f file) error {
	if f.name == r.name {
		return nil
	}
	path := f.path
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	rest := ""
	for range 2 { // in the folder, or in a folder of it
		var base string
		path, base = filepath.Dir(path), filepath.Base(path)
		rest = filepath.ToSlash(filepath.Join(base, rest))
		same, err := output.Same(path, r.folder)
		if err != nil || same && r.uses(rest) {
			return errors.Errorf("%s %s: it is a file or folder that %s uses", f.name, f.path, r.name)
		}
	}
	return nil
}

// standardFiles are the files, if they are files, that the shell gave the program as its standard input and output.
func standardFiles() (files []file) {
	for _, s := range []struct {
		name, path string
		f          *os.File
	}{{"the standard input", "/dev/stdin", os.Stdin}, {"the standard output", "/dev/stdout", os.Stdout}} {
		if info, err := s.f.Stat(); err == nil && info.Mode().IsRegular() {
			files = append(files, file{name: s.name, path: s.path})
		}
	}
	return files
}

func (f file) differs(other file, what string) error {
	if f.name == other.name || isNull(f.path) { // the files of one flag have different names
		return nil
	}
	same, err := output.Same(f.path, other.path)
	if err == nil && same {
		err = errors.Errorf("%s %s", what, other.name)
	}
	return errors.Wrapf(err, "%s %s", f.name, f.path)
}

// isNull reports whether a path leads to the device that forgets everything.
func isNull(path string) bool {
	null, err := os.Stat(os.DevNull)
	if err != nil {
		return path == os.DevNull
	}
	info, err := os.Stat(path)
	return path == os.DevNull || err == nil && os.SameFile(info, null)
}

func (f file) try() error {
	if f.folder {
		return tryFolder(f.path)
	}
	return output.Try(f.path)
}

// tryFolder tries to write to a folder, or where it would have to be made.
func tryFolder(path string) error {
	missing := []string{".try"}
	for {
		info, err := os.Stat(path)
		switch {
		case err == nil && !info.IsDir():
			return errors.Errorf("%s is a file, want a folder", path)
		case err == nil:
			for _, name := range missing {
				if err := output.Try(filepath.Join(path, name)); err != nil {
					return err
				}
			}
			return nil
		case !errors.Is(err, fs.ErrNotExist) || filepath.Dir(path) == path:
			return errors.WithStack(err)
		}
		path, missing = filepath.Dir(path), append(missing, filepath.Base(path))
	}
}
