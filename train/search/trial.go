package search

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// Values are numbers by name, such as the test AUC or the number of weights.
type Values map[string]float64

// String shows the values in the order of their names, as in "accuracy=0.9512 auc=0.9803".
func (v Values) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, fmt.Sprintf("%s=%.4f", name, v[name]))
	}
	return strings.Join(parts, " ")
}

// Trial is a finished trial.
type Trial struct {
	Point Point
	// Fold counts from 1; 0 outside of a nested cross-validation.
	Fold int
	// Epochs is 0 for a trial of the search, and the selected number of epochs for one on the test rows of a fold.
	Epochs int
	// Curve is the validation metric after each epoch, beginning with epoch 1, to five decimals: a file of thousands of
	// trials stays small.
	Curve []float64
	// Values are what the trial returned.
	Values Values
	// Failure says why the trial failed. Empty means that it did not.
	Failure string
	// Score is the best value of the smoothed curve, at the epoch Best. Best is 0 if there is no score: for a failed trial, and
	// for a curve without finite values.
	Score float64
	Best  int
}

// record is a trial as a line of the results file.
type record struct {
	Fold    int               `json:"fold,omitempty"`
	Epochs  int               `json:"epochs,omitempty"`
	Point   Point             `json:"point"`
	Curve   []number          `json:"curve,omitempty"`
	Values  map[string]number `json:"values,omitempty"`
	Failure string            `json:"failure,omitempty"`
}

func encodeTrial(t Trial) ([]byte, error) {
	r := record{Fold: t.Fold, Epochs: t.Epochs, Point: t.Point, Failure: t.Failure}
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

func decodeTrial(line []byte) (Trial, error) {
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return Trial{}, errors.Wrap(err, "not a trial")
	}
	if len(r.Point) == 0 || r.Fold < 0 || r.Epochs < 0 {
		return Trial{}, errors.Errorf("not a trial: fold %d, %d epochs, point %q", r.Fold, r.Epochs, r.Point)
	}
	t := Trial{Fold: r.Fold, Epochs: r.Epochs, Point: r.Point, Failure: r.Failure}
	for _, v := range r.Curve {
		t.Curve = append(t.Curve, float64(v))
	}
	for name, v := range r.Values {
		if t.Values == nil {
			t.Values = Values{}
		}
		t.Values[name] = float64(v)
	}
	return t, nil
}

// number is a float64 that JSON can hold also when it is not finite.
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

// job names a trial before it has run.
type job struct {
	fold, epochs int
	point        Point
}

// key tells jobs apart.
func (j job) key() string {
	return strconv.Itoa(j.fold) + "/" + strconv.Itoa(j.epochs) + "/" + j.point.key()
}
