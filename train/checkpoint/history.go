package checkpoint

import (
	"bytes"
	"encoding/gob"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/train/callback"
	"gorgonia.org/tensor"
)

// The tables of a history. A file has them under these names.
const (
	tablePrefix = "selfnorm/"
	epochsName  = "epochs"
	momentsName = "moments"
)

// Sealed counts the rows of a history that are in files of their own beside the checkpoints of a run. The zero value has none.
type Sealed struct {
	Epochs  Chain `json:"epochs"`
	Moments Chain `json:"moments"`
}

// addHistory adds the history to a checkpoint in the folder dir: the last epochs and moments as tables, and the rest in Go's gob encoding.
// If s.Sealed is set, older rows move to files of their own, and s.Sealed counts them.
func addHistory(f tensorfile.File, s *State, dir string) error {
	rest := *s.History
	var sealed Sealed
	if s.Sealed != nil {
		sealed = *s.Sealed
		if sealed.Epochs.broken(len(rest.Epochs), func(i int) int { return rest.Epochs[i].Number }) {
			sealed.Epochs = Chain{}
		}
		if sealed.Moments.broken(len(rest.Moments), func(i int) int { return rest.Moments[i].Step }) {
			sealed.Moments = Chain{}
			sweep(dir, momentsName)
		}
	}
	add := func(t table, name string, c *Chain) error {
		if s.Sealed != nil {
			if err := c.seal(dir, name, &t); err != nil {
				return err
			}
		}
		return t.add(f, name)
	}
	if t, ok := epochTable(rest.Epochs[sealed.Epochs.Rows:], rest.Metrics, rest.Outputs); ok {
		if err := add(t, epochsName, &sealed.Epochs); err != nil {
			return err
		}
		rest.Epochs = nil
	} else {
		sealed.Epochs = Chain{}
	}
	if sameLayers(rest.Moments) {
		if err := add(momentTable(rest.Moments[sealed.Moments.Rows:]), momentsName, &sealed.Moments); err != nil {
			return err
		}
		rest.Moments = nil
	} else {
		sealed.Moments = Chain{}
	}
	if s.Sealed != nil {
		*s.Sealed = sealed
		s.Position.Sealed = &sealed
	}
	var text bytes.Buffer
	if err := gob.NewEncoder(&text).Encode(&rest); err != nil {
		return errors.Wrap(err, "history")
	}
	f.Tensors[historyTensor] = tensor.New(tensor.WithShape(text.Len()), tensor.WithBacking(text.Bytes()))
	return nil
}

// historyOf returns the history in a checkpoint with a number of epochs. Its older rows have been added to the file.
func historyOf(f tensorfile.File, epochs int) (*callback.History, error) {
	h := &callback.History{}
	text := f.Tensors[historyTensor]
	if text == nil || text.Dtype() != tensor.Uint8 {
		return nil, errors.New("there is no history")
	}
	if err := gob.NewDecoder(bytes.NewReader(text.Data().([]byte))).Decode(h); err != nil {
		return nil, errors.Wrap(err, "history")
	}
	t, err := tableOf(f, epochsName)
	if err != nil {
		return nil, err
	}
	if t.rows() > 0 {
		if h.Epochs, err = t.epochs(len(h.Metrics), len(h.Outputs)); err != nil {
			return nil, err
		}
	}
	if t, err = tableOf(f, momentsName); err != nil {
		return nil, err
	}
	if t.rows() > 0 {
		if h.Moments, err = t.moments(); err != nil {
			return nil, err
		}
	}
	if len(h.Epochs) != epochs {
		return nil, errors.Errorf("the history has %d epochs, want %d", len(h.Epochs), epochs)
	}
	return h, nil
}
