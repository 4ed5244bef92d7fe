package train

import (
	"strings"

	"github.com/pkg/errors"
)

// metrics are those of this package.
var metrics = []Metric{
	Loss, MeanROCAUC, MeanPRAUC, Accuracy, BalancedAccuracy, MCC, LogLoss, Brier, CalibrationError, RMSE, MAE, R2,
}

// Metrics returns the names that MetricByName knows, for flags: roc-auc, balanced-accuracy and so on.
func Metrics() (names []string) {
	for _, m := range metrics {
		names = append(names, flagName(m.Name))
	}
	return names
}

// MetricByName returns a metric of this package: by its Name, or as Metrics writes it. An error lists the names.
func MetricByName(name string) (Metric, error) {
	for _, m := range metrics {
		if flagName(name) == flagName(m.Name) {
			return m, nil
		}
	}
	return Metric{}, errors.Errorf("train: no metric %q; there are %s", name, strings.Join(Metrics(), ", "))
}

func flagName(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
