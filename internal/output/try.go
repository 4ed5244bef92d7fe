package output

import (
	"os"

	"github.com/pkg/errors"
)

// Try returns the error that Write would return for a path whose folder is missing or not writable, whose name is too long, or that is a
// folder or a file without write permission. It leaves nothing behind and does not touch the file. Call it before long work whose result
// goes to the path.
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
	// Only creating a file shows for certain that permissions, quota and file system allow it.
	tmp, err := createTemp(t)
	if err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	err = tmp.Close()
	os.Remove(tmp.Name())
	return errors.Wrapf(cause(err), "write %s", path)
}
