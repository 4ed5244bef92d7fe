package pytorch

import (
	"fmt"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
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
	tables, err := tablesOf(net)
	if err != nil {
		return errors.Wrap(err, "pytorch")
	}
	var differs error
	tensors, _, err := tensorfile.ReadRawChecked(path, func(h tensorfile.Head) error {
		differs = match(h.Tensors, net.Params, tables)
		return differs
	})
	if differs != nil {
		return errors.Wrap(err, "pytorch")
	}
	if err != nil {
		return errors.Wrap(err, "pytorch: not a complete safetensors file")
	}
	values, err := decode(tensors, net.Params, tables)
	if err != nil {
		return errors.Wrapf(err, "pytorch: %s", path)
	}
	return errors.Wrap(net.Params.CopyFrom(values), "pytorch")
}

// byName returns the tensors of a file by name, without the counts of batches.
func byName(tensors []tensorfile.Raw) map[string]tensorfile.Raw {
	all := make(map[string]tensorfile.Raw, len(tensors))
	for _, t := range tensors {
		if t.Name != batchCount && !strings.HasSuffix(t.Name, "."+batchCount) {
			all[t.Name] = t
		}
	}
	return all
}

// match returns an error that lists how the tensors of a file, whose data may be missing, differ from the parameters of a network.
func match(tensors []tensorfile.Raw, params *nn.Params, tables map[string]bool) error {
	rest := byName(tensors)
	list, err := entries(params, tables)
	if err != nil {
		return err
	}
	var faults []string
	for _, e := range list {
		t, ok := rest[e.torch]
		delete(rest, e.torch)
		if !ok {
			faults = append(faults, fmt.Sprintf("tensor %.60q %v is missing", e.torch, e.shape()))
		} else if err := e.fits(t); err != nil {
			faults = append(faults, fmt.Sprintf("tensor %.60q %v", e.torch, err))
		}
	}
	const most = 500
	more := max(0, len(faults)+len(rest)-most)
	for _, t := range tensors { // in the order of the file
		if _, ok := rest[t.Name]; ok && len(faults) < most {
			faults = append(faults, fmt.Sprintf("tensor %.60q %v is surplus", t.Name, t.Shape))
		}
	}
	if more > 0 {
		faults = append(faults[:min(most, len(faults))], fmt.Sprintf("and %d more", more))
	}
	if faults != nil {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

// decode returns parameters like those of the set with the values of the tensors, which match.
func decode(tensors []tensorfile.Raw, like *nn.Params, tables map[string]bool) (*nn.Params, error) {
	values := byName(tensors)
	params := like.Clone()
	list, err := entries(params, tables)
	if err != nil {
		return nil, err
	}
	for _, e := range list {
		if err := e.set(values[e.torch]); err != nil {
			return nil, errors.Errorf("tensor %.60q %v", e.torch, err)
		}
	}
	return params, nil
}

// fits returns an error unless the parameter can hold a tensor of PyTorch.
func (e entry) fits(t tensorfile.Raw) error {
	if !slices.Equal(t.Shape, e.shape()) {
		return errors.Errorf("has shape %v, want %v", t.Shape, e.shape())
	}
	if err := t.CheckDType(); err != nil {
		return errors.Wrap(err, "cannot be read")
	}
	_, single := e.Value.Data().([]float32)
	if t.DType == "U8" || t.DType == "F64" && single {
		return errors.Errorf("is %s, which %v cannot hold", t.DType, e.Value.Dtype())
	}
	return nil
}

// set fills the parameter from a tensor of PyTorch.
func (e entry) set(t tensorfile.Raw) error {
	value, err := t.Dense()
	if err != nil {
		return errors.Wrap(err, "cannot be read")
	}
	switch dst := e.Value.Data().(type) {
	case []float32:
		if src, ok := value.Data().([]float32); ok {
			fill(dst, src, e)
			return nil
		}
	case []float64:
		switch src := value.Data().(type) {
		case []float32:
			fill(dst, src, e)
			return nil
		case []float64:
			fill(dst, src, e)
			return nil
		}
	}
	return errors.Errorf("is %s, which %v cannot hold", t.DType, e.Value.Dtype())
}

// fill copies values in PyTorch's layout of the parameter.
func fill[T, S float32 | float64](dst []T, src []S, e entry) {
	if e.transposed() {
		shape := e.shape()
		src = transposed(src, shape[0], shape[1])
	}
	for i, x := range src {
		dst[i] = T(x)
	}
}
