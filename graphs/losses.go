package graphs

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/loss"
	G "gorgonia.org/gorgonia"
)

// Losses. All are weighted means over the observed labels.
var (
	// BCE is the sigmoid cross-entropy of binary tasks, one per output; labels may be missing. Predictions are probabilities.
	BCE = bce(nil)
	// CrossEntropy is the softmax cross-entropy of class indices. Predictions are probabilities that sum to 1.
	CrossEntropy = crossEntropy(0, nil)
	// SoftCrossEntropy is the softmax cross-entropy for labels that are distributions over the classes.
	SoftCrossEntropy = Loss{Name: "soft cross-entropy", Labels: Distribution, Link: Softmax, Total: sum, Apply: func(z, y, w *G.Node) (*G.Node, error) {
		return loss.SoftCrossEntropy(z, y, w, loss.CrossEntropyOptions{})
	}}
	// MultiMargin is the multi-class hinge loss of class indices, PyTorch's MultiMarginLoss. Predictions are scores.
	MultiMargin = Loss{Name: "multi-class hinge", Labels: ClassIndex, Total: sum, Apply: loss.MultiMargin}
	// MSE is the mean squared error of a regression.
	MSE = Loss{Name: "mean squared error", Total: sum, Apply: loss.MSE}
	// MAE is the mean absolute error of a regression, PyTorch's L1Loss.
	MAE = Loss{Name: "mean absolute error", Total: sum, Apply: loss.MAE}
)

func bce(posWeight []float64) Loss {
	return Loss{
		Name: "binary cross-entropy", Link: Sigmoid, Total: sum, CheckLabel: isProbability, ClassWeights: posWeight, reweighted: bce,
		Apply: func(z, y, w *G.Node) (*G.Node, error) { return loss.BCE(z, y, w, posWeight) },
	}
}

func isProbability(label float64) error {
	if label >= 0 && label <= 1 {
		return nil
	}
	return errors.Errorf("has the label %v, want a number from 0 to 1", label)
}

// SmoothedCrossEntropy is CrossEntropy with label smoothing: the label's class gets the probability 1 - smoothing, and the rest, smoothing,
// is divided evenly among all classes (Szegedy et al. 2016, section 7), as in PyTorch. smoothing is in [0, 1].
func SmoothedCrossEntropy(smoothing float64) Loss { return crossEntropy(smoothing, nil) }

func crossEntropy(smoothing float64, classWeights []float64) Loss {
	l := Loss{
		Name: "cross-entropy", Labels: ClassIndex, Link: Softmax, Total: sum, ClassWeights: classWeights,
		reweighted: func(w []float64) Loss { return crossEntropy(smoothing, w) },
		Apply: func(z, y, w *G.Node) (*G.Node, error) {
			return loss.CrossEntropy(z, y, w, loss.CrossEntropyOptions{ClassWeights: classWeights, Smoothing: smoothing})
		},
	}
	if smoothing != 0 {
		l.Name = settings("cross-entropy", "smoothing", smoothing)
	}
	if classWeights != nil {
		l.Total = func(labels, weights []float64) float64 { return loss.CrossEntropyTotal(labels, weights, classWeights) }
	}
	return l
}

// Huber is squared near 0 and linear beyond delta > 0, PyTorch's HuberLoss (Huber 1964).
func Huber(delta float64) Loss {
	return Loss{Name: settings("huber", "delta", delta), Total: sum, Apply: func(x, y, w *G.Node) (*G.Node, error) {
		return loss.Huber(x, y, w, delta)
	}}
}

// Quantile is the pinball loss, whose minimum is the q-quantile of the labels, q in [0, 1] (Koenker and Bassett 1978);
// scikit-learn's mean_pinball_loss.
func Quantile(q float64) Loss {
	return Loss{Name: settings("quantile", "q", q), Total: sum, Apply: func(x, y, w *G.Node) (*G.Node, error) { return loss.Pinball(x, y, w, q) }}
}

// Focal is the focal loss for binary tasks (Lin et al. 2017, equation 5): gamma >= 0 reduces the loss of easy labels, alpha in [0, 1]
// weights positive labels and 1 - alpha negative ones. The paper uses 2 and 0.25.
func Focal(gamma, alpha float64) Loss {
	return Loss{Name: settings("focal", "gamma", gamma, "alpha", alpha), Link: Sigmoid, Total: sum, CheckLabel: isProbability, Apply: func(z, y, w *G.Node) (*G.Node, error) {
		return loss.Focal(z, y, w, gamma, alpha)
	}}
}

// settings returns a name with settings, such as "focal(gamma=2,alpha=0.25)".
func settings(name string, pairs ...any) string {
	var parts []string
	for i := 0; i+1 < len(pairs); i += 2 {
		parts = append(parts, fmt.Sprintf("%s=%s", pairs[i], strconv.FormatFloat(pairs[i+1].(float64), 'g', -1, 64)))
	}
	return name + "(" + strings.Join(parts, ",") + ")"
}

// families holds the losses with settings by name: the names of the settings, and a function that creates the loss.
var families = map[string]struct {
	settings []string
	make     func(x []float64) Loss
}{
	"cross-entropy": {[]string{"smoothing"}, func(x []float64) Loss { return SmoothedCrossEntropy(x[0]) }},
	"huber":         {[]string{"delta"}, func(x []float64) Loss { return Huber(x[0]) }},
	"quantile":      {[]string{"q"}, func(x []float64) Loss { return Quantile(x[0]) }},
	"focal":         {[]string{"gamma", "alpha"}, func(x []float64) Loss { return Focal(x[0], x[1]) }},
}

var (
	lossesMu sync.RWMutex
	// losses are the losses without settings, which ParseLoss knows by name.
	losses = []Loss{BCE, CrossEntropy, SoftCrossEntropy, MultiMargin, MSE, MAE}
)

// RegisterLoss makes your own loss known under its name, so that networks with it can be saved and loaded. Call it in an init
// function. It returns an error for a loss without a name or Apply, and for a name that is taken.
func RegisterLoss(l Loss) error {
	if err := l.check(); err != nil {
		return errors.Wrap(err, "graphs: RegisterLoss")
	}
	if _, err := parseLoss(l.Name); l.Name == "" || err == nil {
		return errors.Errorf("graphs: RegisterLoss: the name %q is empty or taken", l.Name)
	}
	lossesMu.Lock()
	defer lossesMu.Unlock()
	losses = append(losses, l)
	return nil
}

// Losses returns the names of the losses that ParseLoss knows. Those with settings have the form "huber(delta=...)".
func Losses() []string {
	lossesMu.RLock()
	defer lossesMu.RUnlock()
	var names []string
	for _, l := range losses {
		names = append(names, l.Name)
	}
	var more []string
	for name, f := range families {
		more = append(more, name+"("+strings.Join(f.settings, "=...,")+"=...)")
	}
	sort.Strings(more)
	return append(names, more...)
}

// ParseLoss returns the loss with that name, such as "mean squared error" or "huber(delta=0.5)", or an error that lists the names.
func ParseLoss(name string) (Loss, error) {
	l, err := parseLoss(name)
	return l, errors.Wrap(err, "graphs")
}

func parseLoss(name string) (Loss, error) {
	lossesMu.RLock()
	for _, l := range losses {
		if l.Name == name {
			lossesMu.RUnlock()
			return l, nil
		}
	}
	lossesMu.RUnlock()
	base, rest, _ := strings.Cut(name, "(")
	if f, ok := families[base]; ok {
		if values, ok := parseSettings(rest, f.settings); ok {
			return f.make(values), nil
		}
	}
	return Loss{}, errors.Errorf("loss %q, want one of %s", name, strings.Join(Losses(), ", "))
}

// parseSettings returns the values of the named settings in a text such as "gamma=2,alpha=0.25)". ok is false if it has others.
func parseSettings(text string, names []string) (values []float64, ok bool) {
	text, ok = strings.CutSuffix(text, ")")
	parts := strings.Split(text, ",")
	if !ok || len(parts) != len(names) {
		return nil, false
	}
	for i, part := range parts {
		number, found := strings.CutPrefix(strings.TrimSpace(part), names[i]+"=")
		x, err := strconv.ParseFloat(number, 64)
		if !found || err != nil {
			return nil, false
		}
		values = append(values, x)
	}
	return values, true
}
