package calibrate_test

import (
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/selfnorm/selfnorm/train/calibrate"
)

// draw returns logits of a number of rows, times factor, and labels that are drawn from the probabilities without the factor.
func draw(rng *rand.Rand, rows, columns int, classes bool, factor float64) calibrate.Data {
	d := calibrate.Data{Logits: [][]float64{nil}, Columns: columns, Classes: classes}
	for range rows {
		row := make([]float64, columns)
		for c := range row {
			row[c] = 1.5 * rng.NormFloat64()
			d.Logits[0] = append(d.Logits[0], factor*row[c])
			if !classes {
				y := 0.0
				if rng.Float64() < 1/(1+math.Exp(-row[c])) {
					y = 1
				}
				d.Labels = append(d.Labels, y)
			}
		}
		if classes { // the maximum of Gumbel variables
			for c := range row {
				row[c] -= math.Log(-math.Log(rng.Float64()))
			}
			d.Labels = append(d.Labels, float64(slices.Index(row, slices.Max(row))))
		}
	}
	return d
}

// Calibrated logits keep a scale near 1, and scaled ones are scaled back, also those of an ensemble and of tasks.
func TestRecoversScale(t *testing.T) {
	for _, factor := range []float64{0.5, 1, 3} {
		for _, columns := range []int{1, 4} {
			for _, classes := range []bool{false, true} {
				if classes && columns == 1 {
					continue
				}
				d := draw(rand.New(rand.NewPCG(1, 2)), 1500, columns, classes, factor)
				d.Logits = append(d.Logits, d.Logits[0]) // the mean of two equal networks is the network
				s, err := calibrate.Temperature(d, calibrate.Options{Sharpen: true})
				if err != nil {
					t.Fatal(err)
				}
				if got := s.Scale[0] * factor; math.Abs(got-1) > 0.15 {
					t.Errorf("classes %v, %d columns: scale %v of logits times %v", classes, columns, s.Scale[0], factor)
				}
				if s, _ = calibrate.Temperature(d, calibrate.Options{}); s.Scale[0] > 1 {
					t.Errorf("scale %v without Sharpen", s.Scale[0])
				}
			}
		}
	}
}

// Platt scaling finds a shift and a scale of each task; a task without labels keeps the common scale.
func TestPlatt(t *testing.T) {
	d := draw(rand.New(rand.NewPCG(1, 2)), 1000, 3, false, 1)
	for i := range d.Labels {
		switch i % 3 {
		case 0:
			d.Logits[0][i] = 2*d.Logits[0][i] + 1
		case 2:
			d.Labels[i] = math.NaN()
		}
	}
	s, err := calibrate.Platt(d, calibrate.Options{Sharpen: true})
	if err != nil {
		t.Fatal(err)
	}
	want := calibrate.Scaling{Scale: []float64{0.5, 1, s.Scale[2]}, Shift: []float64{-0.5, 0, 0}}
	for i := range want.Scale {
		if math.Abs(s.Scale[i]-want.Scale[i]) > 0.2 || math.Abs(s.Shift[i]-want.Shift[i]) > 0.2 {
			t.Errorf("task %d: scale %v, shift %v, want %v and %v", i, s.Scale[i], s.Shift[i], want.Scale[i], want.Shift[i])
		}
	}
}

// Few rows, one class, separable rows and none change little; rows of weight 0 and missing ones change nothing.
func TestShrinks(t *testing.T) {
	for name, d := range map[string]calibrate.Data{
		"no rows":   {Logits: [][]float64{{}}, Columns: 2, Classes: true},
		"one class": {Logits: [][]float64{{1, -1, 2, -1}}, Columns: 2, Classes: true, Labels: []float64{0, 0}},
		"separable": {Logits: [][]float64{{5, -5, -5, 5}}, Columns: 1, Labels: []float64{1, 0, 0, 1}},
		"missing":   {Logits: [][]float64{{5, -5}}, Columns: 1, Labels: []float64{math.NaN(), 1}, Weights: []float64{1, 0}},
	} {
		s, err := calibrate.Temperature(d, calibrate.Options{Sharpen: true})
		if err != nil {
			t.Fatal(name, err)
		}
		if a := s.Scale[0]; !(a >= 1 && a < 2) || (name == "missing" || name == "no rows") && a != 1 {
			t.Errorf("%s: scale %v", name, a)
		}
	}
	d := draw(rand.New(rand.NewPCG(3, 4)), 50, 3, true, 2)
	some, _ := calibrate.Temperature(d, calibrate.Options{})
	d.Weights = slices.Repeat([]float64{1}, 50)
	d.Labels, d.Weights = append(d.Labels, 0, math.NaN()), append(d.Weights, 0, 1)
	d.Logits[0] = append(d.Logits[0], -9, 9, 9, -9, 9, 9)
	if all, err := calibrate.Temperature(d, calibrate.Options{}); err != nil || !slices.Equal(all.Scale, some.Scale) {
		t.Errorf("rows without weight or label change %v to %v: %v", some, all, err)
	}
}

// On exchangeable rows, sets and intervals hold the truth as often as promised, within the binomial error.
func TestCoverage(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	const rows, promised = 4000, 0.9
	bound := 4 * math.Sqrt(promised*(1-promised)*2/rows)
	var p, labels, values, truth []float64
	d := draw(rng, 2*rows, 3, true, 2)
	for r := range 2 * rows {
		z, sum := d.Logits[0][3*r:3*r+3], 0.0
		for _, v := range z {
			sum += math.Exp(v)
		}
		for _, v := range z {
			p = append(p, math.Exp(v)/sum)
		}
		labels = append(labels, d.Labels[r])
		v := rng.NormFloat64()
		values, truth = append(values, v), append(truth, v+rng.ExpFloat64())
	}
	scores, err := calibrate.ClassScores(p[:3*rows], 3, labels[:rows])
	if err != nil {
		t.Fatal(err)
	}
	threshold, err := calibrate.Quantile(scores, promised)
	if err != nil {
		t.Fatal(err)
	}
	distances, err := calibrate.ValueScores(values[:rows], nil, truth[:rows])
	if err != nil {
		t.Fatal(err)
	}
	width, err := calibrate.Quantile(distances, promised)
	if err != nil {
		t.Fatal(err)
	}
	sets, intervals := 0.0, 0.0
	for r := rows; r < 2*rows; r++ {
		if slices.Contains(calibrate.Set(p[3*r:3*r+3], threshold), int(labels[r])) {
			sets += 1.0 / rows
		}
		if low, high := calibrate.Interval(values[r], 1, width); low <= truth[r] && truth[r] <= high {
			intervals += 1.0 / rows
		}
	}
	if math.Abs(sets-promised) > bound || math.Abs(intervals-promised) > bound {
		t.Errorf("coverage of sets %v, of intervals %v, promised %v within %v", sets, intervals, promised, bound)
	}
}

// The quantile has the correction for finite samples, and is infinite where no finite one keeps the promise.
func TestQuantile(t *testing.T) {
	scores := []float64{9, 1, 8, 2, 7, 3, 6, 4, 5, math.NaN()}
	for coverage, want := range map[float64]float64{0.05: 1, 0.1: 1, 0.5: 5, 0.81: 9, 0.9: 9, 0.91: math.Inf(1)} {
		if got, err := calibrate.Quantile(scores, coverage); err != nil || got != want {
			t.Errorf("coverage %v: %v, %v, want %v", coverage, got, err, want)
		}
	}
	for _, coverage := range []float64{0, 1, -1, math.NaN()} {
		if _, err := calibrate.Quantile(scores, coverage); err == nil {
			t.Errorf("coverage %v is no error", coverage)
		}
	}
}

// A binary task is like two classes.
func TestBinarySets(t *testing.T) {
	for p, want := range map[float64][]int{0.9: {1}, 0.1: {0}, 0.5: {0, 1}} {
		if got := calibrate.Set([]float64{p}, 0.6); !slices.Equal(got, want) {
			t.Errorf("probability %v: %v, want %v", p, got, want)
		}
	}
}

// A scaling that is read gives finite numbers, and reads back as written.
func FuzzScaling(f *testing.F) {
	for _, text := range []string{`{}`, `{"scale":[0.5,0.5]}`, `{"scale":[2],"shift":[-1]}`, `{"scale":[0]}`, `{"scale":[1e999]}`, `{"scale":[1],"shift":[1,2]}`, `null`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var s, again calibrate.Scaling
		if json.Unmarshal(text, &s) != nil {
			return
		}
		row := make([]float64, max(len(s.Scale), len(s.Shift)))
		for i := range row {
			row[i] = float64(i)
		}
		if err := s.Apply(row); err != nil {
			t.Fatal(err)
		}
		for _, v := range row {
			if v-v != 0 {
				t.Fatalf("%s gives %v", text, row)
			}
		}
		out, err := json.Marshal(s)
		if err == nil {
			err = json.Unmarshal(out, &again)
		}
		if err != nil || !slices.Equal(s.Scale, again.Scale) || !slices.Equal(s.Shift, again.Shift) {
			t.Fatalf("%s reads back as %s: %v", text, out, err)
		}
	})
}

func ExampleTemperature() {
	// A network that is too sure: it is right for three of four rows, and gives each 98 %.
	d := calibrate.Data{
		Logits: [][]float64{slices.Repeat([]float64{4, 0}, 400)}, Columns: 2, Classes: true, Labels: slices.Repeat([]float64{0, 0, 0, 1}, 100),
	}
	s, err := calibrate.Temperature(d, calibrate.Options{})
	if err != nil {
		panic(err)
	}
	row := []float64{4, 0}
	if err := s.Apply(row); err != nil {
		panic(err)
	}
	fmt.Printf("temperature %.1f, probability %.2f\n", 1/s.Scale[0], 1/(1+math.Exp(row[1]-row[0])))
	// Output: temperature 3.5, probability 0.76
}

func ExampleQuantile() {
	probabilities := []float64{0.9, 0.1, 0.8, 0.2, 0.3, 0.7, 0.6, 0.4} // of two classes, for four rows
	scores, err := calibrate.ClassScores(probabilities, 2, []float64{0, 0, 1, 1})
	if err != nil {
		panic(err)
	}
	threshold, err := calibrate.Quantile(scores, 0.75)
	if err != nil {
		panic(err)
	}
	fmt.Printf("%.1f %v %v\n", threshold, calibrate.Set([]float64{0.95, 0.05}, threshold), calibrate.Set([]float64{0.5, 0.5}, threshold))
	// Output: 0.6 [0] [0 1]
}
