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

// Load reads the weights of a network from a safetensors file that Save or PyTorch has written, in the network's dtype, and copies them
// into it. Values are taken bit by bit; what Save wrote comes back as it was.
// It returns an error that names the file, and the tensor if one is missing, surplus, or of another shape or dtype than the
// network's; the network is then as it was. num_batches_tracked is ignored.
func Load(net *graphs.Network, path string) error {
	if err := net.Check(); err != nil {
		return errors.Wrap(err, "pytorch")
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		return errors.Wrap(err, "pytorch")
	}
	params := net.Params.Clone()
	if err := decode(raw, params); err != nil {
		return errors.Wrapf(err, "pytorch: %s", path)
	}
	return errors.Wrap(net.Params.CopyFrom(params), "pytorch")
}

// decode writes the tensors of a file to the parameters.
func decode(raw []byte, params *nn.Params) error {
	file, err := safetensors.Deserialize(raw)
	if err != nil {
		return errors.Wrap(err, "not a complete safetensors file")
	}
	views := map[string]safetensors.TensorView{}
	for _, t := range file.Tensors() {
		if !strings.HasSuffix("."+t.Name, "."+batchCount) {
			views[t.Name] = t.TensorView
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
