package stream

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// PartWriter writes a whole file of answers.
type PartWriter interface {
	Write(rows [][]Value) error
	Close() error
}

// Format is a kind of file that cannot grow, as it is written at once.
type Format struct {
	// Suffix is the end of the names of files, such as ".parquet".
	Suffix string
	// New begins a file. The same rows must give the same bytes.
	New func(w io.Writer, columns []Column) (PartWriter, error)
	// Rows is the number of rows from which on a part is ended. It has at most a block more.
	Rows int
}

// Parts are answers in numbered files part-00001, part-00002 and so on in a folder, each whole. The folder grows as NAME.partial, and a later process
// continues behind the last part that is recorded. Use it from one goroutine.
type Parts struct {
	format  Format
	columns []Column
	path    string // of the folder
	record  record
	replace bool // a folder that exists
	release func() error

	part  PartWriter // the one that grows in memory, or nil
	text  *bytes.Buffer
	rows  int
	state State // with the part that grows
}

// CreateParts opens a folder of answers; see [Create]. replace begins anew in any case, and lets the folder take the place of one that holds nothing but such
// parts.
func CreateParts(folder string, format Format, columns []Column, facts []Fact, replace bool) (*Parts, State, error) {
	if folder == "" || format.New == nil || format.Rows < 1 || format.Suffix == "" {
		return nil, State{}, errors.New("stream: parts need a folder, and a format with New, Suffix and Rows")
	}
	p := &Parts{format: format, columns: columns, path: filepath.Clean(folder), replace: replace}
	if err := p.replaces(); err != nil {
		return nil, State{}, err
	}
	var err error
	if p.release, err = output.Lock(p.recordPath()); err != nil {
		return nil, State{}, err
	}
	if err := p.open(facts); err != nil {
		p.release()
		return nil, State{}, err
	}
	p.state = p.record.State
	return p, p.state, nil
}

// replaces returns an error if the folder exists and must not be replaced.
func (p *Parts) replaces() error {
	entries, err := os.ReadDir(p.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return errors.WithStack(err)
	}
	if len(entries) > 0 && !p.replace {
		return errors.Wrapf(ErrExists, "%s", p.path)
	}
	for _, e := range entries {
		if !p.isPart(e.Name()) {
			return errors.Errorf("%s: it holds %s, which is no part of answers", p.path, e.Name())
		}
	}
	return nil
}

// ErrExists is the cause of the error for a folder that has something in it.
var ErrExists = errors.New("the folder exists")

var partName = regexp.MustCompile(`^part-\d{5,}$`)

func (p *Parts) isPart(name string) bool {
	base, ok := cutSuffix(name, p.format.Suffix)
	return ok && partName.MatchString(base)
}

func cutSuffix(name, suffix string) (string, bool) {
	n := len(name) - len(suffix)
	if n < 0 || name[n:] != suffix {
		return name, false
	}
	return name[:n], true
}

// Name is the name of the folder while it grows.
func (p *Parts) Name() string {
	if p == nil {
		return ""
	}
	return p.path + output.PartialSuffix
}

func (p *Parts) recordPath() string { return p.Name() + recordSuffix }

// file is the path of a part, counted from 1.
func (p *Parts) file(k int) string {
	return filepath.Join(p.Name(), fmt.Sprintf("part-%05d%s", k, p.format.Suffix))
}

// open continues or begins.
func (p *Parts) open(facts []Fact) error {
	entries, err := os.ReadDir(p.Name())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.WithStack(err)
	}
	if len(entries) > 0 && !p.replace {
		old, err := readRecord(p.recordPath())
		switch {
		case err == nil && old == nil:
			err = errors.Wrap(ErrOther, "there is no record of it, "+p.recordPath())
		case err == nil && len(old.Parts) > 0: // or else nothing is lost
			err = old.differs(facts)
			p.record = *old
		}
		if err != nil {
			return errors.Wrap(err, p.Name())
		}
	}
	p.record.Version, p.record.Facts = recordVersion, facts
	known := make(map[string]bool)
	for k := range p.record.Parts {
		known[p.file(k+1)] = true
		if info, err := os.Stat(p.file(k + 1)); err != nil || !info.Mode().IsRegular() {
			return errors.Wrapf(ErrOther, "%s: the part is missing", p.file(k+1))
		}
	}
	if err := p.record.write(p.recordPath()); err != nil {
		return err
	}
	if err := os.Mkdir(p.Name(), 0o777); err != nil && !errors.Is(err, fs.ErrExist) {
		return errors.WithStack(err)
	}
	return p.clean(entries, known)
}

// clean removes what a process that was killed has left behind the parts that are recorded.
func (p *Parts) clean(entries []fs.DirEntry, known map[string]bool) error {
	for _, e := range entries {
		path := filepath.Join(p.Name(), e.Name())
		if p.isPart(e.Name()) && !known[path] {
			if err := os.Remove(path); err != nil {
				return errors.WithStack(err)
			}
		}
	}
	return output.Clean(p.Name(), p.isPart)
}

// Began reports whether there is any part.
func (p *Parts) Began() bool { return p != nil && len(p.record.Parts) > 0 }

// Append adds the answers of a block. state is how far the run has come with it.
func (p *Parts) Append(rows [][]Value, state State) (err error) {
	if p == nil || p.release == nil {
		return errors.New("stream: there are no parts; use stream.CreateParts")
	}
	if p.part == nil {
		p.text, p.rows = &bytes.Buffer{}, 0
		if p.part, err = p.format.New(p.text, p.columns); err != nil {
			return err
		}
	}
	if err := p.part.Write(rows); err != nil {
		return err
	}
	p.rows += len(rows)
	p.state = state
	if p.rows >= p.format.Rows {
		return p.end()
	}
	return nil
}

// end writes the part that has grown.
func (p *Parts) end() error {
	if p.part == nil {
		return nil
	}
	if err := p.part.Close(); err != nil {
		return err
	}
	p.part = nil
	err := output.Write(p.file(len(p.record.Parts)+1), func(w io.Writer) error {
		_, err := w.Write(p.text.Bytes())
		return err
	})
	if err != nil {
		return err
	}
	p.text = nil
	p.record.Parts = append(p.record.Parts, p.rows)
	p.record.State = p.state
	return p.record.write(p.recordPath())
}

// Rows returns the number of records whose answers are in whole parts.
func (p *Parts) Rows() int64 {
	if p == nil {
		return 0
	}
	return p.record.Rows
}

// Close leaves the whole parts for a later process to continue.
func (p *Parts) Close() error {
	if p == nil || p.release == nil {
		return nil
	}
	err := p.release()
	p.release, p.part, p.text = nil, nil, nil
	return err
}

// Publish ends the last part, gives the folder its name and removes the record.
func (p *Parts) Publish() (err error) {
	if p == nil || p.release == nil {
		return errors.New("stream: there are no parts; use stream.CreateParts")
	}
	defer func() {
		if cerr := p.Close(); err == nil {
			err = cerr
		}
	}()
	if err := p.end(); err != nil {
		return err
	}
	if err := p.makeRoom(); err != nil {
		return err
	}
	if err := os.Rename(p.Name(), p.path); err != nil {
		return errors.WithStack(err)
	}
	if err := output.SyncDir(filepath.Dir(p.path)); err != nil {
		return errors.WithStack(err)
	}
	return removeFile(p.recordPath())
}

// makeRoom removes the folder that is replaced.
func (p *Parts) makeRoom() error {
	if err := p.replaces(); err != nil {
		return err
	}
	if _, err := os.Lstat(p.path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	old := fmt.Sprintf("%s.old-%d", p.path, time.Now().UnixNano())
	if err := os.Rename(p.path, old); err != nil {
		return errors.WithStack(err)
	}
	return errors.WithStack(os.RemoveAll(old))
}

// Remove removes the folder that grows and the record.
func (p *Parts) Remove() error {
	if p == nil || p.release == nil {
		return nil
	}
	entries, err := os.ReadDir(p.Name())
	if err == nil {
		err = p.clean(entries, nil)
	}
	if err == nil {
		err = os.Remove(p.Name())
	}
	if rerr := removeFile(p.recordPath()); err == nil {
		err = rerr
	}
	if cerr := p.Close(); err == nil {
		err = cerr
	}
	return err
}
