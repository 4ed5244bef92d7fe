package output

import (
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
)

// Same reports whether two paths refer to the same file: the same name, a symbolic or hard link to it, or a name that differs only in
// letter case on a file system that ignores case, or a name of an open file such as /dev/stdout. Files that do not exist yet are the same
// if they have the same name in the same folder.
// Use it to refuse an output that would replace an input.
//
// An empty path means no file and is not the same as any path.
func Same(a, b string) (bool, error) {
	if a == "" || b == "" {
		return false, nil
	}
	x, err := follow(a)
	if err != nil {
		return false, errors.Wrapf(cause(err), "%s", a)
	}
	y, err := follow(b)
	if err != nil {
		return false, errors.Wrapf(cause(err), "%s", b)
	}
	i, errX := os.Stat(x.path)
	j, errY := os.Stat(y.path)
	switch {
	case errX == nil && errY == nil:
		return os.SameFile(i, j), nil
	case errX == nil || errY == nil:
		return false, nil
	}
	p, q := filepath.Clean(x.path), filepath.Clean(y.path)
	if filepath.Base(p) != filepath.Base(q) {
		return false, nil
	}
	return sameDir(filepath.Dir(p), filepath.Dir(q))
}

// sameDir compares folders, which may not exist yet either.
func sameDir(a, b string) (bool, error) {
	i, errA := os.Stat(a)
	j, errB := os.Stat(b)
	if errA == nil && errB == nil {
		return os.SameFile(i, j), nil
	}
	if !errors.Is(errA, fs.ErrNotExist) || !errors.Is(errB, fs.ErrNotExist) {
		return false, nil
	}
	x, err := filepath.Abs(a)
	if err != nil {
		return false, errors.WithStack(err)
	}
	y, err := filepath.Abs(b)
	return x == y, errors.WithStack(err)
}
