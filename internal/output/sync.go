package output

import (
	stderrors "errors"
	"io/fs"
	"os"
	"runtime"
	"syscall"

	"github.com/pkg/errors"
)

// SyncDir makes new and changed names in a folder survive a power failure. Where folders cannot be synced or may not be
// read, it does nothing.
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
	err = f.Sync()
	if errors.Is(err, stderrors.ErrUnsupported) || errors.Is(err, syscall.EINVAL) {
		return nil // so say file systems without this operation
	}
	return err
}
