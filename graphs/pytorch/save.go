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

// Save writes all parameters, float32 or float64, to a safetensors file for PyTorch, with the given metadata, which may be
// nil, and the entry format, "pt". The file appears when it is complete; on an error one that existed before is as it was.
// It returns an error if two parameters would have one name in PyTorch.
func Save(path string, net *graphs.Network, metadata map[string]string) error {
	if err := net.Check(); err != nil {
		return errors.Wrap(err, "pytorch")
	}
	list, err := entries(net.Params)
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
	info["format"] = "pt" // some readers want to be told
	err = output.Write(path, func(w io.Writer) error { return safetensors.SerializeToWriter(views, info, w) })
	return errors.Wrap(err, "pytorch")
}
