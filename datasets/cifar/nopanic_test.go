package cifar

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Nil, zero values and absurd sizes give an error, never a panic.
func TestNoPanics(t *testing.T) {
	nowhere(t)
	var none context.Context
	set, err := Load(none, datasets.Options{StandIn: true})
	if err != nil {
		t.Fatal(err)
	}
	if set, err := Synthetic(math.MaxUint64); err != nil || set.Validate() != nil || !set.Synthetic {
		t.Errorf("synthetic: %v", err)
	}
	dst := make([]float32, Width)
	for name, err := range map[string]error{
		"Load absent":        second(Load(none, datasets.Options{RealOnly: true})),
		"Load nowhere":       second(Load(none, datasets.Options{Dir: "\x00"})),
		"ReadBatch nil":      second(ReadBatch("x", nil, 1)),
		"ReadBatch none":     second(ReadBatch("x", strings.NewReader(""), 0)),
		"ReadBatch negative": second(ReadBatch("x", strings.NewReader(""), math.MinInt)),
		"ReadBatch huge":     second(ReadBatch("x", strings.NewReader(""), math.MaxInt)),
		"Gather huge row":    set.Features.Gather(dst, Width, []int{math.MaxInt / 8}),
		"Gather room":        set.Features.Gather(dst[1:], Width, []int{0}),
		"Gather stride":      set.Features.Gather(dst, 1, []int{0}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
