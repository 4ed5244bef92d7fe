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

// epochLog keeps a file with one line per epoch. At the start of a run, which may continue from an earlier epoch than the file, it brings
// the file in line with the history; then the file grows line by line.
type epochLog struct {
	open  bool // the file belongs to this run
	lines int  // epochs in the file
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
	l.open = false
	if s == nil || s.History == nil {
		return errors.New("there is no run; give the log to train.Fit")
	}
	if path == "" {
		return errors.New("no file; set Path")
	}
	old, err := oldLines(path, f)
	if err != nil {
		return err
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
	err = output.Write(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	l.open, l.lines = true, len(s.History.Epochs)
	return nil
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
		err := appendLine(path, f.line(s, l.lines, nil))
		if errors.Is(err, fs.ErrNotExist) { // it has been moved away
			return l.begin(path, f, s)
		}
		if err != nil {
			return err
		}
	}
	return nil
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
