package stream

import (
	"encoding/json"
	"io"
	"io/fs"
	"os"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Fact is one of the things that answers depend on, such as the checksum of the model. A run is continued only with the same facts.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// State is how far a run has come.
type State struct {
	Place
	// Tally holds the counts of the caller so far, as JSON.
	Tally json.RawMessage `json:"tally,omitempty"`
}

// record is the file beside an output that grows.
type record struct {
	Version int    `json:"version"`
	Facts   []Fact `json:"run"`
	State
	Bytes int64 `json:"bytes"`           // of a File that answer State.Rows records
	Parts []int `json:"parts,omitempty"` // rows of each of Parts
}

const (
	recordVersion = 1
	recordSuffix  = ".json"
	maxRecord     = 1 << 24 // bytes
)

// ErrOther is the cause of the error for an output that another run has begun.
var ErrOther = errors.New("another run has begun it")

// readRecord reads a record. There is none if the first result is nil.
func readRecord(path string) (*record, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, errors.WithStack(err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxRecord))
	if err != nil {
		return nil, errors.WithStack(err)
	}
	r := &record{}
	if err := json.Unmarshal(text, r); err != nil {
		return nil, errors.Wrap(err, path)
	}
	if r.Version != recordVersion {
		return nil, errors.Errorf("%s: version %d, want %d", path, r.Version, recordVersion)
	}
	if r.Rows < 0 || r.Bytes < 0 {
		return nil, errors.Errorf("%s: %d rows and %d bytes", path, r.Rows, r.Bytes)
	}
	return r, nil
}

// write replaces a record.
func (r *record) write(path string) error {
	return output.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(r)
	})
}

// differs returns an error that says what differs between the facts of a record and those of this run.
func (r *record) differs(facts []Fact) error {
	for i := range max(len(facts), len(r.Facts)) {
		switch {
		case i >= len(facts):
			return errors.Wrapf(ErrOther, "it has %s %q, this run has none", r.Facts[i].Name, r.Facts[i].Value)
		case i >= len(r.Facts) || r.Facts[i].Name != facts[i].Name:
			return errors.Wrapf(ErrOther, "it has no %s, this run has %q", facts[i].Name, facts[i].Value)
		case r.Facts[i].Value != facts[i].Value:
			return errors.Wrapf(ErrOther, "%s was %q and is %q now", facts[i].Name, r.Facts[i].Value, facts[i].Value)
		}
	}
	return nil
}
