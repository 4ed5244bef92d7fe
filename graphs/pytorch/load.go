package pytorch

import (
	"encoding/binary"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Load reads the weights of a model with the given number of inputs from a safetensors file that Save or PyTorch has
// written, float32 or float64. Values are taken bit by bit; what Save wrote comes back as it was.
// It returns an error that names the file, and the tensor if one is missing, surplus, or of another shape or dtype than the
// model's. num_batches_tracked is ignored.
func Load(path string, model nn.Layer, inputs int) (*nn.Params, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, errors.Wrap(err, "pytorch")
	}
	params, err := decode(raw, model, inputs)
	return params, errors.Wrapf(err, "pytorch: %s", path)
}

func decode(raw []byte, model nn.Layer, inputs int) (*nn.Params, error) {
	file, err := safetensors.Deserialize(raw)
	if err != nil {
		return nil, errors.Wrap(err, "not a complete safetensors file")
	}
	views := map[string]safetensors.TensorView{}
	for _, t := range file.Tensors() {
		if !strings.HasSuffix("."+t.Name, "."+batchCount) {
			views[t.Name] = t.TensorView
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
func paramsFor(views map[string]safetensors.TensorView, model nn.Layer, inputs int) (*nn.Params, error) {
	dtype := tensor.Float32
	for _, v := range views {
		if v.DType() == safetensors.F64 {
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
func (e entry) set(v safetensors.TensorView) error {
	var shape tensor.Shape
	for _, d := range v.Shape() {
		shape = append(shape, int(d))
	}
	want := safetensors.F32
	if e.Value.Dtype() == tensor.Float64 {
		want = safetensors.F64
	}
	if v.DType() != want || !slices.Equal(shape, e.shape()) {
		return errors.Errorf("it is %v of shape %v, want %v of shape %v", v.DType(), shape, want, e.shape())
	}
	switch dst := e.Value.Data().(type) {
	case []float32:
		for i := range dst {
			dst[i] = math.Float32frombits(binary.LittleEndian.Uint32(v.Data()[4*i:]))
		}
		if len(shape) == 2 {
			copy(dst, transposed(dst, shape[0], shape[1]))
		}
	case []float64:
		for i := range dst {
			dst[i] = math.Float64frombits(binary.LittleEndian.Uint64(v.Data()[8*i:]))
		}
		if len(shape) == 2 {
			copy(dst, transposed(dst, shape[0], shape[1]))
		}
	}
	return nil
}
