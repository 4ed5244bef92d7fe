package train_test

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/internal/fuzztest"
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/metric"
	"github.com/selfnorm/selfnorm/train/optim"
	"gorgonia.org/tensor"
)

// stepsIn are the steps of the checkpoints of a folder, "best" among them, as text.
func stepsIn(t testing.TB, dir string) (out []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := strings.TrimSuffix(strings.TrimPrefix(e.Name(), "step-"), ".safetensors")
		out = append(out, strings.TrimLeft(name, "0"))
	}
	return out
}

// Checkpoints come when they are asked for, the newest ones stay, and the last step always has one. An epoch has 4 steps.
func TestCheckpointCadence(t *testing.T) {
	rising := 0
	made := metric.Metric{Name: "made up", Defined: func(*metric.Result) error { return nil },
		Func: func(*metric.Result) (float64, error) { rising++; return []float64{0, 1, 3, 2}[rising], nil }}
	for _, test := range []struct {
		checkpoint train.Checkpoint
		want       []string
	}{
		{train.Checkpoint{}, []string{"4", "8", "12"}},
		{train.Checkpoint{EveryEpochs: 2, Keep: 9}, []string{"8", "12"}},
		{train.Checkpoint{EverySteps: 5, Keep: 9}, []string{"5", "10", "12"}},
		{train.Checkpoint{EverySteps: 2, Keep: 2}, []string{"10", "12"}},
		{train.Checkpoint{EverySteps: 5, EveryEpochs: 1, Keep: 9}, []string{"4", "5", "8", "10", "12"}},
		{train.Checkpoint{Keep: 1, Best: true}, []string{"12", "best"}},
	} {
		rising = 0
		test.checkpoint.Dir = filepath.Join(t.TempDir(), "a", "b")
		c := baseConfig()
		c.Metric, c.Checkpoint = made, &test.checkpoint
		fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		got := stepsIn(t, test.checkpoint.Dir)
		slices.SortFunc(got, func(a, b string) int { return len(a) - len(b) })
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: checkpoints %v, want %v", test.checkpoint, got, test.want)
		}
		if test.checkpoint.Best {
			c.Checkpoint = &train.Checkpoint{From: filepath.Join(test.checkpoint.Dir, "best.safetensors")}
			rising = 2
			h := fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
			if len(h.Epochs) != 3 || h.Epochs[1].ValidationMetric != 3 || h.ResumedAt != 8 {
				t.Errorf("resumed from the best epoch: %+v, want epoch 2 before", h)
			}
		}
	}
}

func TestCheckpointErrors(t *testing.T) {
	used := traintest.Interrupted(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for want, s := range map[string]*train.Checkpoint{
		"Checkpoint.Dir":                     {},
		"keep -1":                            {Dir: t.TempDir(), Keep: -1},
		"every -1 steps":                     {Dir: t.TempDir(), EverySteps: -1},
		"holds checkpoints of another run":   {Dir: used},
		file:                                 {Dir: file},
		"Config.Validation":                  {Dir: t.TempDir(), Best: true},
		"there is no best epoch without val": {Dir: t.TempDir(), Best: true},
	} {
		c := baseConfig()
		c.Checkpoint, c.Validation = s, nil
		_, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
		mustSay(t, want, err, want)
	}
}

// Temporary files of a killed process are removed, and nothing else.
func TestCheckpointRest(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run [1]")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".step-000000000007.safetensors.4000000-abcdefghijklm.tmp", ".best.safetensors.4000000-abcdefghijklm.tmp", "notes.txt", "step-x.safetensors"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half of a"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := baseConfig()
	c.Checkpoint = &train.Checkpoint{Dir: dir, EveryEpochs: 3}
	fit(t, newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c)
	if got := stepsIn(t, dir); !slices.Equal(got, []string{"notes.txt", "12", "x"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// A network is rebuilt from a checkpoint alone.
func TestCheckpointIsNetwork(t *testing.T) {
	c := baseConfig()
	c.Checkpoint = &train.Checkpoint{Dir: t.TempDir()}
	net := newNetwork(t, network, 2, graphs.CrossEntropy, 1)
	fit(t, net, spirals(64, 1), c)
	loaded, err := graphs.Load(c.Checkpoint.Path(12))
	if err != nil {
		t.Fatal(err)
	}
	if loaded.Layer != nn.Layer(network) || loaded.Columns() != 2 || loaded.Loss().Name != graphs.CrossEntropy.Name || len(loaded.Metadata) != 0 {
		t.Errorf("loaded %+v", loaded)
	}
	sameBits(t, "graphs.Load", loaded.Params, net.Params)
}

// A network that has diverged is not saved: the last good checkpoint stays the last.
func TestCheckpointDiverged(t *testing.T) {
	c := baseConfig()
	c.Optimizer = optim.SGD{Rate: 1e12}
	c.Checkpoint = &train.Checkpoint{Dir: t.TempDir(), EverySteps: 1, Keep: 100}
	if _, err := train.Fit(context.Background(), newNetwork(t, network, 2, graphs.CrossEntropy, 1), spirals(64, 1), c); !errors.Is(err, train.ErrDiverged) {
		t.Fatalf("error %v, want %v", err, train.ErrDiverged)
	}
	for _, step := range stepsIn(t, c.Checkpoint.Dir) {
		m, err := graphs.Load(filepath.Join(c.Checkpoint.Dir, fmt.Sprintf("step-%012s.safetensors", step)))
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Params.All() {
			for _, x := range p.Value.Float32s() {
				if x-x != 0 {
					t.Fatalf("step %s: %s has an element %v", step, p.Name, x)
				}
			}
		}
	}
}

// Whatever the state of a checkpoint says, with a checksum that is right, resuming it returns an error or trains.
func FuzzResume(f *testing.F) {
	fuzztest.Brief(f)
	small := func(t testing.TB) (*graphs.Network, train.Config) { // of 12 steps, so that one try takes about a millisecond
		c := baseConfig()
		c.Batch, c.Validation = 4, nil
		return newNetwork(t, graphs.SNN{Layers: 1, Units: 2, Outputs: 3}, 2, graphs.CrossEntropy, 1), c
	}
	net, c := small(f)
	c.Checkpoint = &train.Checkpoint{Dir: f.TempDir()}
	traintest.CancelAfter(f, 8, net, spirals(16, 1), c)
	path := filepath.Join(c.Checkpoint.Dir, "step-000000000008.safetensors")
	file, err := tensorfile.Read(path)
	if err != nil {
		f.Fatal(err)
	}
	const key = "selfnorm.checkpoint"
	good := file.Metadata[key]
	history := file.Tensors["selfnorm/history"].Data().([]byte)
	f.Add(good, history)
	f.Add(strings.Replace(good, `"batch":0`, `"batch":-4`, 1), history[1:])
	f.Add(strings.Replace(good, `"step":8`, `"step":99999999999`, 1), []byte{})
	f.Add(strings.Replace(good, `"rate_factor"`, `"schedule":[{"step":-1,"factor":2}],"callbacks":[7],"rate_factor"`, 1), history)
	f.Add(strings.Replace(good, `"step":8`, `"step":-8,"stopped":true`, 1), history)
	f.Add(`{"optimizer":7}`, history)
	path = filepath.Join(f.TempDir(), "c.safetensors")
	f.Fuzz(func(t *testing.T, text string, history []byte) {
		file := tensorfile.File{Params: file.Params, Tensors: maps.Clone(file.Tensors), Metadata: map[string]string{key: text}}
		delete(file.Tensors, "selfnorm/history")
		if len(history) > 0 {
			file.Tensors["selfnorm/history"] = tensor.New(tensor.WithShape(len(history)), tensor.WithBacking(history))
		}
		if err := tensorfile.Write(path, file); err != nil {
			return // not UTF-8
		}
		net, c := small(t)
		c.Checkpoint = &train.Checkpoint{From: path}
		if _, err := train.Fit(context.Background(), net, spirals(16, 1), c); err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not name the file", err)
		}
	})
}
