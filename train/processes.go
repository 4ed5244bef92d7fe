package train

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"runtime/debug"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/dense"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/internal/shards"
)

// Processes are several processes that train one network together. Package train/parallel makes them.
type Processes interface {
	// Rank is the number of this process, from 0, and Size how many there are.
	Rank() int
	Size() int
	// Agree returns an error unless all processes have the same facts, and otherwise the state that rank 0 has given.
	Agree(ctx context.Context, facts []Fact, state []byte) ([]byte, error)
	// Sum adds up the gradients and collects the losses of all shards of a step.
	Sum(ctx context.Context, s *ShardSum) error
	// End tells the others that this process has ended its training, and why unless err is nil.
	End(err error)
}

// Fact is a part of the configuration that all processes share.
type Fact = checkpoint.Setting

// ShardSum holds what a process has computed of a step, and after Processes.Sum what all have.
type ShardSum struct {
	// Step counts the steps from 1. Shards is the number of shards of this one, of Most in a whole step.
	Step, Shards, Most int
	// Check is a checksum of what must be equal in all processes before the step.
	Check uint64
	// Gradients has the sums of gradients.
	Gradients *shards.Stack
	// Losses holds PerShard losses for each shard.
	Losses   []float64
	PerShard int
}

// checkProcesses returns an error for settings that several processes cannot share.
func (c *Config) checkProcesses() (err error) {
	if c.Parallel == nil {
		return nil
	}
	if v := reflect.ValueOf(c.Parallel); v.Kind() == reflect.Pointer && v.IsNil() {
		return errors.New("Config.Parallel is a nil pointer")
	}
	rank, size := c.Parallel.Rank(), c.Parallel.Size()
	switch {
	case size < 1 || rank < 0 || rank >= size:
		return errors.Errorf("Config.Parallel is rank %d of %d processes", rank, size)
	case c.Accumulate < size:
		return errors.Errorf("Config.Accumulate is %d, want at least one shard of a step for each of %d processes", c.Accumulate, size)
	case c.Solver != nil:
		return errors.Errorf("a %T has a state that cannot be sent to other processes; use an Optimizer", c.Solver)
	}
	if rank > 0 {
		c.Checkpoint = nil
	}
	return nil
}

// endProcesses tells the other processes that this one has ended.
func (c *Config) endProcesses(err error) {
	if c.Parallel == nil {
		return
	}
	if v := reflect.ValueOf(c.Parallel); v.Kind() != reflect.Pointer || !v.IsNil() {
		c.Parallel.End(err)
	}
}

// agree makes sure that all processes do the same, and takes over the state of rank 0. weights is the checksum of the initial weights.
func (r *run) agree(ctx context.Context, weights string) (err error) {
	if r.settings == nil {
		m, err := r.firstMachine()
		if err != nil {
			return err
		}
		if r.settings, err = r.describe(m); err != nil {
			return err
		}
	}
	facts := append([]Fact{{Name: "program", Value: programName()}, {Name: "kernels", Value: kernels()}, {Name: "epochs", Value: fmt.Sprint(r.Epochs)},
		{Name: "initial weights", Value: weights}}, r.settings...)
	slices.SortStableFunc(facts, func(a, b Fact) int { return cmp.Compare(vague(a), vague(b)) })
	var state []byte
	if r.Parallel.Rank() == 0 && r.state.Step > 0 {
		if state, err = r.stateText(); err != nil {
			return err
		}
	}
	if state, err = r.Parallel.Agree(ctx, facts, state); err != nil {
		return err
	}
	if r.Parallel.Rank() == 0 || len(state) == 0 {
		return nil
	}
	return errors.Wrap(r.adopt(state), "the state of rank 0")
}

// vague orders facts: those that name the cause of a difference come before those that differ for many causes.
func vague(f Fact) int {
	return slices.Index([]string{networkSetting, "data", "initial weights", opsSetting}, f.Name)
}

// programName identifies the program: its module, and the revision that it was built from where the build knows it.
func programName() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	text := info.Path + " " + info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" || s.Key == "vcs.modified" {
			text += " " + s.Value
		}
	}
	return text
}

// weightsSum is a checksum of all parameters.
func weightsSum(params *nn.Params) (string, error) {
	h := sha256.New()
	for _, p := range params.All() {
		if err := binary.Write(h, binary.LittleEndian, p.Value.Data()); err != nil {
			return "", errors.Wrap(err, p.Name)
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// stateText returns the state of the run as the bytes of a checkpoint that depends on no other file.
func (r *run) stateText() (text []byte, err error) {
	err = inFolder(func(path string) error {
		parts := r.parts()
		parts.Sealed = nil
		if parts.Schedule, err = r.factors(); err != nil {
			return err
		}
		if err := checkpoint.Write(path, parts); err != nil {
			return err
		}
		text, err = os.ReadFile(path)
		return errors.WithStack(err)
	})
	return text, err
}

// adopt takes over the state of another process.
func (r *run) adopt(text []byte) error {
	return inFolder(func(path string) error {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			return errors.WithStack(err)
		}
		from := checkpoint.Settings{From: path}
		path, f, _, err := from.FindFor(r.state.Params, r.compatible)
		if err != nil {
			return err
		}
		return r.resume(path, f)
	})
}

// inFolder calls f with the path of a checkpoint in a folder that is removed afterwards.
func inFolder(f func(path string) error) error {
	dir, err := os.MkdirTemp("", "selfnorm-state-")
	if err != nil {
		return errors.WithStack(err)
	}
	defer os.RemoveAll(dir)
	return f(filepath.Join(dir, "state.safetensors"))
}

// owns reports whether this process computes a batch of an epoch.
func (r *run) owns(k int) bool {
	if r.Parallel == nil {
		return true
	}
	from, to := shards.Range(r.Parallel.Rank(), r.Parallel.Size(), r.Accumulate, r.Accumulate)
	return k%r.Accumulate >= from && k%r.Accumulate < to
}

// nextOwn returns the first batch from k on that this process computes, or the number of batches.
func (r *run) nextOwn(k int) int {
	for k < r.batchesPerEpoch && !r.owns(k) {
		k++
	}
	return k
}

// check returns a checksum of what must be equal in all processes: of the rate, and of the weights at the beginning of an epoch.
func (r *run) check() uint64 {
	h := sha256.New()
	var b [8]byte
	add := func(bits uint64) {
		binary.LittleEndian.PutUint64(b[:], bits)
		h.Write(b[:])
	}
	add(math.Float64bits(r.state.Rate))
	if r.batch == 0 {
		for _, p := range r.state.Params.All() {
			x, err := dense.Elements(p.Value)
			if err != nil {
				continue // it is of a type that no run trains
			}
			for _, v := range x.F32 {
				add(uint64(math.Float32bits(v)))
			}
			for _, v := range x.F64 {
				add(math.Float64bits(v))
			}
		}
	}
	return binary.LittleEndian.Uint64(h.Sum(nil))
}
