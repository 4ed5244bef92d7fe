package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Option is an option of New.
type Option func(*options) error

type options struct {
	dtype   tensor.Dtype
	seed    uint64
	params  *nn.Params
	outputs []string
}

// optionsOf applies options to the defaults.
func optionsOf(opts []Option) (options, error) {
	o := options{dtype: tensor.Float32}
	for i, option := range opts {
		if option == nil {
			return o, errors.Errorf("graphs: option %d is nil", i+1)
		}
		if err := option(&o); err != nil {
			return o, errors.Wrap(err, "graphs")
		}
	}
	return o, nil
}

// Seed sets the seed of the initial weights. The default is 0.
func Seed(seed uint64) Option {
	return func(o *options) error { o.seed = seed; return nil }
}

// Dtype sets the dtype of the weights, tensor.Float32 (the default) or tensor.Float64.
func Dtype(dtype tensor.Dtype) Option {
	return func(o *options) error { o.dtype = dtype; return nil }
}

// OutputNames names the columns of the output: the classes, tasks or targets.
func OutputNames(names ...string) Option {
	return func(o *options) error { o.outputs = append([]string(nil), names...); return nil }
}

// Weights gives the network these weights in place of new ones. They must be exactly its parameters. The network seals and keeps the
// set, it does not copy it. Seed and Dtype have no effect then.
func Weights(params *nn.Params) Option {
	return func(o *options) error {
		if params == nil {
			return errors.New("Weights(nil)")
		}
		o.params = params
		return nil
	}
}
