package search

import (
	"io"
	"math"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// readResults reads the trials of a results file of this search. It leaves out an incomplete last line. A later line replaces an earlier one.
func readResults(path string, want header) (trials map[string]TrialResult, order []string, err error) {
	file, err := pipe.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	raw, err := io.ReadAll(file)
	if err != nil {
		return nil, nil, err
	}
	var s store
	if err := s.read(raw, want); err != nil {
		return nil, nil, errors.Wrap(err, path)
	}
	trials = map[string]TrialResult{}
	for _, t := range s.trials {
		key := job{t.Fold, t.Epochs, t.Point}.key()
		if _, ok := trials[key]; !ok {
			order = append(order, key)
		}
		trials[key] = t
	}
	return trials, order, nil
}

// take adds the trials of other results files to those that are known, and those of Config.Merge to the results file.
func (e *engine) take() error {
	from := map[string]string{} // the file of a trial
	for key := range e.known {
		from[key] = e.Results
	}
	var added []TrialResult
	for i, path := range slices.Concat(e.Known, e.Merge) {
		trials, order, err := readResults(path, e.header)
		if err != nil {
			return err
		}
		for _, key := range order {
			t := trials[key]
			if old, ok := e.known[key]; ok {
				if !sameResult(old, t) {
					return errors.Errorf("%s and %s have different results for %s (computed on %s and %s)", from[key], path, title(t), cpuOf(old), cpuOf(t))
				}
				continue
			}
			e.known[key], from[key] = t, path
			if i >= len(e.Known) {
				added = append(added, t)
			}
		}
	}
	if e.store == nil {
		return nil
	}
	return e.store.addAll(added)
}

// sameResult reports whether two results of a trial agree, bit for bit. Files of before do not name their data, and agree with any.
func sameResult(a, b TrialResult) bool {
	if a.Data != "" && b.Data != "" && a.Data != b.Data {
		return false
	}
	if a.Metric != b.Metric || a.Lower != b.Lower || a.Failure != b.Failure || len(a.Values) != len(b.Values) {
		return false
	}
	for name, v := range a.Values {
		if w, ok := b.Values[name]; !ok || !sameNumber(v, w) {
			return false
		}
	}
	return slices.EqualFunc(a.Curve, b.Curve, sameNumber) && slices.Equal(a.CurveEpochs, b.CurveEpochs)
}

func sameNumber(x, y float64) bool { return x == y || math.IsNaN(x) && math.IsNaN(y) }

func cpuOf(t TrialResult) string {
	if t.CPU == "" {
		return "an unknown processor"
	}
	return t.CPU
}

// mixed describes the kinds of processors that computed some trials if there are several, or returns nothing.
func mixed(trials []TrialResult) string {
	var kinds []string
	for _, t := range trials {
		if t.CPU != "" {
			kinds = addNew(kinds, t.CPU)
		}
	}
	if len(kinds) < 2 {
		return ""
	}
	slices.Sort(kinds)
	return "the trials were computed on different kinds of processors (" + strings.Join(kinds, ", ") +
		"), whose results differ as those of different seeds do; SELFNORM_CPU chooses one for all"
}
