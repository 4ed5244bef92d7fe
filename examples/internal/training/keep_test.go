package training

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
)

// Networks that were finished are saved when another one of the ensemble fails. Checkpoints do not replace that: the run cannot go on.
func TestKeepFinished(t *testing.T) {
	net := func() *graphs.Network {
		n, err := graphs.New(graphs.SNN{Layers: 1, Units: 2, Outputs: 1}, graphs.Matrix(2), graphs.BCE)
		if err != nil {
			t.Fatal(err)
		}
		n.Encoder, n.Metadata = encode(t, format), map[string]string{}
		return n
	}
	dir := t.TempDir()
	for name, c := range map[string]struct {
		finished, saved int
		failure         error
		checkpoint      string
	}{
		"diverged":                  {2, 2, errors.Wrap(train.ErrDiverged, "member 3 of 4"), ""},
		"diverged with checkpoints": {2, 2, train.ErrDiverged, dir},
		"the first diverged":        {0, 0, train.ErrDiverged, ""},
		"interrupted":               {2, 3, context.Canceled, ""},
		"can be continued":          {2, 0, context.Canceled, dir},
	} {
		var out bytes.Buffer
		path := filepath.Join(dir, name)
		r := &run{Flags: &Flags{Out: path, Checkpoint: c.checkpoint, Members: Members{N: 4}}, out: &out, partial: net(), epochs: 1}
		for range c.finished {
			r.finished = append(r.finished, net())
		}
		if err := r.keep(c.failure); !errors.Is(err, c.failure) {
			t.Errorf("%s: %v", name, err)
		}
		networks, err := graphs.LoadAll(path)
		if len(networks) != c.saved || (err == nil) != (c.saved > 0) || strings.Contains(out.String(), "saved: "+path) != (c.saved > 0) {
			t.Errorf("%s: %d networks, %v, %s", name, len(networks), err, &out)
		}
	}
}
