package logs

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/train/callback"
)

// New returns a log by the extension of its file, for flags: a CSVLog for .csv and a JSONLog for .jsonl. Any other extension is an error.
func New(path string) (callback.Callback, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return &CSVLog{Path: path}, nil
	case ".jsonl":
		return &JSONLog{Path: path}, nil
	}
	return nil, errors.Errorf("logs: no log %q; the name of its file ends in .csv or .jsonl", path)
}

// Try returns the error that a log of New would return at the start of a run for a path without a valid extension, or for a file that
// exists and is no such log. It changes nothing.
func Try(path string) error {
	log, err := New(path)
	if err != nil || output.Direct(path) {
		return err
	}
	if j, ok := log.(*JSONLog); ok {
		_, err = oldLines(path, (*jsonFormat)(j))
	} else {
		_, err = oldLines(path, csvFormat{})
	}
	return errors.Wrap(err, "logs")
}

// epochLog keeps a file with one line per epoch. At the start of a run, which may continue from an earlier epoch than the file, it brings
// the file in line with the history; then the file grows line by line.
type epochLog struct {
	open   bool // the file belongs to this run
	lines  int  // epochs in the file
	unlock func() error
	direct io.WriteCloser // nil for a file
}

// logFormat is the format of a kind of log.
type logFormat interface {
	// is reports whether a file is a log of this kind, or the beginning of one.
	is(file []byte) bool
	// header is the text before the lines: empty, or one line.
	header(s *callback.State) []byte
	// line is the line of epoch k, counted from 0. old is the line that the file has for it, or nil.
	line(s *callback.State, k int, old []byte) []byte
}

// begin brings the file in line with the history.
func (l *epochLog) begin(path string, f logFormat, s *callback.State) error {
	l.close()
	if s == nil || s.History == nil {
		return errors.New("there is no run; give the log to train.Fit")
	}
	if path == "" {
		return errors.New("no file; set Path")
	}
	if err := l.take(path); err != nil {
		return err
	}
	if err := l.align(path, f, s); err != nil {
		l.close()
		return err
	}
	l.open, l.lines = true, len(s.History.Epochs)
	return nil
}

// take locks the file, or opens the device or the pipe.
func (l *epochLog) take(path string) error {
	w, ok, err := output.Stream(path)
	if err != nil {
		return err
	}
	if ok {
		l.direct = w
		return nil
	}
	l.unlock, err = output.Lock(path)
	if errors.Is(err, output.ErrLocked) {
		return errors.Wrap(err, "another run writes this log")
	}
	return err
}

// close gives back what take has taken.
func (l *epochLog) close() (err error) {
	if l.direct != nil {
		err = l.direct.Close()
	}
	if l.unlock != nil {
		err = l.unlock()
	}
	*l = epochLog{}
	return err
}

// align writes the lines of the epochs that have ended, those of the file where they agree.
func (l *epochLog) align(path string, f logFormat, s *callback.State) error {
	var old [][]byte
	if l.direct == nil {
		var err error
		if old, err = oldLines(path, f); err != nil {
			return err
		}
	}
	text := f.header(s)
	if len(text) > 0 && len(old) > 0 {
		old = old[1:]
	}
	for k := range s.History.Epochs {
		var line []byte
		if k < len(old) {
			line = old[k]
		}
		text = append(text, f.line(s, k, line)...)
	}
	if l.direct != nil {
		_, err := l.direct.Write(text)
		return err
	}
	return output.Write(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// oldLines returns the complete lines of a file, if there is one. It refuses to overwrite a file of another format.
func oldLines(path string, f logFormat) ([][]byte, error) {
	info, err := os.Stat(path)
	if os.IsNotExist(err) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if !info.Mode().IsRegular() {
		return nil, errors.Errorf("%s is not an ordinary file", path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	if !f.is(text) {
		return nil, errors.Errorf("%s is not a log of a training; it is left as it is", path)
	}
	lines := bytes.SplitAfter(text, []byte("\n"))
	return lines[:len(lines)-1], nil // the last one is empty, or half a line
}

// add writes the lines of the epochs that have ended since the last call.
func (l *epochLog) add(path string, f logFormat, s *callback.State) error {
	if !l.open || s == nil || s.History == nil {
		return l.begin(path, f, s)
	}
	for ; l.lines < len(s.History.Epochs); l.lines++ {
		line := f.line(s, l.lines, nil)
		if l.direct != nil {
			if _, err := l.direct.Write(line); err != nil {
				return err
			}
			continue
		}
		err := appendLine(path, line)
		if errors.Is(err, fs.ErrNotExist) { // it has been moved away
			return l.begin(path, f, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// end adds the lines that are missing and closes the file.
func (l *epochLog) end(path string, f logFormat, s *callback.State) error {
	err := l.add(path, f, s)
	if cerr := l.close(); err == nil {
		err = cerr
	}
	return err
}

// appendLine adds a line to a file, or nothing.
func appendLine(path string, line []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return errors.WithStack(err)
	}
	info, err := f.Stat()
	if err == nil {
		if _, err = f.Write(line); err != nil {
			f.Truncate(info.Size()) // a full disk may have taken a part of the line
		}
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return errors.WithStack(err)
}

// isBeginning reports whether a text begins as every log does, as far as it goes.
func isBeginning(text, with []byte) bool {
	return bytes.HasPrefix(text, with) || bytes.HasPrefix(with, text)
}
