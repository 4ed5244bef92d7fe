package pipelines

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/gcs"   // gs://
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/local" // paths
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/s3"    // s3://
	"github.com/pkg/errors"
)

// IsLocal reports whether a path is one of this machine, not of an object store such as gs://.
func IsLocal(path string) bool { return !strings.Contains(path, "://") }

// Join returns the path of a file in a folder, which may be in an object store.
func Join(folder, name string) string {
	if IsLocal(folder) {
		return filepath.Join(folder, name)
	}
	return strings.TrimSuffix(folder, "/") + "/" + name
}

// base returns the last element of a path.
func base(path string) string {
	return path[strings.LastIndexAny(path, `/`+string(filepath.Separator))+1:]
}

// Glob returns the files that match a pattern, in the order of their names.
func Glob(ctx context.Context, pattern string) ([]string, error) {
	fs, err := filesystem.New(ctx, pattern)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer fs.Close()
	files, err := fs.List(ctx, pattern)
	return files, errors.Wrap(err, pattern)
}

// Write writes a file as a whole: a local one appears when it is complete.
func Write(ctx context.Context, path string, from io.Reader) (err error) {
	fs, err := filesystem.New(ctx, path)
	if err != nil {
		return errors.WithStack(err)
	}
	defer fs.Close()
	target := path
	if IsLocal(path) {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return errors.WithStack(err)
		}
		target = filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".partial")
		defer os.Remove(target)
	}
	w, err := fs.OpenWrite(ctx, target)
	if err != nil {
		return errors.Wrap(err, path)
	}
	if _, err := io.Copy(w, from); err != nil {
		w.Close()
		return errors.Wrap(err, path)
	}
	if err := w.Close(); err != nil {
		return errors.Wrap(err, path)
	}
	if target != path {
		return errors.WithStack(os.Rename(target, path))
	}
	return nil
}

// Copy copies a file, from or to an object store.
func Copy(ctx context.Context, from, to string) error {
	fs, err := filesystem.New(ctx, from)
	if err != nil {
		return errors.WithStack(err)
	}
	defer fs.Close()
	r, err := fs.OpenRead(ctx, from)
	if err != nil {
		return errors.Wrap(err, from)
	}
	defer r.Close()
	return Write(ctx, to, r)
}

// fetched are the files of object stores that this process has copied, by their paths.
var fetched struct {
	sync.Mutex
	files map[string]string
}

// fetch returns the path of a local copy of a file: the file itself, if it is local.
func fetch(ctx context.Context, path string) (string, error) {
	if IsLocal(path) {
		return path, nil
	}
	fetched.Lock()
	defer fetched.Unlock()
	if local, ok := fetched.files[path]; ok {
		return local, nil
	}
	dir, err := os.MkdirTemp("", "selfnorm-beam-")
	if err != nil {
		return "", errors.WithStack(err)
	}
	local := filepath.Join(dir, base(path))
	if err := Copy(ctx, path, local); err != nil {
		return "", err
	}
	if fetched.files == nil {
		fetched.files = map[string]string{}
	}
	fetched.files[path] = local
	return local, nil
}

// sumOf returns a short checksum of a text, for the name of a file.
func sumOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}
