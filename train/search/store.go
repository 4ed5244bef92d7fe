package search

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// header is the first line of a results file. It holds everything that trials depend on in addition to their points.
type header struct {
	Format  string `json:"format"`
	Version int    `json:"version"`
	Key     string `json:"key"`
	Seed    uint64 `json:"seed"`
	// Folds is a checksum of the rows of the folds of a nested cross-validation.
	Folds string `json:"folds,omitempty"`
}

const (
	format  = "selfnorm search"
	version = 1
)

// store is a results file: a header line, then one line of JSON per finished trial. Lines are only appended, each as a whole and synced, so
// a crash can damage only the last line.
type store struct {
	file   *os.File
	unlock func() error
	size   int64 // up to the end of the last whole line
	trials []TrialResult
}

// openStore opens or creates a results file and reads its trials. It removes an incomplete last line left by a crash. It returns an error
// if the file belongs to a different search or is not a results file, if a line is damaged, or if another process uses the file.
func openStore(path string, h header) (s *store, err error) {
	unlock, err := output.Lock(path)
	if err != nil {
		return nil, err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		unlock()
		return nil, err
	}
	defer func() {
		if err != nil {
			file.Close()
			unlock()
			err = errors.Wrapf(err, "%s", path)
		}
	}()
	if info, err := file.Stat(); err != nil || !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, err
	}
	first, err := json.Marshal(h)
	if err != nil {
		return nil, err
	}
	s = &store{file: file, unlock: unlock}
	if bytes.HasPrefix(append(first, '\n'), raw) && len(raw) <= len(first) { // new, or with an incomplete header
		if err := s.append(first); err != nil {
			return nil, err
		}
		return s, output.SyncDir(filepath.Dir(path))
	}
	if err := s.read(raw, h); err != nil {
		return nil, err
	}
	return s, s.truncate()
}

// read reads all complete lines.
func (s *store) read(raw []byte, want header) error {
	for number := 1; ; number++ {
		end := bytes.IndexByte(raw[s.size:], '\n')
		if end < 0 {
			if number == 1 {
				return errors.New("not a results file of a search")
			}
			return nil
		}
		line := raw[s.size:][:end]
		if number == 1 {
			if err := checkHeader(line, want); err != nil {
				return err
			}
		} else {
			t, err := decodeTrial(line)
			if err != nil {
				return errors.Wrapf(err, "line %d", number)
			}
			s.trials = append(s.trials, t)
		}
		s.size += int64(end) + 1
	}
}

func checkHeader(line []byte, want header) error {
	var got header
	if err := json.Unmarshal(line, &got); err != nil || got.Format != format {
		return errors.New("line 1: not a results file of a search")
	}
	if got.Version != version {
		return errors.Errorf("line 1: version %d, want %d", got.Version, version)
	}
	if got != want {
		return errors.Errorf("line 1: the results of another search: key %q, seed %d, folds %q; want key %q, seed %d, folds %q",
			got.Key, got.Seed, got.Folds, want.Key, want.Seed, want.Folds)
	}
	return nil
}

// add writes a trial.
func (s *store) add(t TrialResult) error {
	line, err := encodeTrial(t)
	if err != nil {
		return err
	}
	return errors.Wrapf(s.append(line), "%s", s.file.Name())
}

// addAll writes trials in one go. A crash leaves some of them.
func (s *store) addAll(trials []TrialResult) error {
	if len(trials) == 0 {
		return nil
	}
	var lines [][]byte
	for _, t := range trials {
		line, err := encodeTrial(t)
		if err != nil {
			return err
		}
		lines = append(lines, line)
	}
	return errors.Wrapf(s.append(bytes.Join(lines, []byte{'\n'})), "%s", s.file.Name())
}

// append writes a line after the last complete one. If that fails, it removes the part that was written. It returns an error if the file no
// longer has its path.
func (s *store) append(line []byte) error {
	line = append(line, '\n')
	if _, err := s.file.WriteAt(line, s.size); err != nil {
		_ = s.truncate()
		return err
	}
	if err := s.file.Sync(); err != nil {
		return err
	}
	s.size += int64(len(line))
	return output.Kept(s.file)
}

func (s *store) truncate() error { return s.file.Truncate(s.size) }

// close closes the file, whose lines are all synced, and releases it to other processes.
func (s *store) close() error {
	err := s.file.Close()
	if uerr := s.unlock(); err == nil {
		err = uerr
	}
	return err
}

// ReadTrials reads the trials of a results file in the order in which they finished, for a program that reports on a search. It does not
// fill in scores; Rule.Rank does. A repeated trial occurs more than once. An incomplete last line, as in a running search, is ignored.
func ReadTrials(path string) ([]TrialResult, error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Wrap(err, "search")
	}
	var h header
	if err := json.Unmarshal(firstLine(raw), &h); err != nil {
		return nil, errors.Errorf("search: %s: line 1: not a results file of a search", path)
	}
	h.Format, h.Version = format, version
	var s store
	err = s.read(raw, h)
	return s.trials, errors.Wrapf(err, "search: %s", path)
}

func firstLine(raw []byte) []byte {
	line, _, _ := bytes.Cut(raw, []byte{'\n'})
	return line
}
