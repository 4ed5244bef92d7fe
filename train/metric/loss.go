package metric

// Loss is the training loss of the network over all of the data: [Result.Loss], which may be NaN. It applies to all kinds.
var Loss = Metric{Name: "loss", Lower: true, Defined: needLabels, Func: func(r *Result) (float64, error) {
	if r.TotalWeight() == 0 {
		return 0, errNoLabels()
	}
	return r.Loss, nil
}}
