package onnx

import (
	"github.com/pkg/errors"
	G "gorgonia.org/gorgonia"
)

// CanExport returns a function that says whether an op can be written as ONNX: it translates the op of a node, which need not be part of a
// network, and returns the error that Write would return. translators are those of Options.Ops, in addition to the built-in ones. Give
// the function to opstest.Case.Export.
func CanExport(translators map[string]Translator) func(out *G.Node) error {
	return func(out *G.Node) error {
		if out == nil || out.Graph() == nil || out.Op() == nil {
			return errors.New("onnx: no op")
		}
		e := &exporter{
			options: Options{Ops: translators},
			layers:  map[*G.Node]string{}, dynamic: map[*G.Node]bool{}, folded: map[*G.Node]G.Value{},
			params: map[*G.Node]string{}, names: map[*G.Node]string{}, taken: map[string]bool{},
		}
		for _, n := range out.Graph().AllNodes() {
			e.layers[n] = "the op"
			if n.Op() == nil {
				e.dynamic[n], e.names[n] = true, e.unique(n.Name())
			}
		}
		_, err := e.value(out)
		return errors.Wrap(err, "onnx")
	}
}
