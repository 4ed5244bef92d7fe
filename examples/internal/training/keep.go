package training

import (
	"context"
	"fmt"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/train"
)

// interruptedKey is the name of the text that a file has if the run that wrote it was interrupted: how far it had come.
const interruptedKey = "interrupted"

// progress is a callback that notes how far the training of a network has come when it ends with an error.
type progress struct{ *run }

// AtFailure implements callback.FailureCallback.
func (p progress) AtFailure(s *train.State, _ error) {
	if s.History != nil && len(s.History.Epochs) > 0 {
		p.partial, p.epochs = p.current, len(s.History.Epochs)
	}
}

// keep saves the networks of a run that was interrupted, and those that were finished before another one failed, for example diverged. It does
// not, if that would replace those of a run that was not interrupted, or checkpoints hold them and the run can go on.
func (r *run) keep(failure error) error {
	networks, interrupted := r.finished, errors.Is(failure, context.Canceled)
	how := fmt.Sprintf("after network %d of %d", len(r.finished), r.Members.N)
	if r.partial != nil && interrupted {
		networks = append(networks, r.partial)
		how = fmt.Sprintf("after epoch %d of %d of network %d of %d", r.epochs, r.Epochs, len(networks), r.Members.N)
	}
	if r.Out == "" || r.Checkpoint != "" && interrupted || len(networks) == 0 {
		return failure
	}
	if exists(r.Out) && !r.Overwrite {
		if head, err := tensorfile.ReadHead(r.Out); err != nil || head.Metadata[interruptedKey] == "" {
			fmt.Fprintf(r.out, "not saved: %s holds the networks of a run that was not interrupted\n", r.Out)
			return failure
		}
	}
	networks[0].Metadata[interruptedKey] = how
	if err := graphs.SaveAll(r.Out, networks); err != nil {
		return program.Join(failure, err)
	}
	fmt.Fprintf(r.out, "saved: %s, interrupted %s\n", r.Out, how)
	return failure
}
