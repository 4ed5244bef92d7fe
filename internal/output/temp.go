package output

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
)

// A temporary file is called .BASE.PID-RANDOM.tmp, where BASE is the name of the target.
const (
	tempSuffix = ".tmp"
	maxBase    = 180 // file systems allow 255 bytes for a name, some 143 once encrypted; longer bases are hashed
)

func tempBase(base string) string {
	if len(base) <= maxBase {
		return base
	}
	sum := sha256.Sum256([]byte(base))
	return strings.ToValidUTF8(base[:40], "") + "-" + hex.EncodeToString(sum[:16])
}

// createTemp creates the temporary file of a target with the target's future permissions, and marks it as used by this process.
func createTemp(t target) (*os.File, error) {
	perm := fs.FileMode(0o666)
	if t.info != nil {
		perm = 0o600 // until Chmod below, so that nobody can read what the existing file's permissions hide
		if err := checkWritable(t.path); err != nil {
			return nil, err
		}
	}
	dir, base := filepath.Split(t.path)
	for {
		name := fmt.Sprintf("%s.%s.%d-%s%s", dir, tempBase(base), os.Getpid(), strings.ToLower(rand.Text()[:13]), tempSuffix)
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return nil, errors.Wrapf(cause(err), "folder %s", dirOf(dir))
		}
		ours, err := claim(f)
		if err == nil && ours && t.info != nil {
			err = f.Chmod(t.info.Mode().Perm())
		}
		if err == nil && ours {
			return f, nil
		}
		f.Close()
		if err != nil {
			os.Remove(name)
			return nil, cause(err)
		}
		// Another process mistook the file for a leftover before it was claimed.
	}
}

// checkWritable returns an error for a file that the user has protected from writing. Renaming would replace it anyway.
func checkWritable(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return cause(err)
	}
	return cause(f.Close())
}

// Clean removes the temporary files that killed processes left in a folder, for targets whose names match accepts. It keeps the files of
// live processes.
func Clean(dir string, match func(base string) bool) error {
	return errors.Wrapf(cause(removeLeftovers(dir, match)), "clean %s", dir)
}

func removeLeftovers(dir string, match func(base string) bool) error {
	f, err := os.Open(dirOf(dir))
	if errors.Is(err, fs.ErrPermission) {
		return nil // a folder may be writable but not readable
	}
	if err != nil {
		return err
	}
	defer f.Close()
	names, err := f.Readdirnames(-1)
	if err != nil {
		return err
	}
	for _, name := range names {
		if base, pid, ok := parseTemp(name); ok && match(base) {
			removeIfDead(filepath.Join(dir, name), pid)
		}
	}
	return nil
}

// parseTemp splits the name of a temporary file.
func parseTemp(name string) (base string, pid int, ok bool) {
	name, dot := strings.CutPrefix(name, ".")
	name, tmp := strings.CutSuffix(name, tempSuffix)
	i := strings.LastIndexByte(name, '.')
	if !dot || !tmp || i < 0 {
		return "", 0, false
	}
	var random string
	n, err := fmt.Sscanf(name[i+1:], "%d-%13s", &pid, &random)
	return name[:i], pid, err == nil && n == 2 && len(random) == 13 && pid > 0
}

func dirOf(dir string) string {
	if dir == "" {
		return "."
	}
	return dir
}
