package metric

// Loss is the training loss of the network over all of the data: [Result.Loss], which may be NaN. It applies to all kinds. For a network with several outputs it is the sum over all of them, and Loss.For("name") is that of one.
var Loss = Metric{Name: "loss", Lower: true, Defined: needSomeLabels, Func: func(r *Result) (float64, error) {
	observed := false
	r.eachPart(func(one *Result) { observed = observed || one.TotalWeight() != 0 })
	if !observed {
		return 0, errNoLabels()
	}
	return r.Loss, nil
}}

// needSomeLabels is needLabels for at least one of the outputs.
func needSomeLabels(r *Result) (err error) {
	found := false
	r.eachPart(func(one *Result) {
		if e := needLabels(one); e == nil {
			found = true
		} else if err == nil {
			err = e
		}
	})
	if found {
		return nil
	}
	return err
}
