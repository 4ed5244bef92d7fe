package datasets

import (
	"encoding/json"
	"math"

	"github.com/pkg/errors"
)

// scalerVersion increases whenever this program would misread older files.
const scalerVersion = 1

type scalerJSON struct {
	Version int     `json:"version"`
	Scaling Scaling `json:"scaling"`
	Epsilon float64 `json:"epsilon"`
	Stages  []stage `json:"stages"`
}

// MarshalJSON writes the scaler with all digits. It returns an error if the scaler was not fitted.
func (s *Scaler) MarshalJSON() ([]byte, error) {
	if s.Cols() == 0 {
		return nil, errors.New("datasets: a scaler that was not fitted")
	}
	return json.Marshal(scalerJSON{scalerVersion, s.scaling, s.epsilon, s.stages})
}

// UnmarshalJSON reads the output of MarshalJSON. It returns an error, and leaves s unchanged, if the version differs, the scaling is
// unknown, or the statistics are incomplete or not finite.
func (s *Scaler) UnmarshalJSON(data []byte) error {
	if s == nil {
		return errors.New("datasets: the scaler to read into is nil")
	}
	var in scalerJSON
	if err := json.Unmarshal(data, &in); err != nil {
		return errors.Wrap(err, "datasets: scaler")
	}
	if in.Version != scalerVersion {
		return errors.Errorf("datasets: scaler of version %d, this program reads version %d", in.Version, scalerVersion)
	}
	got := Scaler{scaling: in.Scaling, epsilon: in.Epsilon, stages: in.Stages}
	if err := got.check(); err != nil {
		return err
	}
	want := 1
	if in.Scaling == StandardizeTanhStandardize {
		want = 2
	}
	if len(in.Stages) != want {
		return errors.Errorf("datasets: scaler %q with %d stages, want %d", in.Scaling, len(in.Stages), want)
	}
	if got.Cols() == 0 {
		return errors.Errorf("datasets: scaler %q without columns", in.Scaling)
	}
	for _, st := range in.Stages {
		if len(st.Mean) != got.Cols() || len(st.SD) != got.Cols() {
			return errors.Errorf("datasets: scaler with %d means and %d deviations for %d columns",
				len(st.Mean), len(st.SD), got.Cols())
		}
		for c := range st.Mean {
			if in.Scaling.KeepsZeros() && st.Mean[c] != 0 {
				return errors.Errorf("datasets: scaler %q with a mean of %v in column %d, want 0", in.Scaling, st.Mean[c], c)
			}
			if math.IsNaN(st.Mean[c]) || math.IsInf(st.Mean[c], 0) || !(st.SD[c] >= 0) || math.IsInf(st.SD[c], 0) {
				return errors.Errorf("datasets: scaler column %d: mean %v, deviation %v", c, st.Mean[c], st.SD[c])
			}
		}
	}
	got.tabulate()
	*s = got
	return nil
}
