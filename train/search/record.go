package search

import (
	"encoding/json"
	"math"
	"strconv"

	"github.com/pkg/errors"
)

// record is a trial as a line of the results file.
type record struct {
	Fold   int   `json:"fold,omitempty"`
	Epochs int   `json:"epochs,omitempty"`
	Point  Point `json:"point"`
	// Files of version 0.1 lack the metric. Theirs were accuracy and ROC-AUC: higher is better.
	Metric string   `json:"metric,omitempty"`
	Lower  bool     `json:"lower,omitempty"`
	Curve  []number `json:"curve,omitempty"`
	// CurveEpochs is absent if the epochs are 1, 2, 3, ...
	CurveEpochs []int             `json:"epochs_of_curve,omitempty"`
	Values      map[string]number `json:"values,omitempty"`
	Failure     string            `json:"failure,omitempty"`
	// Files of version 0.1 lack these.
	Data string `json:"data,omitempty"`
	CPU  string `json:"cpu,omitempty"`
}

func encodeTrial(t TrialResult) ([]byte, error) {
	r := record{Fold: t.Fold, Epochs: t.Epochs, Point: t.Point, Metric: t.Metric, Lower: t.Lower, CurveEpochs: t.CurveEpochs, Failure: t.Failure, Data: t.Data, CPU: t.CPU}
	for _, v := range t.Curve {
		r.Curve = append(r.Curve, number(v))
	}
	for name, v := range t.Values {
		if r.Values == nil {
			r.Values = map[string]number{}
		}
		r.Values[name] = number(v)
	}
	return json.Marshal(r)
}

func decodeTrial(line []byte) (t TrialResult, err error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return t, errors.Wrap(err, "not a trial")
	}
	if len(r.Point) == 0 || r.Fold < 0 || r.Epochs < 0 {
		return t, errors.Errorf("not a trial: fold %d, %d epochs, point %q", r.Fold, r.Epochs, r.Point)
	}
	t = TrialResult{Fold: r.Fold, Epochs: r.Epochs, Point: r.Point, Metric: r.Metric, Lower: r.Lower, CurveEpochs: r.CurveEpochs, Failure: r.Failure, Data: r.Data, CPU: r.CPU}
	for _, v := range r.Curve {
		t.Curve = append(t.Curve, float64(v))
	}
	if c := t.curve(); c.check() != nil {
		return t, errors.Wrap(c.check(), "not a trial")
	}
	for name, v := range r.Values {
		if t.Values == nil {
			t.Values = Values{}
		}
		t.Values[name] = float64(v)
	}
	return t, nil
}

// number is a float64 that survives JSON even if it is not finite.
type number float64

func (n number) MarshalJSON() ([]byte, error) {
	text := strconv.FormatFloat(float64(n), 'g', -1, 64)
	if math.IsNaN(float64(n)) || math.IsInf(float64(n), 0) {
		text = strconv.Quote(text)
	}
	return []byte(text), nil
}

func (n *number) UnmarshalJSON(raw []byte) error {
	text := string(raw)
	if unquoted, err := strconv.Unquote(text); err == nil {
		text = unquoted
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return errors.Errorf("%s is not a number", raw)
	}
	*n = number(v)
	return nil
}
