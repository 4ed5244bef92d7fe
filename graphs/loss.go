package graphs

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Labels is the form of the labels that a loss takes.
type Labels int

const (
	// PerOutput labels and their weights are matrices of the shape of the network's output.
	PerOutput Labels = iota
	// ClassIndex labels are a vector of class indices, one per row, counted from 0. Their weights are a vector.
	ClassIndex
	// Distribution labels are a matrix of the shape of the network's output: each row is a distribution over the classes.
	// Their weights are a vector, one per row.
	Distribution
)

// Link is the function that turns a row of the network's output into predictions.
type Link int

const (
	// Identity returns the output unchanged: a regression.
	Identity Link = iota
	// Sigmoid gives one probability per output: binary tasks.
	Sigmoid
	// Softmax gives probabilities that sum to 1: classes.
	Softmax
	// Custom applies Loss.Predict.
	Custom
)

// Loss is the loss that training minimizes, with the form of its labels and the link from outputs to predictions. The zero Loss means
// none.
type Loss struct {
	// Name identifies the loss in files and flags. It includes settings, as in "huber(delta=0.5)".
	Name string
	// Labels is the form of the labels.
	Labels Labels
	// Link turns outputs into predictions.
	Link Link
	// Predict is the link if Link is Custom: it turns one row of the output into predictions, in place.
	Predict func(row []float64)
	// Apply adds the loss, a scalar, to the graph. It may use any Gorgonia op. The constants of type Labels define the shapes of labels
	// and weights. The weight of a missing label is 0, that of an ordinary one 1. If Apply does not use the weights, training and
	// evaluation refuse data with any other weight than 1.
	Apply func(output, labels, weights *G.Node) (*G.Node, error)
	// Total returns the number by which Apply divides the weighted sum of the losses of the labels. The loss of a data set is the mean over
	// its batches, weighted by Total. If Total is nil, the loss is computed for all rows at once.
	Total func(labels, weights []float64) float64
	// CheckLabel returns an error for an observed label that the loss does not accept. Nil means that it accepts any finite number.
	CheckLabel func(label float64) error
	// ClassWeights holds the weights of the classes, or of the positive label of each output. Nil means that all are 1. Set them with
	// WithClassWeights.
	ClassWeights []float64

	reweighted func(classWeights []float64) Loss
}

// WithClassWeights returns the loss with weights for the classes, like PyTorch's CrossEntropyLoss(weight=...). For BCE they are the weights
// of the positive labels of each output, like BCEWithLogitsLoss(pos_weight=...). Nil removes them. It returns an error for a weight that is
// negative or not finite, and for a loss that has no class weights.
func (l Loss) WithClassWeights(weights []float64) (Loss, error) {
	for i, w := range weights {
		if !(w >= 0) || math.IsInf(w, 0) {
			return Loss{}, errors.Errorf("graphs: class weight %d is %v, want a finite number >= 0", i, w)
		}
	}
	switch {
	case l.reweighted != nil:
		return l.reweighted(append([]float64(nil), weights...)), nil
	case weights == nil:
		return l, nil
	}
	return Loss{}, errors.Errorf("graphs: the loss %q takes no class weights; weight the rows instead", l.Name)
}

// apply adds the loss to the graph. A panic of Apply becomes an error.
func (l Loss) apply(output, labels, weights *G.Node) (cost *G.Node, err error) {
	defer recovered(&err)
	switch cost, err = l.Apply(output, labels, weights); {
	case err != nil:
		return nil, err
	case cost == nil:
		return nil, errors.New("returned no node and no error")
	case cost.Graph() != output.Graph():
		return nil, errors.New("returned a node of another graph")
	case !cost.IsScalar():
		return nil, errors.Errorf("has shape %v, want a scalar", cost.Shape())
	}
	return cost, nil
}

// mean adds the mean of the losses of some outputs to the graph.
func (l Loss) mean(outputs []*G.Node, labels, weights *G.Node) (total *G.Node, err error) {
	for _, y := range outputs {
		cost, err := l.apply(y, labels, weights)
		if err != nil {
			return nil, err
		}
		if total == nil {
			total = cost
			continue
		}
		if total, err = ops.Add(total, cost); err != nil {
			return nil, err
		}
	}
	if len(outputs) == 1 {
		return total, nil
	}
	return ops.Scale(total, 1/float64(len(outputs)))
}

// Predictions turns a row of the network's output into predictions, in place. It returns an error if Predict panics.
func (l Loss) Predictions(row []float64) error {
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
		return l.predict(row)
	}
	return nil
}

func (l Loss) predict(row []float64) (err error) {
	defer func() { err = errors.Wrapf(err, "graphs: link of the loss %q", l.Name) }()
	defer recovered(&err)
	l.Predict(row)
	return nil
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
		return errors.Errorf("the loss %q has the label form %d, which does not exist", l.Name, int(l.Labels))
	case l.Link < Identity || l.Link > Custom:
		return errors.Errorf("the loss %q has the link %d, which does not exist", l.Name, int(l.Link))
	case l.Link == Custom && l.Predict == nil:
		return errors.Errorf("the loss %q has a custom link, but no function Predict", l.Name)
	}
	return nil
}

// known returns an error unless ParseLoss and WithClassWeights recreate the loss from its name and its class weights.
func (l Loss) known() error {
	again, err := parseLoss(l.Name)
	if err == nil && l.ClassWeights != nil {
		_, err = again.WithClassWeights(l.ClassWeights)
	}
	if err != nil {
		return errors.Wrap(err, "register your own loss with graphs.RegisterLoss")
	}
	if again.Labels != l.Labels || again.Link != l.Link {
		return errors.Errorf("the loss %q differs from the one registered under this name", l.Name)
	}
	return nil
}

func (l Loss) String() string {
	if l.ClassWeights == nil {
		return l.Name
	}
	return fmt.Sprintf("%s with class weights %v", l.Name, l.ClassWeights)
}
