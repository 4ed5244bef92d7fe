package metric

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"github.com/pkg/errors"
)

// registry holds the metrics that have a name, in order.
var registry = struct {
	sync.RWMutex
	metrics []Metric
}{metrics: []Metric{
	Loss, MeanROCAUC, MeanPRAUC, MeanDeltaPRAUC, Accuracy, BalancedAccuracy, MCC, F1, MicroF1, Precision, Recall, TopK(5),
	LogLoss, Brier, CalibrationError, RMSE, MSE, MAE, MAPE, R2,
}}

// Names returns the names that ByName knows, as used in flags: roc-auc, balanced-accuracy and so on.
func Names() []string {
	registry.RLock()
	defer registry.RUnlock()
	var names []string
	for _, m := range registry.metrics {
		names = append(names, flagName(m.Name))
	}
	return names
}

// ByName returns a metric of this package or a registered one, by its Name or its form in Names. An error lists the names.
func ByName(name string) (Metric, error) {
	registry.RLock()
	k := slices.IndexFunc(registry.metrics, func(m Metric) bool { return flagName(m.Name) == flagName(name) })
	if k >= 0 {
		defer registry.RUnlock()
		return registry.metrics[k], nil
	}
	registry.RUnlock()
	return Metric{}, errors.Errorf("metric: no metric %q; there are %s", name, strings.Join(Names(), ", "))
}

// Register adds your metric under its Name, so that flags, searches and settings files can refer to it. It returns an error if Func is
// nil, the name is blank, has a comma or a character that does not print, or is taken.
func Register(m Metric) error {
	switch {
	case m.Func == nil:
		return errors.Errorf("metric: %q has no Func", m.Name)
	case strings.TrimSpace(m.Name) != m.Name || m.Name == "" || strings.ContainsFunc(m.Name, func(r rune) bool { return r == ',' || !unicode.IsPrint(r) }):
		return errors.Errorf("metric: a metric cannot be registered under the name %q", m.Name)
	}
	registry.Lock()
	defer registry.Unlock()
	for _, known := range registry.metrics {
		if flagName(known.Name) == flagName(m.Name) {
			return errors.Errorf("metric: the name %q is taken", m.Name)
		}
	}
	registry.metrics = append(registry.metrics, m)
	return nil
}

func flagName(name string) string { return strings.ReplaceAll(strings.ToLower(name), " ", "-") }
