package pytorch

import (
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Load reads the weights of a model with the given number of inputs from a safetensors file that Save or PyTorch has
// written: float32, float64, or float16 and bfloat16, which become float32. No value is rounded; what Save wrote comes back as it was.
// It returns an error that names the file, and the tensor if one is missing, surplus, or of another shape or dtype than the
// model's. num_batches_tracked is ignored.
func Load(path string, model nn.Layer, inputs int) (*nn.Params, error) {
	tensors, _, err := tensorfile.ReadRaw(path)
	if err != nil {
		return nil, errors.Wrap(err, "pytorch: not a complete safetensors file")
	}
	params, err := decode(tensors, model, inputs)
	return params, errors.Wrapf(err, "pytorch: %s", path)
}

func decode(tensors []tensorfile.Raw, model nn.Layer, inputs int) (*nn.Params, error) {
	views := map[string]tensorfile.Raw{}
	for _, t := range tensors {
		if !strings.HasSuffix("."+t.Name, "."+batchCount) {
			views[t.Name] = t
		}
	}
	params, err := paramsFor(views, model, inputs)
	if err != nil {
		return nil, err
	}
	list, err := entries(params)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		v, ok := views[e.torch]
		if !ok {
			return nil, errors.Errorf("there is no tensor %q", e.torch)
		}
		if err := e.set(v); err != nil {
			return nil, errors.Wrapf(err, "tensor %q", e.torch)
		}
		delete(views, e.torch)
	}
	if len(views) > 0 {
		return nil, errors.Errorf("the model has no place for the tensors %s", strings.Join(slices.Sorted(maps.Keys(views)), ", "))
	}
	return params, nil
}

// paramsFor makes the parameters of the model, of the dtype that the tensors have.
func paramsFor(views map[string]tensorfile.Raw, model nn.Layer, inputs int) (*nn.Params, error) {
	dtype := tensor.Float32
	for _, v := range views {
		if v.DType == "F64" {
			dtype = tensor.Float64
		}
	}
	params, err := nn.NewParams(dtype, 0)
	if err != nil {
		return nil, err
	}
	_, err = graphs.Build(model, params, graphs.Config{Mode: graphs.Evaluate, Batch: 1, Inputs: inputs})
	return params, err
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
