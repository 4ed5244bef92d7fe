package graphs

import (
	"fmt"
	"math"
	"runtime/debug"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Labels is the form of the labels that a loss reads.
type Labels int

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
	switch {
	case l.reweighted != nil:
		return l.reweighted(append([]float64(nil), weights...)), nil
	case weights == nil:
		return l, nil
	}
	return Loss{}, errors.Errorf("graphs: the loss %q takes no class weights; weigh the rows instead", l.Name)
}

// apply adds the loss to the graph; a panic of Apply is an error.
func (l Loss) apply(output, labels, weights *G.Node) (cost *G.Node, err error) {
	defer func() {
		if r := recover(); r != nil {
			cost, err = nil, errors.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	cost, err = l.Apply(output, labels, weights)
	switch {
	case err != nil:
		return nil, err
	case cost == nil:
		return nil, errors.New("returned no node and no error")
	case !cost.IsScalar():
		return nil, errors.Errorf("has shape %v, want a scalar", cost.Shape())
	}
	return cost, nil
}

// Predictions turns a row of the network's output into predictions, in place.
func (l Loss) Predictions(row []float64) {
	switch {
	case len(row) == 0:
	case l.Link == Sigmoid:
		kernel.Sigmoid(nil, row, row)
	case l.Link == Softmax:
		lse, _ := kernel.LogSumExp(row)
		for i, z := range row {
			row[i] = math.Exp(z - lse)
		}
	case l.Link == Custom && l.Predict != nil:
		l.Predict(row)
	}
}

// sum is the Total of a weighted mean.
func sum(_, weights []float64) float64 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	return total
}

func (l Loss) check() error {
	switch {
	case l.Apply == nil:
		return errors.New("there is no loss; set one, for instance graphs.BCE")
	case l.Labels < PerOutput || l.Labels > Distribution:
		return errors.Errorf("the loss %q has labels of form %d, which does not exist", l.Name, int(l.Labels))
	case l.Link < Identity || l.Link > Custom || l.Link == Custom && l.Predict == nil:
		return errors.Errorf("the loss %q has the link %d without a function Predict", l.Name, int(l.Link))
	}
	return nil
}

func (l Loss) String() string {
	if l.ClassWeights == nil {
		return l.Name
	}
	return fmt.Sprintf("%s with class weights %v", l.Name, l.ClassWeights)
}
