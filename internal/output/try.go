package output

import (
	"os"

	"github.com/pkg/errors"
)

// Try returns the error that Write would return for a path whose folder is missing or not writable, whose name is too long, that
// is a folder, or that is a file without write permission. Nothing is left behind and the file is not touched. Call it
// before long work whose result goes to the path.
func Try(path string) error {
	t, err := resolve(path)
	if err != nil {
		return err
	}
	if t.direct {
		if _, ok := standardStream(t.path); ok {
			return nil
		}
		return errors.Wrapf(access(t.path), "write %s", path)
	}
	// Only the creation of a file shows for certain that the permissions, the quota and the file system allow it.
	tmp, err := createTemp(t)
	if err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	err = tmp.Close()
	os.Remove(tmp.Name())
	return errors.Wrapf(cause(err), "write %s", path)
}
