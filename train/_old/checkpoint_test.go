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
	"github.com/selfnorm/selfnorm/internal/tensorfile"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
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
	rising := 0.0
	metric := train.Metric{Name: "made up", Of: func(*train.Result) (float64, error) { rising++; return []float64{0, 1, 3, 2}[int(rising)], nil }}
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
		c.Metric, c.Callbacks = metric, []train.Callback{&test.checkpoint}
		if _, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c); err != nil {
			t.Fatal(err)
		}
		got := stepsIn(t, test.checkpoint.Dir)
		slices.SortFunc(got, func(a, b string) int { return len(a) - len(b) })
		if !slices.Equal(got, test.want) {
			t.Errorf("%+v: checkpoints %v, want %v", test.checkpoint, got, test.want)
		}
		if test.checkpoint.Best {
			c.Resume = filepath.Join(test.checkpoint.Dir, "best.safetensors")
			c.Callbacks, c.Optimizer = nil, &train.Adam{Rate: 0.01}
			rising = 2
			history, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c)
			if err != nil || len(history.Epochs) != 3 || history.Epochs[1].ValidationMetric != 3 {
				t.Errorf("resumed from the best epoch: %+v (%v), want epoch 2 before", history, err)
			}
		}
	}
}

func TestCheckpointErrors(t *testing.T) {
	used := interruptedRun(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		want      string
		callbacks []train.Callback
	}{
		{"Checkpoint.Dir", []train.Callback{&train.Checkpoint{}}},
		{"keep -1", []train.Callback{&train.Checkpoint{Dir: t.TempDir(), Keep: -1}}},
		{"every -1 steps", []train.Callback{&train.Checkpoint{Dir: t.TempDir(), EverySteps: -1}}},
		{"two Checkpoint", []train.Callback{&train.Checkpoint{Dir: t.TempDir()}, &train.Checkpoint{Dir: t.TempDir()}}},
		{"holds checkpoints of another run", []train.Callback{&train.Checkpoint{Dir: used}}},
		{file, []train.Callback{&train.Checkpoint{Dir: file}}},
		{"Config.Validation", []train.Callback{&train.Checkpoint{Dir: t.TempDir(), Best: true}}},
	} {
		c := baseConfig()
		c.Callbacks, c.Validation = test.callbacks, nil
		_, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("error %v, want one that says %q", err, test.want)
		}
	}
}

// What a killed process was writing is cleared away, and nothing else.
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
	c.Callbacks = []train.Callback{&train.Checkpoint{Dir: dir, EveryEpochs: 3}}
	if _, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c); err != nil {
		t.Fatal(err)
	}
	if got := stepsIn(t, dir); !slices.Equal(got, []string{"notes.txt", "12", "x"}) {
		t.Errorf("the folder holds %v", got)
	}
}

// A network is rebuilt from a checkpoint alone, and its weights can be read as those of any file.
func TestCheckpointIsModel(t *testing.T) {
	dir := t.TempDir()
	c := baseConfig()
	c.Callbacks = []train.Callback{&train.Checkpoint{Dir: dir}}
	params := newParams(t, 1)
	if _, err := train.Fit(context.Background(), network, params, spirals(64, 1), c); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "step-000000000012.safetensors")
	m, err := graphs.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if m.Layer != nn.Layer(network) || m.Spec.Inputs != 2 || m.Loss.Name != graphs.CrossEntropy.Name || len(m.Metadata) != 0 {
		t.Errorf("loaded %+v", m)
	}
	sameWeights(t, "graphs.Load", m.Params, params)
	weights, metadata, err := train.LoadWeights(path)
	if err != nil || len(metadata) != 0 {
		t.Fatal(metadata, err)
	}
	sameWeights(t, "train.LoadWeights", weights, params)
}

// A network that has diverged is not saved: the last good checkpoint stays the last.
func TestCheckpointDiverged(t *testing.T) {
	dir := t.TempDir()
	c := baseConfig()
	c.Optimizer = &train.SGD{Rate: 1e12}
	c.Callbacks = []train.Callback{&train.Checkpoint{Dir: dir, EverySteps: 1, Keep: 100}}
	if _, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c); !errors.Is(err, train.ErrDiverged) {
		t.Fatalf("error %v, want %v", err, train.ErrDiverged)
	}
	for _, step := range stepsIn(t, dir) {
		m, err := graphs.Load(filepath.Join(dir, fmt.Sprintf("step-%012s.safetensors", step)))
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
	dir := interruptedRun(f)
	path := filepath.Join(dir, "step-000000000008.safetensors")
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
	f.Add(`{"optimizer":7}`, history)
	f.Fuzz(func(t *testing.T, text string, history []byte) {
		file := tensorfile.File{Params: file.Params, Tensors: maps.Clone(file.Tensors), Metadata: map[string]string{key: text}}
		delete(file.Tensors, "selfnorm/history")
		if len(history) > 0 {
			file.Tensors["selfnorm/history"] = tensor.New(tensor.WithShape(len(history)), tensor.WithBacking(history))
		}
		path := filepath.Join(t.TempDir(), "c.safetensors")
		if err := tensorfile.Write(path, file); err != nil {
			return // not UTF-8
		}
		c := baseConfig()
		c.Resume = path
		if _, err := train.Fit(context.Background(), network, newParams(t, 1), spirals(64, 1), c); err != nil && !strings.Contains(err.Error(), path) {
			t.Errorf("error %v does not name the file", err)
		}
	})
}
