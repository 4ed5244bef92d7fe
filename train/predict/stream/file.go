package stream

import (
	"io/fs"
	"os"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// File is a file of answers that grows as NAME.partial, and that a later process continues. Use it from one goroutine.
type File struct {
	// Every is the least time from one entry in the record to the next, by default a second. Answers after the last entry are computed
	// again by a process that continues. It does not change the result.
	Every time.Duration

	grow   *output.Growing
	path   string // of the record
	record record
	latest record // with what was written since
	saved  time.Time
}

// Create opens a file of answers. If an earlier process has begun it with the same facts, the file continues after the last block that is recorded,
// and the state says how far that was; the caller skips these records. With anything else under the name NAME.partial it returns an error
// with cause [ErrOther] that says what differs. restart begins anew in any case.
func Create(path string, facts []Fact, restart bool) (*File, State, error) {
	g, err := output.Grow(path)
	if err != nil {
		return nil, State{}, err
	}
	f := &File{Every: time.Second, grow: g, path: g.Name() + recordSuffix}
	if err := f.open(facts, restart); err != nil {
		g.Close()
		return nil, State{}, err
	}
	return f, f.record.State, nil
}

// open continues or begins.
func (f *File) open(facts []Fact, restart bool) error {
	size, err := f.grow.Size()
	if err != nil {
		return err
	}
	if !restart && size > 0 {
		old, err := readRecord(f.path)
		if err == nil && old == nil {
			err = errors.Wrap(ErrOther, "there is no record of it, "+f.path)
		}
		if err == nil && old.Bytes > 0 { // or else nothing is lost
			err = old.differs(facts)
		}
		if err == nil && old.Bytes > size {
			err = errors.Wrapf(ErrOther, "it has %d bytes, fewer than the %d that are recorded", size, old.Bytes)
		}
		if err != nil {
			return errors.Wrap(err, f.grow.Name())
		}
		f.record = *old
		if old.Bytes == 0 {
			f.record = record{}
		}
	}
	f.record.Version, f.record.Facts = recordVersion, facts
	if f.record.Bytes == 0 {
		// Before the first byte, so that whatever is found later has a record.
		if err := f.record.write(f.path); err != nil {
			return err
		}
	}
	f.latest, f.saved = f.record, time.Now()
	return f.grow.Cut(f.record.Bytes)
}

// Name is the name of the file while it grows.
func (f *File) Name() string {
	if f == nil || f.grow == nil {
		return ""
	}
	return f.grow.Name()
}

// Began reports whether there is anything in the file.
func (f *File) Began() bool { return f != nil && f.latest.Bytes > 0 }

// Append writes the answers of a block. state is how far the run has come with it.
func (f *File) Append(text []byte, state State) error {
	if f == nil || f.grow == nil {
		return errors.New("stream: there is no file; use stream.Create")
	}
	if _, err := f.grow.Write(text); err != nil {
		return err
	}
	f.latest.State = state
	f.latest.Bytes += int64(len(text))
	if now := time.Now(); now.Sub(f.saved) >= f.Every || now.Before(f.saved) {
		return f.save()
	}
	return nil
}

// save records what was written.
func (f *File) save() error {
	if f.latest.Bytes == f.record.Bytes {
		return nil
	}
	if err := f.grow.Sync(); err != nil {
		return err
	}
	if err := f.latest.write(f.path); err != nil {
		return err
	}
	f.record, f.saved = f.latest, time.Now()
	return nil
}

// Close records all that was written, for a later process to continue.
func (f *File) Close() error {
	if f == nil || f.grow == nil {
		return nil
	}
	err := f.save()
	if cerr := f.grow.Close(); err == nil {
		err = cerr
	}
	f.grow = nil
	return err
}

// Publish gives the file its name and removes the record.
func (f *File) Publish() error {
	if f == nil || f.grow == nil {
		return errors.New("stream: there is no file; use stream.Create")
	}
	err := f.grow.Publish()
	f.grow = nil
	if err != nil {
		return err
	}
	return removeFile(f.path)
}

// Remove removes the file and the record: nothing is left to continue.
func (f *File) Remove() error {
	if f == nil || f.grow == nil {
		return nil
	}
	err := f.grow.Remove()
	f.grow = nil
	if rerr := removeFile(f.path); err == nil {
		err = rerr
	}
	return err
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.WithStack(err)
	}
	return nil
}
