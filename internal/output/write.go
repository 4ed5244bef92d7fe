package output

import (
	"bufio"
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// system are the calls that write, so that tests can make them fail.
var system = struct {
	write  func(f *os.File, b []byte) (int, error)
	sync   func(f *os.File) error
	rename func(from, to string) error
}{(*os.File).Write, (*os.File).Sync, os.Rename}

// Write creates or replaces the file at path. The function write supplies the content, which goes to a temporary file in the same folder.
// Once write has succeeded, that file is synced and renamed, so on an error the file stays unchanged.
//
// A new file has the permissions 0666 less the umask. An existing file keeps its permissions; if it is not writable, Write returns an
// error. If path is a symbolic link, the file it points to is replaced. Devices, pipes and the standard streams (/dev/stdout) are written
// directly. A pipe that nobody opens for reading within [pipe.Patience] is an error. Errors name the path.
//
// Write removes the temporary files that killed processes left behind for the same path.
func Write(path string, write func(w io.Writer) error) error {
	t, err := resolve(path)
	if err != nil {
		return err
	}
	if t.direct {
		err = writeDirect(t.path, write)
	} else {
		err = replace(t, write)
	}
	return errors.Wrapf(err, "write %s", path)
}

// writeDirect writes to a target that cannot be replaced.
func writeDirect(path string, write func(w io.Writer) error) (err error) {
	f, ok := standardStream(path)
	if !ok {
		if f, err = pipe.OpenFile(path, os.O_WRONLY|os.O_APPEND); err != nil {
			return cause(err)
		}
		defer func() {
			if cerr := f.Close(); err == nil {
				err = cause(cerr)
			}
		}()
	}
	return buffered(f, write)
}

func replace(t target, write func(w io.Writer) error) error {
	dir, base := filepath.Dir(t.path), tempBase(filepath.Base(t.path))
	if err := removeLeftovers(dir, func(b string) bool { return b == base }); err != nil {
		return cause(err)
	}
	tmp, err := createTemp(t)
	if err != nil {
		return err
	}
	published := false
	defer func() { // also after a panic
		if !published {
			tmp.Close()
			os.Remove(tmp.Name())
		}
	}()
	if err := buffered(tmp, write); err != nil {
		return err
	}
	if err := system.sync(tmp); err != nil {
		return cause(err)
	}
	if err := publish(tmp, t.path); err != nil {
		return cause(err)
	}
	published = true
	return cause(SyncDir(dir))
}

func buffered(f *os.File, write func(w io.Writer) error) error {
	w := bufio.NewWriterSize(plain{f}, 1<<16)
	if err := write(w); err != nil {
		return err
	}
	return w.Flush()
}

// plain is a file whose errors do not name it: users do not know the name of the temporary file.
type plain struct{ f *os.File }

func (p plain) Write(b []byte) (int, error) {
	n, err := system.write(p.f, b)
	return n, cause(err)
}

// cause is an error of package os without the name of the file.
func cause(err error) error {
	switch e := err.(type) {
	case *os.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	case *os.SyscallError:
		return e.Err
	}
	return err
}
