package checkpoint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
)

// Find reads the checkpoint to continue from: the file From, or the newest one in a folder that is not damaged. path is empty if the run
// starts from the beginning. warnings name the damaged checkpoints that were skipped.
func (s *Settings) Find() (path string, f tensorfile.File, warnings []string, err error) {
	return s.FindFor(nil, nil)
}

// FindFor is Find for a checkpoint of these parameters that check accepts. Another one is refused before the data of its tensors are read.
// Nil parameters and a nil check accept all.
func (s *Settings) FindFor(params *nn.Params, check func(path string, p Position) error) (path string, f tensorfile.File, warnings []string, err error) {
	read := reader{params, check}.read
	if s == nil {
		return "", f, nil, nil
	}
	from := s.From
	switch {
	case from == "" && !s.Resume:
		return "", f, nil, nil
	case from == "":
		from = s.Dir
	default:
		info, err := os.Stat(from)
		if err != nil {
			return "", f, nil, errors.WithStack(err)
		}
		if !info.IsDir() {
			f, err = read(from)
			return from, f, nil, err
		}
	}
	return newest(from, s.From != "", read)
}

// newest reads the newest checkpoint of a folder that is not damaged.
func newest(dir string, required bool, read func(path string) (tensorfile.File, error)) (path string, f tensorfile.File, warnings []string, err error) {
	paths, err := List(dir)
	if err != nil {
		return "", f, nil, err
	}
	var damage []string
	for _, path := range paths {
		f, err := read(path)
		if err == nil {
			for _, d := range damage {
				warnings = append(warnings, fmt.Sprintf("resumed from the older checkpoint %s: %s", path, d))
			}
			return path, f, warnings, nil
		}
		if !errors.Is(err, tensorfile.ErrDamaged) {
			return "", f, nil, err
		}
		damage = append(damage, err.Error())
	}
	switch {
	case damage != nil:
		err = errors.Wrapf(tensorfile.ErrDamaged, "no checkpoint of %s can be read: %s", dir, strings.Join(damage, "; "))
	case required:
		err = errors.Errorf("%s holds no checkpoint", dir)
	}
	return "", f, nil, err
}

// reader reads the checkpoints of a run.
type reader struct {
	params *nn.Params
	check  func(path string, p Position) error
}

// read reads a checkpoint and the files in its folder that hold parts of its history.
func (r reader) read(path string) (tensorfile.File, error) {
	f, err := tensorfile.ReadChecked(path, func(h tensorfile.Head) error { return r.accept(path, h) })
	if err == nil {
		err = errors.Wrap(complete(f, filepath.Dir(path)), path)
	}
	return f, err
}

// accept returns an error unless a checkpoint is one of the run.
func (r reader) accept(path string, h tensorfile.Head) error {
	p, err := Parse(tensorfile.File{Metadata: h.Metadata})
	if err == nil && r.check != nil {
		err = r.check(path, p)
	}
	if err != nil {
		return err
	}
	tensors := make(map[string]tensorfile.Raw, len(h.Tensors))
	for _, t := range h.Tensors {
		tensors[t.Name] = t
	}
	var faults []string
	for _, p := range r.params.All() {
		t, ok := tensors[p.Name]
		if !ok {
			faults = append(faults, fmt.Sprintf("parameter %q %v is missing", p.Name, p.Value.Shape()))
		} else if !slices.Equal(t.Shape, p.Value.Shape()) {
			faults = append(faults, fmt.Sprintf("parameter %q has shape %v, want %v", p.Name, t.Shape, p.Value.Shape()))
		}
	}
	if faults != nil {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}
