package output

import (
	"io"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// Direct reports whether Write would write to a path directly, as it leads to a device, a pipe, or an open file such as /dev/stdout.
func Direct(path string) bool {
	t, err := follow(path)
	return err == nil && t.direct
}

// Stream opens a path that is written directly, as by Write, for output that goes on for long: a device, a pipe, or a standard stream. ok is
// false, without an error, for a file or the name of a new one. Errors, those of Write included, name the path.
func Stream(path string) (w io.WriteCloser, ok bool, err error) {
	t, err := resolve(path)
	if err != nil || !t.direct {
		return nil, false, err
	}
	if f, ok := standardStream(t.path); ok {
		return stream{path, f, false}, true, nil
	}
	f, err := pipe.OpenFile(t.path, os.O_WRONLY|os.O_APPEND)
	if err != nil {
		return nil, true, errors.Wrapf(cause(err), "write %s", path)
	}
	return stream{path, f, true}, true, nil
}

type stream struct {
	path  string
	f     *os.File
	close bool // standard streams stay open
}

func (s stream) Write(b []byte) (int, error) {
	n, err := plain{s.f}.Write(b)
	return n, errors.Wrapf(err, "write %s", s.path)
}

func (s stream) Close() error {
	if !s.close {
		return nil
	}
	return errors.Wrapf(cause(s.f.Close()), "write %s", s.path)
}
