package graphs

import (
	"fmt"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/ops/kernel"
	G "gorgonia.org/gorgonia"
)

// Labels is the form of the labels that a loss reads.
type Labels int

const (
	// PerOutput labels are a matrix of the shape of the network's output, and so are their weights.
	PerOutput Labels = iota
	// ClassIndex labels are a vector with the index of one class per row, counted from 0. Their weights are a vector.
	ClassIndex
	// Distribution labels are a matrix of the shape of the network's output, each row a distribution over the classes.
	// Their weights are a vector, one per row.
	Distribution
)

// Link is the function that turns a row of the network's output into predictions.
type Link int

const (
	// Identity leaves the output as it is: a regression.
	Identity Link = iota
	// Sigmoid gives one probability per output: binary tasks.
	Sigmoid
	// Softmax gives probabilities that sum to 1: classes.
	Softmax
	// Custom is Loss.Predict.
	Custom
)

// Loss is what a network is trained for. The zero Loss is none.
type Loss struct {
	// Name identifies the loss in files and flags; it includes settings, as in "huber(delta=0.5)".
	Name string
	// Labels is the form of the labels.
	Labels Labels
	// Link turns outputs into predictions.
	Link Link
	// Predict is the link of a loss whose Link is Custom: it turns one row of the output into predictions, in place.
	Predict func(row []float64)
	// Apply adds the loss, a scalar, to the graph. It may use any Gorgonia op. Labels and weights have the shapes of the
	// constants of type Labels. A weight is 0 for a missing label, and 1 for an ordinary one; a loss that does not use the weights
	// refuses data in which one is not 1.
	Apply func(output, labels, weights *G.Node) (*G.Node, error)
	// Total returns the number by which Apply divides the weighted sum of the losses of the labels. With it the loss of a whole data
	// set is the mean over its batches weighted by Total; without, it is computed for all rows at once.
	Total func(labels, weights []float64) float64
	// CheckLabel returns an error for an observed label that the loss cannot use. Nil means that any finite number will do.
	CheckLabel func(label float64) error
	// ClassWeights are the weights of the classes, or of the positive label of each output; nil means 1. See WithClassWeights.
	ClassWeights []float64

	reweighted func(classWeights []float64) Loss
}

// WithClassWeights returns the loss with weights of the classes, as PyTorch's CrossEntropyLoss(weight=...), or for BCE of the
// positive labels of each output, as BCEWithLogitsLoss(pos_weight=...). Nil takes them away. It returns an error for a weight that is
// not a finite number >= 0, and for a loss that has no class weights.
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
	return Loss{}, errors.Errorf("graphs: the loss %q takes no class weights; weigh the rows instead", l.Name)
}

// apply adds the loss to the graph; a panic of Apply is an error.
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

// known returns an error unless ParseLoss and WithClassWeights make the loss again from its name and its class weights.
func (l Loss) known() error {
	again, err := parseLoss(l.Name)
	if err == nil && l.ClassWeights != nil {
		_, err = again.WithClassWeights(l.ClassWeights)
	}
	if err != nil {
		return errors.Wrap(err, "register a loss of your own with graphs.RegisterLoss")
	}
	if again.Labels != l.Labels || again.Link != l.Link {
		return errors.Errorf("the loss %q is not the one that is registered under this name", l.Name)
	}
	return nil
}

func (l Loss) String() string {
	if l.ClassWeights == nil {
		return l.Name
	}
	return fmt.Sprintf("%s with class weights %v", l.Name, l.ClassWeights)
}
