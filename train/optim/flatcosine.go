package optim

// FlatCosine keeps the rate for a share of the run, and then falls from 1 to 0 along half a cosine.
type FlatCosine struct {
	// Flat is the share of the steps with the full rate, in [0, 1). nil means a half, as RealMLP has for dropout and weight decay (Holzmüller et al.
	// 2024).
	Flat *float64
}

// At implements Schedule.
func (f FlatCosine) At(p Progress) float64 {
	flat := given(f.Flat, 0.5)
	t := float64(p.Step) / float64(p.Steps)
	if t <= flat {
		return 1
	}
	return anneal(1, 0, (t-flat)/(1-flat))
}

// Check implements Schedule.
func (f FlatCosine) Check() error {
	return check("FlatCosine", []setting{fraction("flat", given(f.Flat, 0.5))})
}
