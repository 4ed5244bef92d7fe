package program_test

import (
	"bytes"
	"flag"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// parse parses flags with sensible defaults.
func parse(args ...string) (o program.Flags, code int, stderr string) {
	o = program.Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 2, Units: 8, Outputs: 1}, Optimizer: "adam", Schedule: "cosine", Batch: 32, Epochs: 3, Seed: 7,
	}
	f := flag.NewFlagSet("prog", flag.ContinueOnError)
	o.Register(f)
	var text bytes.Buffer
	code = program.Parse(f, args, &text, o.Check)
	return o, code, text.String()
}

func TestMembers(t *testing.T) {
	for text, want := range map[string]program.Members{
		"": {N: 1}, "seeds:1": {N: 1}, "seeds:5": {N: 5}, "folds:2": {N: 2, Folds: true}, "folds:10": {N: 10, Folds: true},
	} {
		o, code, stderr := parse("-ensemble", text)
		if code >= 0 || o.Members != want {
			t.Errorf("%q: %+v, exit code %d, %s", text, o.Members, code, stderr)
		}
		if text != "" && o.Members.String() != text {
			t.Errorf("%q is written %q", text, o.Members)
		}
	}
	for _, text := range []string{"5", "seeds", "seeds:", "seeds:0", "folds:1", "seeds:-3", "seeds:2:3", "trees:2", "folds:1e3", "seeds:99999"} {
		if _, code, stderr := parse("-ensemble", text); code != 2 || !strings.Contains(stderr, "-ensemble "+text+": want seeds:N") {
			t.Errorf("%q: exit code %d, %s", text, code, stderr)
		}
	}
}

// -help lists every flag and ends with 0; a wrong flag ends with 2 and one line.
func TestParse(t *testing.T) {
	_, code, stderr := parse("-help")
	if code != 0 || !strings.Contains(stderr, "usage: prog") || !strings.Contains(stderr, "-input-dropout") {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	for _, args := range [][]string{
		{"more"}, {"-none"}, {"-layers", "x"}, {"-layers", "1001"}, {"-units", "0"}, {"-form", "round"}, {"-net", "cnn"}, {"-dropout", "1"},
		{"-input-dropout", "NaN"}, {"-lr", "-1"}, {"-optimizer", "x"}, {"-schedule", "x"}, {"-l2", "Inf"}, {"-batch", "1"}, {"-epochs", "0"},
		{"-threads", "-1"}, {"-log", "curves"}, {"-log", "curves.txt"}, {"-onnx", "f", "-ensemble", "seeds:2"},
	} {
		if _, code, stderr := parse(args...); code != 2 || strings.Count(stderr, "\n") != 1 || !strings.HasPrefix(stderr, "prog: ") {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
	var text bytes.Buffer
	if code := program.Exit("prog", errors.New("a\nb"), &text); code != 1 || text.String() != "prog: a b\n" {
		t.Errorf("exit code %d, %q", code, text.String())
	}
}

// Each member has its own seed, optimizer and folder of checkpoints.
func TestConfig(t *testing.T) {
	dir := t.TempDir()
	o, _, _ := parse("-checkpoint", dir, "-q", "-log", "curves.csv", "-tensorboard", "runs", "-ensemble", "seeds:2")
	a, err := o.Config(0, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := o.Config(1, nil, &train.EarlyStopping{})
	if err != nil {
		t.Fatal(err)
	}
	if a.Seed != 7 || b.Seed != 8 || a.Optimizer == b.Optimizer || a.Resume == b.Resume || filepath.Dir(a.Resume) != dir || len(b.Callbacks) != 5 {
		t.Errorf("%+v\n%+v", a, b)
	}
	for k, c := range []train.Config{a, b} {
		if log, ok := c.Callbacks[1].(*train.CSVLog); !ok || log.Path != fmt.Sprintf("curves-%d.csv", k+1) {
			t.Errorf("member %d has the log %+v", k, c.Callbacks[1])
		}
		if log, ok := c.Callbacks[2].(*tensorboard.Log); !ok || log.Dir != filepath.Join("runs", fmt.Sprintf("network-%d", k+1)) {
			t.Errorf("member %d has the log %+v", k, c.Callbacks[2])
		}
	}
}

func TestMakeRoom(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		filepath.Join(dir, "r.json"): "", filepath.Join(dir, "none", "r.json"): "there is no folder", dir: "it is a folder",
	} {
		o, _, _ := parse("-json", path)
		if err := o.MakeRoom(map[string]string{"out": ""}); err == nil != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}
