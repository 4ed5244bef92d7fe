package ops

import (
	"reflect"

	G "gorgonia.org/gorgonia"
)

// DefOf returns the definition of the op of n. It returns false for nil, for an input and for an op from another package. Programs that
// read graphs, such as an exporter, recognize an op by its Name and Attrs.
func DefOf(n *G.Node) (Def, bool) {
	if n == nil {
		return Def{}, false
	}
	if o, ok := n.Op().(interface{ definition() Def }); ok {
		return o.definition(), true
	}
	return Def{}, false
}

func (o *op[T]) definition() Def { return o.def }

// own is the ID of the ops of this package that are functions of their inputs and attributes and made by the roads that are open to all.
type own struct{}

// BuiltIn reports whether the op of n is one of this package, and not one of the same name that was made with [Apply] or [Elementwise] elsewhere.
func BuiltIn(n *G.Node) bool {
	if n == nil {
		return false
	}
	o, ok := n.Op().(interface{ isBuiltIn() bool })
	return ok && o.isBuiltIn()
}

// isBuiltIn: nobody else can make an ID of an unexported type of this package, and users' ops have only those two.
func (o *op[T]) isBuiltIn() bool {
	switch o.identity.id.(type) {
	case nil:
		return o.from == builtin
	case functions, serial:
		return false
	}
	t := reflect.TypeOf(o.identity.id)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return o.from == builtin || t.PkgPath() == reflect.TypeFor[own]().PkgPath()
}
