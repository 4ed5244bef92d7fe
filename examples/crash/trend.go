package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"
)

// warmUp is the share of the samples at the beginning that are not judged: caches fill, histories reach their bounds.
const warmUp = 0.1

// least is the number of samples that can be judged.
const least = 8

// limits are the most that a quantity may grow from the first judged sample to the last, along a line through all: a share of its median,
// or an amount, whichever is more. Open files and goroutines differ by a connection now and then.
var limits = []struct {
	name          string
	of            func(s sample) float64
	share, amount float64
}{
	{"live heap", func(s sample) float64 { return s.Heap }, 0.05, 1e6},
	{"open files", func(s sample) float64 { return s.Files }, 0, 1},
	{"goroutines", func(s sample) float64 { return s.Goroutines }, 0, 1},
	{"step time", func(s sample) float64 { return s.Step }, 0.10, 0},
	{"CPU time of an epoch", func(s sample) float64 { return s.Whole }, 0.10, 0},
}

// judge prints how much each quantity has grown, and returns an error if one has grown by more than its limit.
func judge(samples []sample, w io.Writer) error {
	samples = samples[int(warmUp*float64(len(samples))):]
	if len(samples) < least {
		return errors.Errorf("%d measurements are too few to judge, want %d: train longer, or measure more often (-every)", len(samples), least)
	}
	var grown []string
	for _, l := range limits {
		var x, y []float64
		for _, s := range samples {
			x, y = append(x, s.Minutes), append(y, l.of(s))
		}
		growth := slope(x, y) * (x[len(x)-1] - x[0])
		limit := max(l.share*median(y), l.amount)
		verdict := "flat"
		if growth > limit {
			verdict = "grows"
			grown = append(grown, l.name)
		}
		fmt.Fprintf(w, "%s: %s; %+.3g in all, at most %.3g (median %.4g)\n", l.name, verdict, growth, limit, median(y))
	}
	if len(grown) > 0 {
		return errors.Errorf("growing: %s", strings.Join(grown, ", "))
	}
	return nil
}

// slope is the Theil-Sen estimate (Sen 1968), the median of the slopes of all pairs of points: outliers do not move it.
func slope(x, y []float64) float64 {
	var slopes []float64
	for i := range x {
		for j := range i {
			if x[i] != x[j] {
				slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	return median(slopes)
}

// median returns the median of some numbers, 0 of none.
func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	if n == 0 {
		return 0
	}
	return (x[(n-1)/2] + x[n/2]) / 2
}
