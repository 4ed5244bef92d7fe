package tensorboard_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/output"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/tensorboard"
	"gorgonia.org/tensor"
)

// A run whose events vanish with their folder ends with an error that names the file.
func TestFolderVanishes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("open files stay")
	}
	dir := filepath.Join(t.TempDir(), "run")
	log := &tensorboard.Log{Dir: dir}
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := &train.State{Params: params, History: &train.History{Epochs: []train.Epoch{{Number: 1, Step: 1}}}, Step: 1, Epoch: 1, Steps: 2}
	if err := log.AtStart(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterStep(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterEpoch(t.Context(), s); err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := log.AfterEpoch(t.Context(), s); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("error %v", err)
	}
}

// A folder belongs to one run at a time. It is free, and holds nothing but events, once the run has ended or failed.
func TestLocked(t *testing.T) {
	dir := t.TempDir()
	params, err := nn.NewParams(tensor.Float32, 1)
	if err != nil {
		t.Fatal(err)
	}
	s := &train.State{Params: params, History: &train.History{Epochs: []train.Epoch{{Number: 1, Step: 1}}}, Step: 1, Epoch: 1, Steps: 2}
	for _, end := range []func(*tensorboard.Log) error{
		func(l *tensorboard.Log) error { return l.AtEnd(t.Context(), s) },
		func(l *tensorboard.Log) error { l.AtFailure(s, nil); return nil },
		func(l *tensorboard.Log) error { return l.AtStart(t.Context(), s) },
	} {
		log := &tensorboard.Log{Dir: dir}
		if err := log.AtStart(t.Context(), s); err != nil {
			t.Fatal(err)
		}
		err := (&tensorboard.Log{Dir: dir}).AtStart(t.Context(), s)
		if !errors.Is(err, output.ErrLocked) || !strings.Contains(err.Error(), "another run writes to "+dir) {
			t.Errorf("a second run gives %v", err)
		}
		if err := log.AfterStep(t.Context(), s); err != nil {
			t.Error(err)
		}
		entries, err := os.ReadDir(dir)
		if err != nil || len(entries) < 2 {
			t.Errorf("files %v (%v)", entries, err)
		}
		for _, e := range entries {
			if !tensorboard.Uses(e.Name()) {
				t.Errorf("%s is not known", e.Name())
			}
		}
		if err := end(log); err != nil {
			t.Error(err)
		}
		log.AtFailure(s, nil)
		if names, err := filepath.Glob(filepath.Join(dir, "*.lock")); err != nil || len(names) > 0 {
			t.Errorf("left behind: %v (%v)", names, err)
		}
	}
}
