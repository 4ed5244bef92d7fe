package program

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train"
)

// Flags say which network to train, and how.
type Flags struct {
	Net string
	// Hidden are the hidden layers. The program sets Outputs.
	Hidden              graphs.Hidden
	Optimizer, Schedule string
	Rate, L2            float64
	Batch, Epochs       int
	Threads             int
	Seed                uint64
	Members             Members
	JSON, ONNX, Report  string
	Watch, Checkpoint   string
	Log, TensorBoard    string
	Quiet               bool

	form, ensemble string
}

// Register adds the flags, with the present values as their defaults.
func (o *Flags) Register(f *flag.FlagSet) {
	f.StringVar(&o.Net, "net", o.Net, "network: "+strings.Join(graphs.Networks(), ", "))
	f.IntVar(&o.Hidden.Layers, "layers", o.Hidden.Layers, "hidden layers")
	f.IntVar(&o.Hidden.Units, "units", o.Hidden.Units, "units of the first hidden layer")
	f.StringVar(&o.form, "form", o.Hidden.Profile.String(), "sizes of the hidden layers: rectangular, conic or diavolo")
	f.Float64Var(&o.Hidden.Dropout, "dropout", o.Hidden.Dropout, "dropout rate after each hidden layer (alpha dropout in an SNN)")
	f.Float64Var(&o.Hidden.InputDropout, "input-dropout", o.Hidden.InputDropout, "dropout rate on the input")
	f.Float64Var(&o.Rate, "lr", o.Rate, "learning rate; 0 means the optimizer's default")
	f.StringVar(&o.Optimizer, "optimizer", o.Optimizer, "optimizer: "+strings.Join(train.Optimizers(), ", "))
	f.StringVar(&o.Schedule, "schedule", o.Schedule, "schedule of the learning rate, in steps of the optimizer: "+train.ScheduleSyntax)
	f.Float64Var(&o.L2, "l2", o.L2, "L2 penalty; weight decay of adamw, where 0 means 0.01")
	f.IntVar(&o.Batch, "batch", o.Batch, "rows of a training step")
	f.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the training rows")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of the weights, the order of the rows and the dropout masks")
	f.StringVar(&o.ensemble, "ensemble", "", "train several networks that predict their mean: "+membersSyntax)
	f.IntVar(&o.Threads, "threads", 0, "threads; 0 means all")
	f.StringVar(&o.JSON, "json", "", "file for the result as JSON")
	f.StringVar(&o.ONNX, "onnx", "", "file for the network as an ONNX model, from raw features to probabilities")
	f.StringVar(&o.Report, "report", "", "file for a page of HTML about the run")
	f.StringVar(&o.Watch, "watch", "", "address to show that page at while the networks train, such as :8080 (for this machine alone)")
	f.StringVar(&o.Log, "log", "", "file for the curves while the networks train, by its ending .csv or .jsonl; of several networks each has one")
	f.StringVar(&o.TensorBoard, "tensorboard", "", "folder for TensorBoard, with a run network-1, network-2, ... of each network")
	f.StringVar(&o.Checkpoint, "checkpoint", "", "folder to save the run in after each epoch and on ^C; the same flags continue it")
	f.BoolVar(&o.Quiet, "q", false, "do not show the progress")
}

// Check returns an error for flags that make no sense, and completes the rest from their texts.
func (o *Flags) Check() (err error) {
	if o.Hidden.Profile, err = graphs.ParseWidthProfile(o.form); err != nil {
		return errors.Wrap(err, "-form")
	}
	_, scheduleErr := train.ParseSchedule(o.Schedule)
	_, logErr := train.NewLog(o.Log)
	var membersOK bool
	o.Members, membersOK = parseMembers(o.ensemble)
	return CheckAll(
		Check{"net", slices.Contains(graphs.Networks(), o.Net), o.Net, strings.Join(graphs.Networks(), ", ")},
		Check{"layers", o.Hidden.Layers >= 0 && o.Hidden.Layers <= 1000, o.Hidden.Layers, "0 to 1000"},
		Check{"units", o.Hidden.Units >= 1 && o.Hidden.Units <= 1<<16, o.Hidden.Units, "1 to 65536"},
		Check{"dropout", ops.CheckRate(o.Hidden.Dropout) == nil, o.Hidden.Dropout, "at least 0 and below 1"},
		Check{"input-dropout", ops.CheckRate(o.Hidden.InputDropout) == nil, o.Hidden.InputDropout, "at least 0 and below 1"},
		Check{"lr", o.Rate >= 0 && o.Rate < 1e6, o.Rate, "0 or a positive number"},
		Check{"optimizer", slices.Contains(train.Optimizers(), o.Optimizer), o.Optimizer, strings.Join(train.Optimizers(), ", ")},
		Check{"schedule", scheduleErr == nil, o.Schedule, train.ScheduleSyntax},
		Check{"l2", o.L2 >= 0 && o.L2 < 1e6, o.L2, "0 or a positive number"},
		Check{"batch", o.Batch >= 2 && o.Batch <= 1<<20, o.Batch, "2 to 1048576"},
		Check{"epochs", o.Epochs >= 1 && o.Epochs <= 1e6, o.Epochs, "at least 1"},
		Check{"threads", o.Threads >= 0 && o.Threads <= 1024, o.Threads, "0 to 1024"},
		Check{"ensemble", membersOK, o.ensemble, membersSyntax},
		Check{"log", o.Log == "" || logErr == nil, o.Log, "a name that ends in .csv or .jsonl"},
		Check{"onnx", o.ONNX == "" || o.Members.N == 1, o.ONNX, "a single network, without -ensemble"},
	)
}

// Model is the network. Check has seen that there is one of that name.
func (o *Flags) Model() nn.Layer {
	model, err := graphs.Network(o.Net, o.Hidden)
	if err != nil {
		panic(err)
	}
	return model
}

// MakeRoom returns an error, before hours of training, if the results cannot be written. more are further files by flag.
func (o *Flags) MakeRoom(more map[string]string) error {
	files := map[string]string{"json": o.JSON, "onnx": o.ONNX, "report": o.Report, "log": o.Log}
	for name, path := range more {
		files[name] = path
	}
	for name, path := range files {
		if info, err := os.Stat(filepath.Dir(path)); path != "" && (err != nil || !info.IsDir()) {
			return errors.Errorf("-%s %s: there is no folder %s", name, path, filepath.Dir(path))
		}
		if info, err := os.Stat(path); path != "" && err == nil && info.IsDir() {
			return errors.Errorf("-%s %s: it is a folder, want a file", name, path)
		}
	}
	return nil
}
