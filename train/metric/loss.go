package metric

// Loss is the loss that the network is trained for, on the data as a whole: [Result.Loss], which may be NaN. It is for all kinds.
var Loss = Metric{Name: "loss", Lower: true, Defined: needLabels, Func: func(r *Result) (float64, error) {
	if r.TotalWeight() == 0 {
		return 0, errNoLabels()
	}
	return r.Loss, nil
}}
