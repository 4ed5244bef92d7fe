package train

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// weighClasses makes the class weights of the configuration part of the network's losses.
func (r *run) weighClasses() error {
	if !r.Balanced {
		return r.weigh(0, r.ClassWeights)
	}
	if r.ClassWeights != nil {
		return errors.New("there are ClassWeights, and Balanced would compute others; set one of them")
	}
	labels, err := r.labels(r.data)
	if err != nil {
		return errors.Wrap(err, "balanced class weights")
	}
	found := false
	for i, part := range labels.Parts {
		if part.Kind != metric.Classes && part.Kind != metric.Binary {
			continue
		}
		found = true
		weights, err := balanced(part.Result)
		if err == nil {
			err = r.weigh(i, weights)
		}
		if err != nil {
			return errors.Wrapf(err, "output %q", part.Name)
		}
	}
	if found {
		return nil
	}
	weights, err := balanced(labels)
	if err != nil {
		return err
	}
	return r.weigh(0, weights)
}

// weigh makes class weights part of the loss of an output. Nil weights leave it as it is.
func (r *run) weigh(output int, weights []float64) error {
	if weights == nil {
		return nil
	}
	o := &r.net.Outputs[output]
	if len(weights) != o.Width {
		return errors.Errorf("%d class weights for %d outputs", len(weights), o.Width)
	}
	loss, err := o.Loss.WithClassWeights(weights)
	if err != nil {
		return err
	}
	o.Loss = loss
	return nil
}

// balanced returns n/(k n_c) for each class c of k that has n_c of n rows, as scikit-learn does, and negatives/positives for each
// output of binary labels, as PyTorch's documentation of pos_weight suggests. A class without rows gets the weight 1, and so does an output
// without positive or negative labels.
func balanced(r *metric.Result) ([]float64, error) {
	weights := make([]float64, r.Outputs)
	counts := make([][2]float64, r.Outputs) // of classes: others, this one; of outputs: negatives, positives
	n := 0.0
	switch r.Kind {
	case metric.Classes:
		for i, class := range r.Labels {
			if r.Weights[i] > 0 {
				counts[int(class)][1]++
				n++
			}
		}
	case metric.Binary:
		for k, y := range r.Labels {
			if r.Weights[k] <= 0 {
				continue
			}
			if y > 0.5 {
				counts[k%r.Outputs][1]++
			} else {
				counts[k%r.Outputs][0]++
			}
		}
	default:
		return nil, errors.Errorf("balanced class weights need classes or binary labels, but this is %v", r.Kind)
	}
	for c, count := range counts {
		switch {
		case r.Kind == metric.Classes && count[1] > 0:
			weights[c] = n / (float64(r.Outputs) * count[1])
		case r.Kind == metric.Binary && count[0] > 0 && count[1] > 0:
			weights[c] = count[0] / count[1]
		default:
			weights[c] = 1
		}
	}
	return weights, nil
}
