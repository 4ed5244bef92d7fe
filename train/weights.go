package train

import (
	"encoding/binary"
	"io"
	"maps"
	"math"
	"os"
	"strings"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/atomicfile"
	"github.com/selfnorm/selfnorm/nn"
	"gorgonia.org/tensor"
)

// stateKey is the metadata entry that lists the parameters that are not trainable.
const stateKey = "selfnorm.state"

// SaveWeights writes all parameters to a safetensors file, under their names, with the given metadata.
// The file appears when it is complete; on an error one that existed before is as it was.
func SaveWeights(path string, params *nn.Params, metadata map[string]string) error {
	views := map[string]safetensors.TensorView{}
	info := map[string]string{}
	for k, v := range metadata {
		info[k] = v
	}
	var state []string
	for _, p := range params.All() {
		view, err := viewOf(p.Value)
		if err != nil {
			return errors.Wrapf(err, "train: parameter %q", p.Name)
		}
		views[p.Name] = view
		if !p.Trainable {
			state = append(state, p.Name)
		}
	}
	info[stateKey] = strings.Join(state, ",")
	err := atomicfile.Write(path, func(w io.Writer) error { return safetensors.SerializeToWriter(views, info, w) })
	return errors.Wrap(err, "train")
}

func viewOf(t *tensor.Dense) (safetensors.TensorView, error) {
	var shape []uint64
	for _, d := range t.Shape() {
		shape = append(shape, uint64(d))
	}
	var data []byte
	switch x := t.Data().(type) {
	case []float32:
		for _, v := range x {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		}
		return safetensors.NewTensorView(safetensors.F32, shape, data)
	case []float64:
		for _, v := range x {
			data = binary.LittleEndian.AppendUint64(data, math.Float64bits(v))
		}
		return safetensors.NewTensorView(safetensors.F64, shape, data)
	}
	return safetensors.TensorView{}, errors.Errorf("dtype %v, want float32 or float64", t.Dtype())
}

// LoadWeights reads what SaveWeights wrote: the parameters and the metadata. Graphs built with the parameters use them by
// name, and report one of another shape. It returns an error that names the file if it is damaged or holds other dtypes.
func LoadWeights(path string) (*nn.Params, map[string]string, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, nil, errors.Wrap(err, "train")
	}
	params, metadata, err := decodeWeights(raw)
	return params, metadata, errors.Wrapf(err, "train: %s", path)
}

func decodeWeights(raw []byte) (*nn.Params, map[string]string, error) {
	file, err := safetensors.Deserialize(raw)
	if err != nil {
		return nil, nil, errors.Wrap(err, "not a complete safetensors file")
	}
	_, header, err := safetensors.ReadMetadata(raw)
	if err != nil {
		return nil, nil, err
	}
	metadata := maps.Clone(header.Metadata())
	state := map[string]bool{}
	for _, name := range strings.Split(metadata[stateKey], ",") {
		state[name] = true
	}
	delete(metadata, stateKey)
	var params *nn.Params
	for _, t := range file.Tensors() {
		value, err := denseOf(t.TensorView)
		if err != nil {
			return nil, nil, errors.Wrapf(err, "parameter %q", t.Name)
		}
		if params == nil {
			if params, err = nn.NewParams(value.Dtype(), 0); err != nil {
				return nil, nil, err
			}
		}
		if err := params.Add(t.Name, value, !state[t.Name]); err != nil {
			return nil, nil, err
		}
	}
	if params == nil {
		return nil, nil, errors.New("there are no tensors")
	}
	return params, metadata, nil
}

func denseOf(v safetensors.TensorView) (*tensor.Dense, error) {
	var shape []int
	for _, d := range v.Shape() {
		shape = append(shape, int(d))
	}
	if len(v.Data()) == 0 || len(shape) == 0 {
		return nil, errors.Errorf("shape %v", shape)
	}
	switch v.DType() {
	case safetensors.F32:
		x := make([]float32, len(v.Data())/4)
		for i := range x {
			x[i] = math.Float32frombits(binary.LittleEndian.Uint32(v.Data()[4*i:]))
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x)), nil
	case safetensors.F64:
		x := make([]float64, len(v.Data())/8)
		for i := range x {
			x[i] = math.Float64frombits(binary.LittleEndian.Uint64(v.Data()[8*i:]))
		}
		return tensor.New(tensor.WithShape(shape...), tensor.WithBacking(x)), nil
	}
	return nil, errors.Errorf("dtype %v, want F32 or F64", v.DType())
}
