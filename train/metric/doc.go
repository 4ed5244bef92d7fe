// Package metric computes metrics of predictions: ROC-AUC, accuracy, RMSE and others, and the curves, calibration bins and confusion
// matrices that charts need. docs/metrics.md has all formulas and their sources.
//
// A [Result] holds predictions, labels and weights. A [Metric] computes a value from it and knows which direction is better:
//
//	value, err := metric.MeanROCAUC.Compute(result)
//	if metric.MeanROCAUC.Better(value, best) { ... }
//
// Every metric uses the weights of the result as scikit-learn uses sample_weight: an integer weight k is the same as repeating the
// label k times. A label with weight 0 and a label that is NaN are missing: they and their predictions are ignored.
package metric
