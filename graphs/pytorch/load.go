package pytorch

import (
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// Load reads the weights of a network from a safetensors file that Save or PyTorch has written, and copies them into it: float32,
// float64, or float16 and bfloat16, which become float32. No value is rounded; what Save wrote comes back as it was.
// It returns an error that names the file, and the tensor if one is missing, surplus, or of another shape or dtype than the
// network's; the network is then as it was. num_batches_tracked is ignored.
func Load(net *graphs.Network, path string) error {
	if err := net.Check(); err != nil {
		return errors.Wrap(err, "pytorch")
	}
	tensors, _, err := tensorfile.ReadRaw(path)
	if err != nil {
		return errors.Wrap(err, "pytorch: not a complete safetensors file")
	}
	params := net.Params.Clone()
	if err := decode(tensors, params); err != nil {
		return errors.Wrapf(err, "pytorch: %s", path)
	}
	return errors.Wrap(net.Params.CopyFrom(params), "pytorch")
}

// decode writes the tensors of a file to the parameters.
func decode(tensors []tensorfile.Raw, params *nn.Params) error {
	views := map[string]tensorfile.Raw{}
	for _, t := range tensors {
		if !strings.HasSuffix("."+t.Name, "."+batchCount) {
			views[t.Name] = t
		}
	}
	list, err := entries(params)
	if err != nil {
		return err
	}
	for _, e := range list {
		v, ok := views[e.torch]
		if !ok {
			return errors.Errorf("there is no tensor %q", e.torch)
		}
		if err := e.set(v); err != nil {
			return errors.Wrapf(err, "tensor %q", e.torch)
		}
		delete(views, e.torch)
	}
	if len(views) > 0 {
		return errors.Errorf("the model has no place for the tensors %s", strings.Join(slices.Sorted(maps.Keys(views)), ", "))
	}
	return nil
}

// set takes the value that PyTorch has.
func (e entry) set(v tensorfile.Raw) error {
	if !slices.Equal(v.Shape, e.shape()) {
		return errors.Errorf("it has shape %v, want %v", v.Shape, e.shape())
	}
	value, err := v.Dense()
	if err != nil {
		return err
	}
	switch dst := e.Value.Data().(type) {
	case []float32:
		return take(dst, value.Data(), v)
	case []float64:
		return take(dst, value.Data(), v)
	}
	return errors.Errorf("elements of type %v, want floats", e.Value.Dtype())
}

// take copies values, of a matrix transposed.
func take[T float32 | float64](dst []T, values any, v tensorfile.Raw) error {
	src, ok := values.([]T)
	if !ok {
		return errors.Errorf("it is %s, want elements of type %T", v.DType, dst)
	}
	if len(v.Shape) == 2 {
		src = transposed(src, v.Shape[0], v.Shape[1])
	}
	copy(dst, src)
	return nil
}
