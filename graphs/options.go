package graphs

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
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
	first   string
	weight  float64
	heads   []Output
}

// optionsOf applies options to the defaults.
func optionsOf(opts []Option) (options, error) {
	o := options{dtype: tensor.Float32, first: batch.Y}
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

// OutputName names the first output, which is called batch.Y otherwise. Data sets give labels by this name.
func OutputName(name string) Option {
	return func(o *options) error { o.first = name; return nil }
}

// OutputWeight sets the weight of the loss of the first output, positive, in the sum over all outputs. The default is 1.
func OutputWeight(weight float64) Option {
	return func(o *options) error { o.weight = weight; return nil }
}

// WithOutput adds an output that a layer declares by its name with Binder.Output. Its Width is that of the declared node.
func WithOutput(output Output) Option {
	return func(o *options) error { o.heads = append(o.heads, output); return nil }
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
