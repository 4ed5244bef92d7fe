// Package fetch downloads files into a folder. It verifies checksums, resumes interrupted downloads, and gives a file its name only when it
// is complete.
package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// File is a file to download.
type File struct {
	Name   string // name in the folder
	URL    string // http or https
	SHA256 string // checksum in hex; empty if it is unknown, so that it is not compared
	// MaxBytes is the largest accepted size. 0 means 1 GiB.
	MaxBytes int64
}

// Client downloads. The zero value works.
type Client struct {
	// HTTP sends the requests. Nil means a client that waits 30 s for the start of a response.
	HTTP *http.Client
	// Stall is how long a transfer may pause before it is aborted. 0 means one minute.
	Stall time.Duration
	// Progress, if not nil, is called with the number of bytes received so far; total is -1 if the server does not report it.
	Progress func(name string, done, total int64)
}

// errRestart means that the partial download cannot be resumed.
var errRestart = errors.New("fetch: cannot resume")

// Get makes sure that dir has the file and returns its path. A file that exists with the right checksum (or, if none is known, any existing
// file) is not downloaded again. An incomplete file has the extension .part; the next call resumes it if the file on the server has not
// changed.
//
// The error names the address and the status, or the two differing checksums (then the download is deleted), or is that of ctx.
func (c *Client) Get(ctx context.Context, dir string, f File) (path string, err error) {
	if c == nil {
		c = new(Client)
	}
	if ctx == nil {
		ctx = context.Background()
	}
	if f.Name == "" || f.Name != filepath.Base(f.Name) {
		return "", errors.Errorf("fetch: %q is not a file name", f.Name)
	}
	path = filepath.Join(dir, f.Name)
	if intact(path, f.SHA256) {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return "", errors.Wrap(err, "fetch")
	}
	p := part{path: path + ".part"}
	if f.SHA256 == "" || !intact(p.path, f.SHA256) { // it is intact if the last run ended before the renaming
		if err := c.fill(ctx, p, f); err != nil {
			return "", err
		}
	}
	if err := os.Rename(p.path, path); err != nil {
		return "", errors.Wrap(err, "fetch")
	}
	p.remove()
	return path, errors.Wrap(output.SyncDir(dir), "fetch")
}

// fill completes the part file: it resumes the existing part, and starts over once if that fails.
func (c *Client) fill(ctx context.Context, p part, f File) error {
	resumed, err := c.transfer(ctx, p, f)
	if err == nil {
		err = verify(p.path, f)
	}
	if err != nil && resumed && (errors.Is(err, errRestart) || errors.Is(err, errChecksum)) {
		p.remove()
		if _, err = c.transfer(ctx, p, f); err == nil {
			err = verify(p.path, f)
		}
	}
	if errors.Is(err, errChecksum) {
		p.remove()
	}
	return err
}

var errChecksum = errors.New("wrong checksum")

// verify compares a complete part file with the known checksum.
func verify(path string, f File) error {
	if f.SHA256 == "" {
		return nil
	}
	got, err := sum(path)
	if err != nil {
		return errors.Wrap(err, "fetch")
	}
	if !strings.EqualFold(got, f.SHA256) {
		return errors.Wrapf(errChecksum, "fetch: %s: sha256 is %s, want %s", f.URL, got, f.SHA256)
	}
	return nil
}

// intact reports whether a file exists and, if a checksum is known, matches it.
func intact(path, want string) bool {
	if want == "" {
		info, err := os.Stat(path)
		return err == nil && info.Mode().IsRegular()
	}
	got, err := sum(path)
	return err == nil && strings.EqualFold(got, want)
}

func sum(path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	h := sha256.New()
	if _, err := io.Copy(h, file); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
