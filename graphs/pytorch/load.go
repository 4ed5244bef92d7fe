package pytorch

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// Load copies the weights of a safetensors file, written by PyTorch or by Save, into a network. The file may hold float16, bfloat16,
// float32 and, for a float64 network, float64 tensors: no value is rounded. num_batches_tracked is ignored.
//
// It returns an error that names the file and lists every tensor that is missing, surplus, or differs from the network's in shape or dtype.
// On an error the network stays unchanged.
func Load(net *graphs.Network, path string) error {
	if err := net.Check(); err != nil {
		return errors.Wrap(err, "pytorch")
	}
	tensors, _, err := tensorfile.ReadRaw(path)
	if err != nil {
		return errors.Wrap(err, "pytorch: not a complete safetensors file")
	}
	values, err := decode(tensors, net.Params)
	if err != nil {
		return errors.Wrapf(err, "pytorch: %s", path)
	}
	return errors.Wrap(net.Params.CopyFrom(values), "pytorch")
}

// decode returns parameters like those of the set with the values of the tensors.
func decode(tensors []tensorfile.Raw, like *nn.Params) (*nn.Params, error) {
	byName := map[string]tensorfile.Raw{}
	for _, t := range tensors {
		if !strings.HasSuffix("."+t.Name, "."+batchCount) {
			byName[t.Name] = t
		}
	}
	params := like.Clone()
	list, err := entries(params)
	if err != nil {
		return nil, err
	}
	var faults []string
	for _, e := range list {
		t, ok := byName[e.torch]
		delete(byName, e.torch)
		if !ok {
			faults = append(faults, fmt.Sprintf("tensor %q %v is missing", e.torch, e.shape()))
		} else if err := e.set(t); err != nil {
			faults = append(faults, fmt.Sprintf("tensor %q %v", e.torch, err))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		faults = append(faults, fmt.Sprintf("tensor %q %v is surplus", name, byName[name].Shape))
	}
	if faults != nil {
		return nil, errors.New(strings.Join(faults, "; "))
	}
	return params, nil
}

// set fills the parameter from a tensor of PyTorch.
func (e entry) set(t tensorfile.Raw) error {
	if !slices.Equal(t.Shape, e.shape()) {
		return errors.Errorf("has shape %v, want %v", t.Shape, e.shape())
	}
	value, err := t.Dense()
	if err != nil {
		return errors.Wrap(err, "cannot be read")
	}
	switch dst := e.Value.Data().(type) {
	case []float32:
		if src, ok := value.Data().([]float32); ok {
			fill(dst, src, e.shape())
			return nil
		}
	case []float64:
		switch src := value.Data().(type) {
		case []float32:
			fill(dst, src, e.shape())
			return nil
		case []float64:
			fill(dst, src, e.shape())
			return nil
		}
	}
	return errors.Errorf("is %s, which %v cannot hold", t.DType, e.Value.Dtype())
}

// fill copies values of the given shape; those of a matrix are transposed.
func fill[T, S float32 | float64](dst []T, src []S, shape tensor.Shape) {
	if len(shape) == 2 {
		src = transposed(src, shape[0], shape[1])
	}
	for i, x := range src {
		dst[i] = T(x)
	}
}
