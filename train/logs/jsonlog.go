package logs

import (
	"bytes"
	"context"
	"encoding/json"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/callback"
)

// JSONLog is a Callback that writes the history to a file of JSON lines: one object per epoch, written as soon as the epoch
// ends. Its names are those of the columns of a CSVLog; null stands for a number that is not finite. Two more names are there if they are
// not empty:
//
//	"moments":  the moments that Probes kept in the epoch, [{"step": 1, "layers": [{"name": "dense1", "mean": 0.1, ...}]}]
//	"warnings": the sentences of History.Warnings that are new since the line before
//
// In all other respects it behaves like a CSVLog.
type JSONLog struct {
	// Path is as in a CSVLog.
	Path string

	log  epochLog
	told map[string]bool // warnings in the file
}

var jsonMark = []byte(`{"epoch":1,"step":`)

var (
	_ callback.StartCallback = (*JSONLog)(nil)
	_ callback.EpochCallback = (*JSONLog)(nil)
	_ callback.EndCallback   = (*JSONLog)(nil)

	_ callback.FailureCallback = (*JSONLog)(nil)
)

// AtStart implements callback.StartCallback. It makes the file.
func (j *JSONLog) AtStart(_ context.Context, s *callback.State) error {
	return j.write((*epochLog).begin, s)
}

// AfterEpoch implements callback.EpochCallback. It writes a line.
func (j *JSONLog) AfterEpoch(_ context.Context, s *callback.State) error {
	return j.write((*epochLog).add, s)
}

// AtEnd implements callback.EndCallback. It closes the file.
func (j *JSONLog) AtEnd(_ context.Context, s *callback.State) error {
	return j.write((*epochLog).end, s)
}

// AtFailure implements callback.FailureCallback. It closes the file, which holds all epochs so far.
func (j *JSONLog) AtFailure(*callback.State, error) {
	if j != nil {
		_ = j.log.close() // the training has an error already
	}
}

// write calls a method of the log.
func (j *JSONLog) write(f func(*epochLog, string, logFormat, *callback.State) error, s *callback.State) error {
	if j == nil {
		return errors.New("JSONLog: it is nil")
	}
	return errors.Wrap(f(&j.log, j.Path, (*jsonFormat)(j), s), "JSONLog")
}

type jsonFormat JSONLog

func (*jsonFormat) is(file []byte) bool { return isBeginning(file, jsonMark) }

// header begins a file, which has none.
func (j *jsonFormat) header(*callback.State) []byte {
	j.told = map[string]bool{}
	return nil
}

// line keeps an old line of this epoch as it is: the history may have thinned its moments, and does not know which epoch a warning is of.
func (j *jsonFormat) line(s *callback.State, k int, old []byte) []byte {
	line := jsonNumbers(s, k)
	if rest, ok := bytes.CutPrefix(old, line); ok && len(rest) > 0 && (rest[0] == ',' || rest[0] == '}') && json.Valid(old) {
		var extras jsonExtras
		if err := json.Unmarshal(old, &extras); err == nil {
			j.tell(extras.Warnings)
			return old
		}
	}
	extras := jsonExtras{Moments: jsonMomentsOf(s.History, k)}
	if k == len(s.History.Epochs)-1 {
		for _, w := range s.History.Warnings {
			if !j.told[w] {
				extras.Warnings = append(extras.Warnings, w)
			}
		}
		j.tell(extras.Warnings)
	}
	more, err := json.Marshal(extras)
	if err != nil { // moments are finite, and the rest is text
		panic(err)
	}
	if more = more[1:]; more[0] != '}' {
		line = append(line, ',')
	}
	return append(append(line, more...), '\n')
}

func (j *jsonFormat) tell(warnings []string) {
	for _, w := range warnings {
		j.told[w] = true
	}
}

// jsonNumbers is the line of an epoch but for what a jsonExtras holds and the closing brace.
func jsonNumbers(s *callback.State, k int) []byte {
	line := []byte("{")
	for i, f := range epochFields(s, k) {
		if i > 0 {
			line = append(line, ',')
		}
		name, err := json.Marshal(f.name)
		if err != nil { // strings can always be written
			panic(err)
		}
		line = append(append(line, name...), ':')
		line = append(line, f.number(func(float64) string { return "null" })...)
	}
	return line
}

// jsonExtras are the parts of a line that are not numbers.
type jsonExtras struct {
	Moments  []jsonMoments `json:"moments,omitempty"`
	Warnings []string      `json:"warnings,omitempty"`
}

type jsonMoments struct {
	Step   int         `json:"step"`
	Layers []jsonLayer `json:"layers"`
}

// jsonLayer is a LayerMoments with the names of a log.
type jsonLayer struct {
	Name        string  `json:"name"`
	PreMean     float64 `json:"pre_mean"`
	PreVariance float64 `json:"pre_variance"`
	Mean        float64 `json:"mean"`
	Variance    float64 `json:"variance"`
	Omega       float64 `json:"omega"`
	Tau         float64 `json:"tau"`
	OmegaMin    float64 `json:"omega_min"`
	OmegaMax    float64 `json:"omega_max"`
	TauMin      float64 `json:"tau_min"`
	TauMax      float64 `json:"tau_max"`

	PreGradientVariance    float64 `json:"pre_gradient_variance,omitempty"`
	GradientVariance       float64 `json:"gradient_variance,omitempty"`
	WeightGradientVariance float64 `json:"weight_gradient_variance,omitempty"`
}

var _ = jsonLayer(graphs.LayerMoments{}) // they have the same fields

// jsonMomentsOf are the moments of the steps of epoch k.
func jsonMomentsOf(h *callback.History, k int) (out []jsonMoments) {
	after := 0
	if k > 0 {
		after = h.Epochs[k-1].Step
	}
	for _, m := range h.Moments {
		if m.Step <= after || m.Step > h.Epochs[k].Step {
			continue
		}
		layers := make([]jsonLayer, 0, len(m.Layers))
		for _, l := range m.Layers {
			layers = append(layers, jsonLayer(l))
		}
		out = append(out, jsonMoments{m.Step, layers})
	}
	return out
}
