package graphs

import (
	"bytes"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// architecture is a type of layer that is known by name.
type architecture struct {
	name    string
	layer   reflect.Type // a struct
	pointer bool         // the layer is a pointer to it
}

var hiddenType = reflect.TypeFor[Hidden]()

var architectures = struct {
	sync.RWMutex
	list []architecture
}{list: []architecture{ // the seven networks of the paper, in its order
	{"snn", reflect.TypeFor[SNN](), false},
	{"msrainit", reflect.TypeFor[MSRAinit](), false},
	{"batchnorm", reflect.TypeFor[BatchNorm](), false},
	{"layernorm", reflect.TypeFor[LayerNorm](), false},
	{"weightnorm", reflect.TypeFor[WeightNorm](), false},
	{"highway", reflect.TypeFor[Highway](), false},
	{"resnet", reflect.TypeFor[ResNet](), false},
}}

// Register makes the type of a layer known by a name, so that files, flags and searches can refer to it: a network of such a layer
// can be saved and loaded. layer is any value of the type, a struct or a pointer to one, such as MyNet{}. Its exported fields describe
// the network: they must survive encoding/json, and Forward must depend on them alone. The meaning of a name must not change as long
// as there are files with it. Call Register in an init function.
// It returns an error for an empty or taken name and for a layer that is not a struct.
func Register(name string, layer nn.Layer) error {
	if name == "" || layer == nil {
		return errors.New("graphs: Register without a name or a layer")
	}
	a := architecture{name: name, layer: reflect.TypeOf(layer)}
	if a.layer.Kind() == reflect.Pointer {
		a.layer, a.pointer = a.layer.Elem(), true
	}
	if a.layer.Kind() != reflect.Struct {
		return errors.Errorf("graphs: Register %q: a %T is not a struct", name, layer)
	}
	architectures.Lock()
	defer architectures.Unlock()
	for _, b := range architectures.list {
		if b.name == name {
			return errors.Errorf("graphs: Register: the name %q is taken by %v", name, b.layer)
		}
		if b.layer == a.layer {
			return errors.Errorf("graphs: Register %q: %v is registered as %q", name, a.layer, b.name)
		}
	}
	architectures.list = append(architectures.list, a)
	return nil
}

// known is a snapshot of the registered architectures.
func known() []architecture {
	architectures.RLock()
	defer architectures.RUnlock()
	return slices.Clone(architectures.list)
}

// Names returns the names that ByName knows: the seven networks of the paper, and registered ones that are made of Hidden.
func Names() []string {
	var names []string
	for _, a := range known() {
		if _, ok := a.of(Hidden{}); ok {
			names = append(names, a.name)
		}
	}
	return names
}

// ByName returns the network of that name with the given hidden layers, or an error that lists the names. A registered type
// is known if it is made of Hidden, as in type MyNet graphs.Hidden, or embeds it.
func ByName(name string, h Hidden) (nn.Layer, error) {
	for _, a := range known() {
		if a.name != name {
			continue
		}
		if layer, ok := a.of(h); ok {
			return layer, nil
		}
		return nil, errors.Errorf("graphs: network %q has no field of type graphs.Hidden", name)
	}
	return nil, errors.Errorf("graphs: network %q, want one of %s", name, strings.Join(Names(), ", "))
}

// of returns the layer with the given hidden layers, if it has any.
func (a architecture) of(h Hidden) (nn.Layer, bool) {
	v := reflect.New(a.layer)
	if hiddenType.ConvertibleTo(a.layer) {
		v.Elem().Set(reflect.ValueOf(h).Convert(a.layer))
	} else if f := v.Elem().FieldByName("Hidden"); f.IsValid() && f.Type() == hiddenType {
		f.Set(reflect.ValueOf(h))
	} else {
		return nil, false
	}
	return a.value(v), true
}

// value returns what v points to as a layer.
func (a architecture) value(v reflect.Value) nn.Layer {
	if !a.pointer {
		v = v.Elem()
	}
	layer, _ := v.Interface().(nn.Layer)
	return layer
}

// encode returns the name of a layer and its fields as JSON. It returns an error for a type that is not registered, and for
// fields that JSON does not bring back.
func encode(layer nn.Layer) (name string, fields json.RawMessage, err error) {
	if layer == nil {
		return "", nil, errors.New("there is no layer")
	}
	t := reflect.TypeOf(layer)
	if t.Kind() == reflect.Pointer {
		if t = t.Elem(); reflect.ValueOf(layer).IsNil() {
			return "", nil, errors.New("there is no layer")
		}
	}
	for _, a := range known() {
		if a.layer != t {
			continue
		}
		if fields, err = json.Marshal(layer); err != nil {
			return "", nil, errors.Wrapf(err, "network %q cannot be described", a.name)
		}
		again, err := a.decode(fields)
		if err != nil {
			return "", nil, err
		}
		if was, is := reflect.Indirect(reflect.ValueOf(layer)), reflect.Indirect(reflect.ValueOf(again)); !reflect.DeepEqual(is.Interface(), was.Interface()) {
			return "", nil, errors.Errorf("network %q cannot be described: its fields %+v come back from JSON as %+v", a.name, layer, again)
		}
		return a.name, fields, nil
	}
	return "", nil, errors.Errorf("a %T has no registered name; use a network of package graphs, or graphs.Register yours", layer)
}

// decode returns the layer that the JSON of encode describes. A field that the type lacks is an error, because it may change the network.
func (a architecture) decode(fields json.RawMessage) (nn.Layer, error) {
	v := reflect.New(a.layer)
	d := json.NewDecoder(bytes.NewReader(fields))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, errors.Wrapf(err, "network %q", a.name)
	}
	return a.value(v), nil
}

// decode returns the layer of that name that the JSON describes.
func decode(name string, fields json.RawMessage) (nn.Layer, error) {
	var names []string
	for _, a := range known() {
		if a.name == name {
			return a.decode(fields)
		}
		names = append(names, a.name)
	}
	return nil, errors.Errorf("network %q is not registered here, only %s", name, strings.Join(names, ", "))
}
