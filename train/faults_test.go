package train_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/logs"
)

// A run whose folder of checkpoints, or of a log, vanishes ends with an error that names the file, and the network keeps finite weights.
func TestFolderVanishes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders with open files stay")
	}
	for name, set := range map[string]func(c *train.Config, dir string){
		"checkpoint": func(c *train.Config, dir string) { c.Checkpoint = &train.Checkpoint{Dir: dir, EverySteps: 1} },
		"csv": func(c *train.Config, dir string) {
			c.Callbacks = append(c.Callbacks, &logs.CSVLog{Path: filepath.Join(dir, "log.csv")})
		},
		"jsonl": func(c *train.Config, dir string) {
			c.Callbacks = append(c.Callbacks, &logs.JSONLog{Path: filepath.Join(dir, "log.jsonl")})
		},
	} {
		dir := filepath.Join(t.TempDir(), "d")
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		c := traintest.Config()
		set(&c, dir)
		c.Callbacks = append(c.Callbacks, atStep(func(s *train.State) error {
			if s.Step == 5 {
				return os.RemoveAll(dir)
			}
			return nil
		}))
		net := traintest.New(t)
		if _, err := train.Fit(context.Background(), net, traintest.Rows(), c); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: error %v, want one that names %s", name, err, dir)
		}
		for _, p := range net.Params.All() {
			for _, x := range p.Value.Float32s() {
				if x-x != 0 {
					t.Fatalf("%s: %s has an element %v", name, p.Name, x)
				}
			}
		}
	}
}

// With Checkpoint.Failed a run goes on although its folder vanishes, ends with the bits of one without checkpoints, and saves again once it can.
func TestCheckpointFailed(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("folders with open files stay")
	}
	plain := traintest.New(t)
	if _, err := train.Fit(context.Background(), plain, traintest.Rows(), traintest.Config()); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "d")
	var failures []error
	c := traintest.Config()
	c.Checkpoint = &train.Checkpoint{Dir: dir, EverySteps: 1, Failed: func(err error) error { failures = append(failures, err); return nil }}
	last := 0
	c.Callbacks = append(c.Callbacks, atStep(func(s *train.State) error {
		last = s.Step
		switch s.Step {
		case 3:
			return os.RemoveAll(dir)
		case s.Steps - 1:
			return os.Mkdir(dir, 0o755)
		}
		return nil
	}))
	net := traintest.New(t)
	if _, err := train.Fit(context.Background(), net, traintest.Rows(), c); err != nil {
		t.Fatal(err)
	}
	if len(failures) == 0 || !strings.Contains(failures[0].Error(), filepath.Join(dir, "step-000000000003.safetensors")) {
		t.Errorf("%d failures: %v", len(failures), failures)
	}
	if names, err := filepath.Glob(filepath.Join(dir, "step-*")); err != nil || len(names) == 0 {
		t.Errorf("no checkpoint of the last of %d steps: %v (%v)", last, names, err)
	}
	for i, p := range net.Params.All() {
		if !slices.Equal(p.Value.Float32s(), plain.Params.All()[i].Value.Float32s()) {
			t.Errorf("%s differs", p.Name)
		}
	}
}
