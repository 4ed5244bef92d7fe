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

// New returns a log by the ending of its file, for flags: a CSVLog for .csv and a JSONLog for .jsonl. Another ending is an error.
func New(path string) (callback.Callback, error) {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".csv":
		return &CSVLog{Path: path}, nil
	case ".jsonl":
		return &JSONLog{Path: path}, nil
	}
	return nil, errors.Errorf("logs: no log %q; the name of its file ends in .csv or .jsonl", path)
}

// epochLog keeps a file with one line per epoch. The history is what counts: the file is brought in line with it at the start
// of a run, which a resume may have taken back to an earlier epoch, and then grows line by line.
type epochLog struct {
	open  bool // the file belongs to this run
	lines int  // epochs in the file
}

// logFormat is what tells the kinds of logs apart.
type logFormat interface {
	// is says that a file is a log of this kind, or the beginning of one.
	is(file []byte) bool
	// header is what stands before the lines. It is empty, or one line.
	header(s *callback.State) []byte
	// line is the line of epoch k, counted from 0. old is what the file has for it: nil, or a line.
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
	if !l.open {
		return l.begin(path, f, s)
	}
	for ; l.lines < len(s.History.Epochs); l.lines++ {
		err := appendLine(path, f.line(s, l.lines, nil))
		if errors.Is(err, fs.ErrNotExist) { // somebody has moved it away
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
			f.Truncate(info.Size()) // a disk that is full has taken a part of it
		}
	}
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return errors.WithStack(err)
}

// isBeginning says that a text begins with what every log begins with, as far as it goes.
func isBeginning(text, with []byte) bool {
	return bytes.HasPrefix(text, with) || bytes.HasPrefix(with, text)
}
