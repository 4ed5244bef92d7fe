package graphs

import (
	"math"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Loss is what a network is trained for.
type Loss struct {
	Name string
	// Classes says that a label is one class index per row, a vector. Otherwise labels and their weights are matrices of
	// the shape of the network's output.
	Classes bool
	// Apply adds the loss to the graph. weights is nil for a loss of classes.
	Apply func(logits, labels, weights *G.Node) (*G.Node, error)
	// Link turns one row of the network's output into predictions, in place. Nil means that they are the output itself.
	Link func(row []float64)
}

// The losses.
var (
	// BCE is the masked sigmoid cross-entropy of a multi-task classifier. Predictions are probabilities, one per task.
	BCE = Loss{Name: "binary cross-entropy", Apply: bce, Link: sigmoid}
	// CrossEntropy is the softmax cross-entropy of a classifier. Predictions are probabilities that sum to 1.
	CrossEntropy = Loss{Name: "cross-entropy", Classes: true, Apply: crossEntropy, Link: softmax}
	// MSE is the mean squared error of a regression. All labels count, whatever their weight.
	MSE = Loss{Name: "mean squared error", Apply: mse}
)

func bce(logits, labels, weights *G.Node) (*G.Node, error) {
	return ops.BCE(logits, labels, weights, nil)
}

func crossEntropy(logits, classes, weights *G.Node) (*G.Node, error) {
	return ops.CrossEntropy(logits, classes, weights, ops.CrossEntropyOptions{})
}

func mse(output, labels, _ *G.Node) (*G.Node, error) { return ops.MSE(output, labels, nil) }

func sigmoid(row []float64) { kernel.Sigmoid(nil, row, row) }

func softmax(row []float64) {
	lse, _ := kernel.LogSumExp(row)
	for i, z := range row {
		row[i] = math.Exp(z - lse)
	}
}

// losses are those that ParseLoss knows.
var losses = []Loss{BCE, CrossEntropy, MSE}

// Losses returns the names of the losses that ParseLoss knows.
func Losses() []string {
	var names []string
	for _, l := range losses {
		names = append(names, l.Name)
	}
	return names
}

// ParseLoss returns the loss of that name, or an error that lists the names.
func ParseLoss(name string) (Loss, error) {
	for _, l := range losses {
		if l.Name == name {
			return l, nil
		}
	}
	return Loss{}, errors.Errorf("loss %q, want one of %s", name, strings.Join(Losses(), ", "))
}
