package graphs

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/nn"
)

// architecture is a registered type of layer. Together with the values of its fields it describes a network without weights.
type architecture struct {
	name    string
	layer   reflect.Type // a struct
	pointer bool         // the layer is a pointer to it
	variant bool         // of one of the seven networks; Names leaves it out
}

var hiddenType = reflect.TypeFor[Hidden]()

var architectures = struct {
	sync.RWMutex
	list []architecture
}{list: []architecture{ // the seven networks of the paper, in its order
	{name: "snn", layer: reflect.TypeFor[SNN]()},
	{name: "msrainit", layer: reflect.TypeFor[MSRAinit]()},
	{name: "batchnorm", layer: reflect.TypeFor[BatchNorm]()},
	{name: "layernorm", layer: reflect.TypeFor[LayerNorm]()},
	{name: "weightnorm", layer: reflect.TypeFor[WeightNorm]()},
	{name: "highway", layer: reflect.TypeFor[Highway]()},
	{name: "resnet", layer: reflect.TypeFor[ResNet]()},
	{name: "batchnormafter", layer: reflect.TypeFor[BatchNormAfter](), variant: true},
	{name: "tabm", layer: reflect.TypeFor[TabM](), variant: true}, // of snn
	{name: "embedded", layer: reflect.TypeFor[Embedded](), variant: true},
}}

// Register adds the type of a layer under a name, so that flags, searches and saved files can refer to it: networks of registered
// layers can be saved and loaded. layer is any value of the type, a struct or a pointer to one, such as MyNet{}.
//
// The exported fields describe the network: they must survive encoding/json, and Forward must depend on nothing else. Exclude a
// field that does not change the network with the tag `json:"-"` and leave it empty. Do not change the meaning of a name while there
// are files that use it. Call Register in an init function.
//
// It returns an error for an empty or taken name, and for a layer that is not a struct or whose type is registered already.
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

// Names returns the names that ByName knows: the seven networks of the paper, and the registered ones that have hidden layers
// described by Hidden. ByName knows three more: batchnormafter, a variant of batchnorm, and tabm and embedded,
// variants of snn.
func Names() []string {
	var names []string
	for _, a := range known() {
		if _, ok := a.of(Hidden{}); ok && !a.variant {
			names = append(names, a.name)
		}
	}
	return names
}

// ByName returns the network of that name with the given hidden layers, or an error that lists the names. It finds a registered type that
// is defined as Hidden, as in type MyNet graphs.Hidden, or embeds Hidden; its other fields are zero.
func ByName(name string, h Hidden) (nn.Layer, error) {
	for _, a := range known() {
		if a.name != name {
			continue
		}
		if layer, ok := a.of(h); ok {
			return layer, nil
		}
		return nil, errors.Errorf("graphs: the network %q does not embed graphs.Hidden", name)
	}
	return nil, errors.Errorf("graphs: network %q, want one of %s", name, strings.Join(Names(), ", "))
}

// of returns the layer with the given hidden layers, if the type has any.
func (a architecture) of(h Hidden) (nn.Layer, bool) {
	v := reflect.New(a.layer)
	if hiddenType.ConvertibleTo(a.layer) {
		v.Elem().Set(reflect.ValueOf(h).Convert(a.layer))
		return a.value(v), true
	}
	f, ok := a.layer.FieldByName("Hidden")
	if !ok || len(f.Index) > 1 || f.Type != hiddenType {
		return nil, false
	}
	v.Elem().FieldByIndex(f.Index).Set(reflect.ValueOf(h))
	return a.value(v), true
}

// value returns the layer that v points to.
func (a architecture) value(v reflect.Value) nn.Layer {
	if !a.pointer {
		v = v.Elem()
	}
	layer, _ := v.Interface().(nn.Layer)
	return layer
}

// encode returns the registered name of a layer and its fields as JSON. It returns an error for a type that is not registered,
// and for fields that do not survive JSON.
func encode(layer nn.Layer) (name string, fields json.RawMessage, err error) {
	v := reflect.ValueOf(layer)
	if v.Kind() == reflect.Pointer {
		v = v.Elem() // not valid for a nil pointer
	}
	if !v.IsValid() {
		return "", nil, errors.New("the layer is nil")
	}
	for _, a := range known() {
		if a.layer == v.Type() {
			fields, err = a.encode(v)
			return a.name, fields, errors.Wrapf(err, "the network %q cannot be described", a.name)
		}
	}
	return "", nil, errors.Errorf("a %T has no registered name; register it with graphs.Register", layer)
}

// encode returns the fields of v, a struct, as JSON.
func (a architecture) encode(v reflect.Value) (fields json.RawMessage, err error) {
	defer recovered(&err) // methods of the fields are the user's code
	if fields, err = json.Marshal(v.Interface()); err != nil {
		return nil, errors.WithStack(err)
	}
	layer, err := a.decode(fields)
	if err != nil {
		return nil, err
	}
	again := reflect.Indirect(reflect.ValueOf(layer))
	if reflect.DeepEqual(v.Interface(), again.Interface()) {
		return fields, nil
	}
	return nil, errors.Errorf("its field %s does not survive JSON", changed(v, again))
}

// changed returns the name of the first field in which two structs of one type differ, with the values.
func changed(v, again reflect.Value) string {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		switch {
		case !f.IsExported() && !v.Field(i).IsZero():
			return f.Name + ", which is not exported,"
		case f.IsExported() && !reflect.DeepEqual(v.Field(i).Interface(), again.Field(i).Interface()):
			return fmt.Sprintf("%s = %#v, which becomes %#v,", f.Name, v.Field(i), again.Field(i))
		}
	}
	return "set"
}

// decode returns the layer that the JSON of encode describes. A field that the type lacks is an error, because it may change
// the network.
func (a architecture) decode(fields json.RawMessage) (layer nn.Layer, err error) {
	defer recovered(&err)
	v := reflect.New(a.layer)
	d := json.NewDecoder(bytes.NewReader(fields))
	d.DisallowUnknownFields()
	if err := d.Decode(v.Interface()); err != nil {
		return nil, errors.Wrap(err, "fields")
	}
	return a.value(v), nil
}

// decode returns the layer of that name that the JSON describes.
func decode(name string, fields json.RawMessage) (nn.Layer, error) {
	var names []string
	for _, a := range known() {
		if a.name == name {
			layer, err := a.decode(fields)
			return layer, errors.Wrapf(err, "network %q", name)
		}
		names = append(names, a.name)
	}
	return nil, errors.Errorf("the network %q is not registered in this program, which knows %s", name, strings.Join(names, ", "))
}

// recovered turns a panic into an error. Defer it.
func recovered(err *error) {
	if r := recover(); r != nil {
		*err = errors.Errorf("panic: %v\n%s", r, debug.Stack())
	}
}
