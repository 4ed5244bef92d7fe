package csv

import (
	"encoding/json"
	"io"
	"math"
	"slices"
	"unicode/utf8"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// encoderVersion increases whenever this program would misread older files.
const encoderVersion = 1

// MarshalJSON writes the encoder with all digits. It returns an error if the encoder was not fitted.
func (e *Encoder) MarshalJSON() ([]byte, error) {
	if err := e.check(); err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	return json.Marshal(&e.f)
}

// UnmarshalJSON reads the output of MarshalJSON. It returns an error, and leaves e unchanged, if the version differs, or if columns,
// targets and scales do not agree.
func (e *Encoder) UnmarshalJSON(data []byte) error {
	if e == nil {
		return errors.New("csv: the encoder to read into is nil")
	}
	var f fitted
	if err := json.Unmarshal(data, &f); err != nil {
		return errors.Wrap(err, "csv: encoder")
	}
	if err := f.check(); err != nil {
		return errors.Wrap(err, "csv: encoder")
	}
	e.f = f
	return nil
}

func (f *fitted) check() error {
	if f.Version != encoderVersion {
		return errors.Errorf("version %d, this program reads version %d", f.Version, encoderVersion)
	}
	if f.Header != HeaderYes && f.Header != HeaderNo || f.Missing == nil || utf8.RuneCountInString(f.Comma) != 1 {
		return errors.New("it does not specify how to read tables")
	}
	if err := f.checkTargets(); err != nil {
		return err
	}
	if dense, sparse := f.cols(); dense+sparse == 0 {
		return errors.New("there are no features")
	}
	names := make(map[string]bool)
	for name := range f.kinds() {
		if names[name] {
			return errors.Errorf("column %q comes twice", name)
		}
		names[name] = true
	}
	for _, n := range f.Numeric {
		if d := n.Date; d != nil && (!slices.Contains(dateParts, d.Part) || !slices.Contains(dateLayouts, d.Layout) || !d.First && !names[d.Column]) {
			return errors.Errorf("column %q: unknown part %q of a date %q", n.Name, d.Part, d.Layout)
		}
		if !finite(n.Fill) || !finite(n.Mean) || !finite(n.SD) || n.SD < 0 || n.Style > pointGroups || !n.ranged() {
			return errors.Errorf("column %q: median %v, mean %v, deviation %v", n.Name, n.Fill, n.Mean, n.SD)
		}
	}
	for _, k := range f.Categorical {
		if !slices.IsSorted(k.Categories) || len(slices.Compact(slices.Clone(k.Categories))) != len(k.Categories) ||
			k.Fill < -1 || k.Fill >= len(k.Categories) {
			return errors.Errorf("column %q: %d categories, the most frequent one is number %d", k.Name, len(k.Categories), k.Fill)
		}
	}
	for _, x := range f.Texts {
		if !x.check() {
			return errors.Errorf("column %q: %d words", x.Name, len(x.Words))
		}
	}
	for _, t := range f.Targets {
		if names[t.Name] {
			return errors.Errorf("column %q comes twice", t.Name)
		}
		names[t.Name] = true
	}
	return nil
}

func (f *fitted) checkTargets() error {
	switch f.Problem {
	case Classes:
		if len(f.Targets) != 1 || len(f.Classes) < 2 {
			return errors.Errorf("%d targets and %d classes", len(f.Targets), len(f.Classes))
		}
	case Binary, Regression:
		if len(f.Targets) == 0 || f.Classes != nil {
			return errors.Errorf("%d targets and %d classes", len(f.Targets), len(f.Classes))
		}
	default:
		return errors.Errorf("unknown problem %q", f.Problem)
	}
	for _, t := range f.Targets {
		if !finite(t.Mean) || !finite(t.SD) || t.SD <= 0 || !(t.Log >= 0) || !finite(t.Log) || t.Style > pointGroups {
			return errors.Errorf("target %q: mean %v, deviation %v", t.Name, t.Mean, t.SD)
		}
	}
	return nil
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// Save writes the encoder to a file, which appears only when it is complete.
func (e *Encoder) Save(path string) error {
	if err := e.check(); err != nil {
		return errors.Wrap(err, "csv")
	}
	data, err := json.MarshalIndent(&e.f, "", "\t")
	if err != nil {
		return errors.Wrap(err, "csv")
	}
	err = output.Write(path, func(w io.Writer) error {
		_, err := w.Write(append(data, '\n'))
		return err
	})
	return errors.Wrap(err, "csv")
}

// LoadEncoder reads a file that [Encoder.Save] wrote. Errors are as in UnmarshalJSON and name the file.
func LoadEncoder(path string) (*Encoder, error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	defer file.Close()
	data, err := io.ReadAll(file)
	if err != nil {
		return nil, errors.Wrap(err, "csv")
	}
	var e Encoder
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, errors.Wrap(err, path)
	}
	return &e, nil
}
