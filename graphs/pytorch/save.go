package pytorch

import (
	"io"
	"maps"
	"strings"

	"github.com/nlpodyssey/safetensors"
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/output"
)

// Save writes the weights of a network, float32 or float64, to a safetensors file for PyTorch, with the given metadata, which may be nil,
// plus the entry format = "pt". The file appears only when it is complete: on an error, an existing file keeps its contents. It returns an
// error if two parameters would get the same name in PyTorch, or if parameters are missing, surplus or misshapen, all of which it lists.
func Save(path string, net *graphs.Network, metadata map[string]string) error {
	if err := net.Check(); err != nil {
		return errors.Wrap(err, "pytorch")
	}
	tables, err := tablesOf(net)
	if err != nil {
		return errors.Wrap(err, "pytorch")
	}
	list, err := entries(net.Params, tables)
	if err != nil {
		return errors.Wrap(err, "pytorch")
	}
	views := map[string]view{}
	for _, e := range list {
		if views[e.torch], err = e.view(); err != nil {
			return errors.Wrapf(err, "pytorch: parameter %q", e.Name)
		}
		if module, ok := strings.CutSuffix(e.torch, "running_mean"); ok {
			views[module+batchCount] = view{safetensors.I64, []uint64{}, make([]byte, 8)}
		}
	}
	info := maps.Clone(metadata)
	if info == nil {
		info = map[string]string{}
	}
	info["format"] = "pt" // some readers require it
	err = output.Write(path, func(w io.Writer) error { return safetensors.SerializeToWriter(views, info, w) })
	return errors.Wrap(err, "pytorch")
}
