package output

import (
	"os"

	"github.com/pkg/errors"
)

// Kept returns an error if an open file no longer has its path, because it was removed, moved or replaced: what is written to it then is
// lost. Call it after writing to a file that stays open for long. The error does not name the file.
func Kept(f *os.File) error {
	opened, err := f.Stat()
	if err != nil {
		return cause(err)
	}
	named, err := os.Stat(f.Name())
	if err != nil {
		return errors.Wrap(cause(err), "it has been removed")
	}
	if !os.SameFile(opened, named) {
		return errors.New("it has been replaced by another file")
	}
	return nil
}
