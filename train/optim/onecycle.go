package optim

import "math"

// OneCycle is the schedule of Smith and Topin 2018: the rate rises to its peak, the optimizer's rate, and then falls far below its starting
// value, both along half a cosine. The zero value has PyTorch's settings. Unlike PyTorch's OneCycleLR it does not change the momentum.
type OneCycle struct {
	// Rise is the fraction of the steps in which the rate rises, between 0 and 1. 0 means 0.3.
	Rise float64
	// Div is the peak divided by the rate of the first step, > 0. 0 means 25.
	Div float64
	// FinalDiv is the rate of the first step divided by that of the last, > 0. 0 means 10,000.
	FinalDiv float64
}

func (o OneCycle) withDefaults() OneCycle {
	return OneCycle{orDefault(o.Rise, 0.3), orDefault(o.Div, 25), orDefault(o.FinalDiv, 1e4)}
}

// Check implements Schedule.
func (o OneCycle) Check() error {
	o = o.withDefaults()
	return check("OneCycle", []setting{between("rise", o.Rise), positive("div", o.Div), positive("final div", o.FinalDiv)})
}

// At implements Schedule.
func (o OneCycle) At(p Progress) float64 {
	o = o.withDefaults()
	first, last := 1/o.Div, 1/(o.Div*o.FinalDiv)
	top, end, at := o.Rise*float64(p.Steps)-1, float64(p.Steps-1), float64(p.Step)
	if top > 0 && at <= top {
		return anneal(first, 1, at/top)
	}
	return anneal(1, last, (at-top)/(end-top)) // a rise of less than a step is cut off
}

// anneal goes from a to b along half a cosine as t goes from 0 to 1.
func anneal(a, b, t float64) float64 { return b + (a-b)/2*(1+math.Cos(math.Pi*t)) }
