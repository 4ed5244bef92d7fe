package mnist

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
)

func TestStandIn(t *testing.T) {
	nowhere(t)
	set, err := datasets.Open("mnist", datasets.Options{})
	if err != nil || !set.Synthetic || !strings.HasPrefix(set.Notes, "SYNTHETIC") {
		t.Fatalf("without files: %v, want a stand-in", err)
	}
	if _, err := Load(t.Context(), "mnist", datasets.Options{RealOnly: true}); !errors.Is(err, datasets.ErrNoFiles) {
		t.Errorf("real data only: %v", err)
	}
	again, _ := Synthetic(0)
	other, _ := Synthetic(1)
	if !cmp.Equal(set.Labels, again.Labels) || cmp.Equal(set.Labels, other.Labels) {
		t.Error("the stand-in does not follow its seed")
	}
	count := make([]int, 10)
	for r := range set.Len() {
		count[set.Class(r)]++
	}
	for k, n := range count {
		if n < 200 {
			t.Errorf("%d images of %d", n, k)
		}
	}
}

// The nearest mean image of the training part names most digits of the test part: the drawings can be told apart.
func TestStandInCanBeLearned(t *testing.T) {
	set, err := Synthetic(1)
	if err != nil {
		t.Fatal(err)
	}
	var mean [10][]float64
	row := make([]float32, set.Width())
	for k := range mean {
		mean[k] = make([]float64, len(row))
	}
	count := [10]float64{}
	for _, r := range set.Rows(datasets.Train) {
		set.Features.Gather(row, len(row), []int{r})
		k := set.Class(r)
		count[k]++
		for c, v := range row {
			mean[k][c] += float64(v)
		}
	}
	right, test := 0, set.Rows(datasets.Test)
	for _, r := range test {
		set.Features.Gather(row, len(row), []int{r})
		best, least := 0, 1e9
		for k := range mean {
			d := 0.0
			for c, v := range row {
				e := mean[k][c]/count[k] - float64(v)
				d += e * e
			}
			if d < least {
				best, least = k, d
			}
		}
		if best == set.Class(r) {
			right++
		}
	}
	if share := float64(right) / float64(len(test)); share < 0.5 {
		t.Errorf("%.2f of the test digits are nearest to their class", share)
	}
}
