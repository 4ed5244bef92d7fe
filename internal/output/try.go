package output

import (
	"os"

	"github.com/pkg/errors"
)

// Try returns the error that Write would return for a path whose folder is missing or not writable, whose name is too long, that is a
// folder or a file without write permission, or on a full disk. It leaves nothing behind and does not touch the file. Call it before long
// work whose result goes to the path.
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
	// Only creating a file and writing to it show for certain that permissions, quota, space and file system allow it.
	tmp, err := createTemp(t)
	if err != nil {
		return errors.Wrapf(err, "write %s", path)
	}
	_, err = plain{tmp}.Write(make([]byte, tried))
	if cerr := tmp.Close(); err == nil {
		err = cause(cerr)
	}
	os.Remove(tmp.Name())
	return errors.Wrapf(err, "write %s", path)
}

// tried is the number of bytes that Try writes: a block, as smaller files may need none.
const tried = 1 << 14
