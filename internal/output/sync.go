package output

import (
	stderrors "errors"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/pkg/errors"
)

// SyncDir makes new and changed names in a folder survive a power failure. It does nothing if the folder cannot be synced or read.
func SyncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil // Windows cannot open a folder for this
	}
	f, err := os.Open(dirOf(dir))
	if errors.Is(err, fs.ErrPermission) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	err = system.sync(f)
	if errors.Is(err, stderrors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil // the error of file systems without this operation
	}
	return err
}
