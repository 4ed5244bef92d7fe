package tensorboard

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

const filePrefix = "events.out.tfevents."

// Uses reports whether a Log gives a file in its folder this name.
func Uses(name string) bool { return strings.HasPrefix(name, filePrefix) || name == lockName+".lock" }

// lockName is the name that a Log locks in its folder; there is no file of this name.
const lockName = "events"

// writer writes an event file. Each event is a single write, so that readers see it at once and a killed process loses none.
type writer struct {
	file   *os.File
	now    func() time.Time
	buffer []byte
}

// makeFolder creates the folder if it does not exist.
func makeFolder(dir string) error {
	if dir == "" {
		return errors.New("no folder; set Log.Dir")
	}
	return errors.WithStack(os.MkdirAll(dir, 0o777))
}

// create begins a new file in a folder. It invalidates the events of this and later steps in the other files there.
func create(dir string, step int, now func() time.Time) (*writer, error) {
	name, err := nextName(dir, now())
	if err != nil {
		return nil, err
	}
	f, err := os.OpenFile(filepath.Join(dir, name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return nil, errors.WithStack(err)
	}
	w := &writer{file: f, now: now}
	if err := w.write(versionEvent(now()), startEvent(now(), step)); err != nil {
		f.Close()
		return nil, err
	}
	return w, nil
}

// nextName returns a name that sorts after the event files in a folder, since TensorBoard reads them in the order of their names. It
// consists of the seconds in ten digits, the writer, and the number of earlier files.
func nextName(dir string, now time.Time) (string, error) {
	entries, err := os.ReadDir(dir) // sorted
	if err != nil {
		return "", errors.WithStack(err)
	}
	seconds, n := now.Unix(), 0
	for _, e := range entries {
		rest, ok := strings.CutPrefix(e.Name(), filePrefix)
		if !ok {
			continue
		}
		n++
		digits, _, _ := strings.Cut(rest, ".")
		if before, err := strconv.ParseInt(digits, 10, 64); err == nil {
			seconds = max(seconds, before) // the clock may have been set back
		}
	}
	return fmt.Sprintf("%s%010d.selfnorm.%06d", filePrefix, seconds, n), nil
}

func (w *writer) write(events ...[]byte) error {
	w.buffer = w.buffer[:0]
	for _, e := range events {
		w.buffer = appendRecord(w.buffer, e)
	}
	_, err := w.file.Write(w.buffer)
	return errors.WithStack(err)
}

// summary writes an event of values, if there are any.
func (w *writer) summary(step int, values []value) error {
	if len(values) == 0 {
		return nil
	}
	return w.write(summaryEvent(w.now(), step, values))
}

// kept returns an error if the file has been removed or replaced.
func (w *writer) kept() error { return errors.Wrapf(output.Kept(w.file), "%s", w.file.Name()) }

func (w *writer) close() error { return errors.WithStack(w.file.Close()) }
