package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/pkg/errors"
)

// target is the file that a path refers to.
type target struct {
	path string
	// info is nil if there is no file yet.
	info fs.FileInfo
	// direct means that the target cannot be replaced: a device, a pipe, or an open file of this process.
	direct bool
}

// resolve follows the symbolic links at the end of a path. It returns an error for a path that cannot be an output: a folder, a
// path in a folder that does not exist, a name that is too long. Errors name the path.
func resolve(path string) (target, error) {
	t, err := follow(path)
	if err != nil {
		return target{}, errors.Wrapf(cause(err), "write %s", path)
	}
	if t.direct {
		return t, nil
	}
	if os.IsPathSeparator(path[len(path)-1]) {
		return target{}, errors.Errorf("write %s: the name is that of a folder", path)
	}
	if t.info != nil && t.info.IsDir() {
		return target{}, errors.Errorf("write %s: it is a folder", path)
	}
	dir, err := os.Stat(filepath.Dir(t.path))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return target{}, errors.Wrapf(cause(err), "write %s: folder %s", path, filepath.Dir(t.path))
	case err != nil:
		return target{}, errors.Wrapf(cause(err), "write %s", path)
	case !dir.IsDir():
		return target{}, errors.Wrapf(syscall.ENOTDIR, "write %s: %s", path, filepath.Dir(t.path))
	}
	return t, nil
}

// maxLinks is the number of symbolic links that follow follows, the same as on Linux.
const maxLinks = 40

func follow(path string) (target, error) {
	if path == "" {
		return target{}, errors.New("the name of the file is empty")
	}
	if strings.ContainsRune(path, 0) {
		return target{}, errors.New("the name of the file has a zero byte")
	}
	for range maxLinks {
		if _, ok := standardStream(path); ok || isDescriptor(path) {
			return target{path: path, direct: true}, nil
		}
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) {
			return target{path: physical(path)}, nil
		}
		if err != nil {
			return target{}, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			return target{path: physical(path), info: info, direct: !info.Mode().IsRegular() && !info.IsDir()}, nil
		}
		next, err := os.Readlink(path)
		if err != nil {
			return target{}, err
		}
		if !filepath.IsAbs(next) {
			dir, _ := filepath.Split(path)
			next = dir + next // uncleaned, see physical
		}
		path = next
	}
	return target{}, errors.New("too many symbolic links")
}

// physical is a path without "..", as package filepath takes "link/.." for nothing, although the link may lead elsewhere.
func physical(path string) string {
	dir, base := filepath.Split(path)
	if !slices.Contains(strings.FieldsFunc(dir, func(r rune) bool { return r < 0x80 && os.IsPathSeparator(uint8(r)) }), "..") {
		return path
	}
	dir, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return path
	}
	return filepath.Join(dir, base)
}

// standardStream returns the open file behind a name such as /dev/stdout. Opening it anew would start at its beginning where it
// is redirected to a file.
func standardStream(path string) (*os.File, bool) {
	switch path {
	case "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1":
		return os.Stdout, true
	case "/dev/stderr", "/dev/fd/2", "/proc/self/fd/2":
		return os.Stderr, true
	}
	return nil, false
}

// isDescriptor reports whether a path names an open file of a process.
func isDescriptor(path string) bool {
	return strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/") && strings.Contains(path, "/fd/")
}
