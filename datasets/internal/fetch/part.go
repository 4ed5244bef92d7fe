package fetch

import (
	"net/http"
	"os"
	"strings"
)

// part is an incomplete file: the bytes so far and, in a second file, the server's validator for their version.
type part struct{ path string }

func (p part) markPath() string { return p.path + ".version" }

// size returns how many bytes are there, and the mark of the version they belong to.
func (p part) size() (n int64, mark string) {
	info, err := os.Stat(p.path)
	if err != nil {
		return 0, ""
	}
	text, err := os.ReadFile(p.markPath())
	if err != nil {
		return info.Size(), ""
	}
	return info.Size(), string(text)
}

// open opens the bytes for writing at the end, or from the start, and notes the version.
func (p part) open(resume bool, mark string) (*os.File, error) {
	flag := os.O_WRONLY | os.O_CREATE | os.O_APPEND
	if !resume {
		flag |= os.O_TRUNC
		// The mark goes first and comes back last: bytes must never be taken for those of another version.
		if err := os.Remove(p.markPath()); err != nil && !os.IsNotExist(err) {
			return nil, err
		}
	}
	file, err := os.OpenFile(p.path, flag, 0o666)
	if err != nil {
		return nil, err
	}
	if !resume && mark != "" {
		if err := os.WriteFile(p.markPath(), []byte(mark), 0o666); err != nil {
			file.Close()
			return nil, err
		}
	}
	return file, nil
}

// remove deletes the bytes so far.
func (p part) remove() {
	os.Remove(p.path)
	os.Remove(p.markPath())
}

// versionMark returns what If-Range may carry (RFC 9110, 13.1.5): a strong entity tag, else the date of the last
// change, else nothing.
func versionMark(h http.Header) string {
	if tag := h.Get("ETag"); tag != "" && !strings.HasPrefix(tag, "W/") {
		return tag
	}
	return h.Get("Last-Modified")
}
