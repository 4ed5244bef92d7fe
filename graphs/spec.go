package graphs

import (
	"bytes"
	"encoding/json"
	"reflect"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
	G "gorgonia.org/gorgonia"
)

// Spec describes a network by the name under which Network knows it, as plain data with a JSON form, so that a file can hold it.
// It is a layer itself, which adds the network that it describes. Its zero value describes none.
type Spec struct {
	// Network is the name, one of Networks.
	Network string `json:"network"`
	Hidden
	// Bottleneck is that of a ResNet, and 0 for all other networks.
	Bottleneck float64 `json:"bottleneck,omitempty"`
	// Inputs is the number of features.
	Inputs int `json:"inputs,omitempty"`
	// Loss is the name of the loss, one of Losses.
	Loss string `json:"loss,omitempty"`
}

var _ nn.Layer = Spec{}

// Layer returns the network, or an error if there is none of that name.
func (s Spec) Layer() (nn.Layer, error) {
	model, err := Network(s.Network, s.Hidden)
	if err != nil {
		return nil, err
	}
	if r, ok := model.(ResNet); ok {
		r.Bottleneck = s.Bottleneck
		return r, nil
	}
	if s.Bottleneck != 0 {
		return nil, errors.Errorf("network %q has no bottleneck", s.Network)
	}
	return model, nil
}

// Forward adds the network to the graph of x.
func (s Spec) Forward(b *nn.Binder, x *G.Node) (*G.Node, error) {
	model, err := s.Layer()
	if err != nil {
		return nil, err
	}
	return model.Forward(b, x)
}

// SpecOf returns the description of a network, without inputs and loss. ok is false if there is none: model must be a Spec, a
// network of this package, or a registered one whose type is made of Hidden, as in: type MyNet graphs.Hidden.
func SpecOf(model nn.Layer) (s Spec, ok bool) {
	switch m := model.(type) {
	case nil:
		return Spec{}, false
	case Spec:
		s := m
		s.Inputs, s.Loss = 0, ""
		return s, true
	case ResNet:
		return Spec{Network: "resnet", Hidden: m.Hidden, Bottleneck: m.Bottleneck}, true
	}
	v, hidden := reflect.ValueOf(model), reflect.TypeFor[Hidden]()
	if v.Kind() != reflect.Struct || !v.CanConvert(hidden) {
		return Spec{}, false
	}
	h := v.Convert(hidden).Interface().(Hidden)
	for _, n := range known() {
		if reflect.DeepEqual(n.make(h), model) {
			return Spec{Network: n.name, Hidden: h}, true
		}
	}
	return Spec{}, false
}

// ParseSpec reads the JSON of a Spec. It returns an error for a field that it does not know, which may change the network.
func ParseSpec(text []byte) (Spec, error) {
	var s Spec
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&s); err != nil {
		return Spec{}, errors.Wrap(err, "graphs: description of a network")
	}
	if d.More() {
		return Spec{}, errors.New("graphs: description of a network: there is more than one")
	}
	return s, nil
}
