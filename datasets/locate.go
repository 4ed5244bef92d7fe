package datasets

import (
	"os"
	"path/filepath"

	"github.com/pkg/errors"
)

// The environment variables that name the folders to look in.
const (
	DataVar  = "SELFNORM_DATA"  // folder with one sub-folder per set
	CacheVar = "SELFNORM_CACHE" // folder for downloads, instead of the user's cache
)

// ErrNoFiles means that no folder has the files of a set.
var ErrNoFiles = errors.New("no files found")

// Locate returns the first folder that has the files of the named set, in the order described in the package comment: only o.Dir if it is
// set, otherwise the folder under $SELFNORM_DATA, then the one in the cache. has returns nil for a folder that has the files, and otherwise
// an error that names the missing files. If o.Dir is not set and no folder has the files, the error is of kind [ErrNoFiles] (errors.Is); it
// names the folders tried and what each lacks.
func Locate(name string, o Options, has func(dir string) error) (dir string, err error) {
	if has == nil {
		return "", errors.Errorf("datasets: %s: the function that looks for files is nil", name)
	}
	if o.Dir != "" {
		return o.Dir, errors.Wrapf(has(o.Dir), "datasets: %s in %s", name, o.Dir)
	}
	var tried string
	if root := os.Getenv(DataVar); root != "" {
		dir := filepath.Join(root, name)
		if err = has(dir); err == nil {
			return dir, nil
		}
		tried = dir + ": " + err.Error() + "; "
	}
	if dir, err = CacheDir(name); err == nil {
		if err = has(dir); err == nil {
			return dir, nil
		}
		tried += dir + ": "
	}
	return "", errors.Wrapf(ErrNoFiles, "datasets: %s: %s%v", name, tried, err)
}

// CacheDir returns the cache folder for downloaded files of the named set, which need not exist. It returns an error if the name is empty or
// leads out of the cache, and if $SELFNORM_CACHE is not set and the system has no cache folder.
func CacheDir(name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", errors.Errorf("datasets: set %q cannot have a folder in the cache", name)
	}
	if root := os.Getenv(CacheVar); root != "" {
		return filepath.Join(root, name), nil
	}
	root, err := os.UserCacheDir()
	if err != nil {
		return "", errors.Wrapf(err, "datasets: no cache folder; set %s", CacheVar)
	}
	return filepath.Join(root, "selfnorm", name), nil
}
