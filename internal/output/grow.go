package output

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
)

// PartialSuffix is the suffix that [Grow] appends to the name of a file.
const PartialSuffix = ".partial"

// Growing is a file that grows under another name until it is whole. It belongs to one process at a time.
type Growing struct {
	to      target
	path    string // as given
	f       *os.File
	release func() error
}

// Grow opens the growing file of a path, PATH.partial: a new one, or the one that a process left that has ended. Until it is closed, published
// or removed, another call of Grow for it returns an error with cause [ErrLocked]. If the path is a symbolic link, the file grows beside the one
// that the link leads to. A path that is written directly, such as a pipe, is an error. Errors name the path.
func Grow(path string) (*Growing, error) {
	t, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if t.direct {
		return nil, errors.Errorf("write %s: not a regular file", path)
	}
	g := &Growing{to: t, path: path}
	perm := fs.FileMode(0o666)
	if t.info != nil {
		if err := checkWritable(t.path); err != nil {
			return nil, errors.Wrapf(err, "write %s", path)
		}
		perm = t.info.Mode().Perm()
	}
	if g.release, err = Lock(g.Name()); err != nil {
		return nil, err
	}
	if info, err := os.Lstat(g.Name()); err == nil && !info.Mode().IsRegular() {
		g.release()
		return nil, errors.Errorf("write %s: %s is not a regular file", path, g.Name())
	}
	if g.f, err = os.OpenFile(g.Name(), os.O_RDWR|os.O_CREATE, perm); err != nil {
		g.release()
		return nil, errors.Wrapf(cause(err), "write %s: %s", path, g.Name())
	}
	return g, nil
}

// PartialName returns the name that the growing file of a path has.
func PartialName(path string) (string, error) {
	t, err := resolve(path)
	return t.path + PartialSuffix, err
}

// Name is the name that the file has while it grows.
func (g *Growing) Name() string { return g.to.path + PartialSuffix }

// Size returns the size of the file in bytes.
func (g *Growing) Size() (int64, error) {
	info, err := g.f.Stat()
	if err != nil {
		return 0, g.wrap(err)
	}
	return info.Size(), nil
}

// Cut cuts the file to a size that it has or exceeds; what is written next follows.
func (g *Growing) Cut(size int64) error {
	have, err := g.Size()
	if err != nil {
		return err
	}
	if size < 0 || size > have {
		return errors.Errorf("write %s: %s has %d bytes, want at least %d", g.path, g.Name(), have, size)
	}
	if err := g.f.Truncate(size); err != nil {
		return g.wrap(err)
	}
	_, err = g.f.Seek(size, 0)
	return g.wrap(err)
}

// Write appends to the file.
func (g *Growing) Write(b []byte) (int, error) {
	n, err := system.write(g.f, b)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return n, g.wrap(err)
}

// Sync makes what was written survive a power failure. It returns an error if the file no longer has its name.
func (g *Growing) Sync() error {
	if err := Kept(g.f); err != nil {
		return g.wrap(err)
	}
	return g.wrap(system.sync(g.f))
}

// Publish gives the file its name, in place of the one that has it. It keeps the permissions of that one.
func (g *Growing) Publish() (err error) {
	defer func() {
		if rerr := g.Close(); err == nil {
			err = rerr
		}
	}()
	if err := g.Sync(); err != nil {
		return err
	}
	if err := g.f.Close(); err != nil { // Windows renames closed files only
		return g.wrap(err)
	}
	if err := system.rename(g.Name(), g.to.path); err != nil {
		return g.wrap(err)
	}
	return g.wrap(SyncDir(filepath.Dir(g.to.path)))
}

// Close leaves the file as it is, for a later call of Grow.
func (g *Growing) Close() error {
	if g.release == nil {
		return nil
	}
	err := g.f.Close()
	if errors.Is(err, os.ErrClosed) {
		err = nil
	}
	rerr := g.release()
	g.release = nil
	if err == nil {
		err = rerr
	}
	return g.wrap(err)
}

// Remove removes the file.
func (g *Growing) Remove() error {
	g.f.Close() // it goes anyway
	err := os.Remove(g.Name())
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if cerr := g.Close(); err == nil {
		err = cerr
	}
	return g.wrap(err)
}

func (g *Growing) wrap(err error) error {
	if err == nil {
		return nil
	}
	return errors.Wrapf(cause(err), "write %s: %s", g.path, filepath.Base(g.Name()))
}
