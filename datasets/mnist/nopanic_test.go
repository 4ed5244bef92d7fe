package mnist

import (
	"context"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets"
)

// Nil, zero values and absurd sizes give an error, never a panic.
func TestNoPanics(t *testing.T) {
	t.Setenv(datasets.DataVar, t.TempDir())
	t.Setenv(datasets.CacheVar, t.TempDir())
	var none context.Context
	set, err := Load(none, "mnist", datasets.Options{StandIn: true})
	if err != nil {
		t.Fatal(err)
	}
	if set, err := Synthetic(math.MaxUint64); err != nil || set.Validate() != nil || !set.Synthetic {
		t.Errorf("synthetic: %v", err)
	}
	dst := make([]float32, 784)
	for name, err := range map[string]error{
		"Load unknown":       second(Load(none, "", datasets.Options{})),
		"Load absent":        second(Load(none, "mnist10k", datasets.Options{RealOnly: true})),
		"ReadImages nil":     second(ReadImages("x", nil)),
		"ReadLabels nil":     second(ReadLabels("x", nil)),
		"ReadImages nothing": second(ReadImages("x", strings.NewReader(""))),
		"ReadImages huge":    second(ReadImages("x", strings.NewReader("\x00\x00\x08\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff"))),
		"Gather huge row":    set.Features.Gather(dst, 784, []int{math.MaxInt / 8}),
		"Gather room":        set.Features.Gather(dst[1:], 784, []int{0}),
		"Gather stride":      set.Features.Gather(dst, 1, []int{0}),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
