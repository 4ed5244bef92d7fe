package training

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/train/checkpoint"
	"github.com/selfnorm/selfnorm/train/logs"
	"github.com/selfnorm/selfnorm/train/optim"
	"github.com/selfnorm/selfnorm/train/tensorboard"
)

// Flags are the flags that all programs of this package share: the network, the training, and the outputs.
type Flags struct {
	Data string
	Net  string
	// Hidden are the hidden layers. Train sets Outputs.
	Hidden              graphs.Hidden
	Optimizer, Schedule string
	Rate, L2            float64
	Batch, Epochs       int
	Threads             int
	Seed                uint64
	Members             Members
	Out, JSON, ONNX     string
	Report, Watch       string
	Log, TensorBoard    string
	Checkpoint          string
	Overwrite           bool
	Quiet               bool
	// Predict names the rows to predict with the networks of the file Model, instead of training.
	Predict, Model string

	form, ensemble string
	onFailure      func(flag string, err error) // takes the errors of outputs without which a run goes on
}

// Register adds the flags, with the current values as their defaults. data and predict describe the flags of those names.
func (o *Flags) Register(f *flag.FlagSet, data, predict string) {
	f.StringVar(&o.Data, "data", "", data)
	f.StringVar(&o.Net, "net", o.Net, "network: "+strings.Join(graphs.Names(), ", "))
	f.IntVar(&o.Hidden.Layers, "layers", o.Hidden.Layers, "hidden layers")
	f.IntVar(&o.Hidden.Units, "units", o.Hidden.Units, "units of the first hidden layer")
	f.StringVar(&o.form, "form", o.Hidden.Profile.String(), "how the widths of the hidden layers change with depth: rectangular, conic or diavolo")
	f.Float64Var(&o.Hidden.Dropout, "dropout", o.Hidden.Dropout, "dropout rate after each hidden layer (alpha dropout in an SNN)")
	f.Float64Var(&o.Hidden.InputDropout, "input-dropout", o.Hidden.InputDropout, "dropout rate on the input")
	f.Float64Var(&o.Rate, "lr", o.Rate, "learning rate; 0 means the optimizer's default")
	f.StringVar(&o.Optimizer, "optimizer", o.Optimizer, "optimizer: "+strings.Join(optim.Names(), ", "))
	f.StringVar(&o.Schedule, "schedule", o.Schedule, "schedule of the learning rate, in steps of the optimizer: "+optim.ScheduleSyntax)
	f.Float64Var(&o.L2, "l2", o.L2, "L2 penalty; weight decay of adamw, where 0 means 0.01")
	f.IntVar(&o.Batch, "batch", o.Batch, "rows of a training step")
	f.IntVar(&o.Epochs, "epochs", o.Epochs, "passes over the training rows")
	f.Uint64Var(&o.Seed, "seed", o.Seed, "seed of the weights, the order of the rows and the dropout masks")
	f.StringVar(&o.ensemble, "ensemble", "", "train several networks and average their predictions: "+membersSyntax)
	f.IntVar(&o.Threads, "threads", 0, "threads; 0 means all")
	program.MemoryFlag(f)
	f.StringVar(&o.Out, "out", "", "file to save the networks in, with all that a prediction needs; with -predict, file for the predictions, or folder for Parquet files if its name ends in .parquet")
	f.StringVar(&o.JSON, "json", "", "file for the result as JSON")
	f.StringVar(&o.ONNX, "onnx", "", "file for the network as an ONNX model, from raw features to predictions")
	f.StringVar(&o.Report, "report", "", "file for an HTML page about the run")
	f.StringVar(&o.Watch, "watch", "", "address that serves that page while the networks train, such as :8080 (for this machine alone)")
	f.StringVar(&o.Log, "log", "", "file for the curves while the networks train; its name ends in .csv or .jsonl; in an ensemble each network has its own")
	f.StringVar(&o.TensorBoard, "tensorboard", "", "folder for TensorBoard, with a run network-1, network-2, ... of each network")
	f.StringVar(&o.Checkpoint, "checkpoint", "", "folder to save the run in after each epoch, and when a signal ends it; the same flags continue it")
	f.BoolVar(&o.Overwrite, "overwrite", false, "let outputs replace networks that were trained on other data, columns or targets, and -out and -onnx any file")
	f.BoolVar(&o.Quiet, "q", false, "do not show the progress")
	f.StringVar(&o.Predict, "predict", "", predict)
	f.StringVar(&o.Model, "model", "", "file that -out has written in training")
}

// Check returns an error for flags that are invalid in a training, and parses the text flags.
func (o *Flags) Check() (err error) {
	if o.Hidden.Profile, err = graphs.ParseWidthProfile(o.form); err != nil {
		return errors.Wrap(err, "-form")
	}
	_, optimizerErr := optim.ByName(o.Optimizer, 0, 0)
	_, scheduleErr := optim.ParseSchedule(o.Schedule)
	_, logErr := logs.New(o.Log)
	var membersOK bool
	o.Members, membersOK = parseMembers(o.ensemble)
	return program.CheckAll(
		program.Check{Flag: "net", OK: slices.Contains(graphs.Names(), o.Net), Got: o.Net, Want: strings.Join(graphs.Names(), ", ")},
		program.Check{Flag: "layers", OK: o.Hidden.Layers >= 0 && o.Hidden.Layers <= 1000, Got: o.Hidden.Layers, Want: "0 to 1000"},
		program.Check{Flag: "units", OK: o.Hidden.Units >= 1 && o.Hidden.Units <= 1<<16, Got: o.Hidden.Units, Want: "1 to 65536"},
		program.Check{Flag: "dropout", OK: ops.CheckRate(o.Hidden.Dropout) == nil, Got: o.Hidden.Dropout, Want: "at least 0 and below 1"},
		program.Check{Flag: "input-dropout", OK: ops.CheckRate(o.Hidden.InputDropout) == nil, Got: o.Hidden.InputDropout, Want: "at least 0 and below 1"},
		program.Check{Flag: "lr", OK: o.Rate >= 0 && o.Rate < 1e6, Got: o.Rate, Want: "0 or a positive number below 1000000"},
		program.Check{Flag: "optimizer", OK: optimizerErr == nil, Got: o.Optimizer, Want: strings.Join(optim.Names(), ", ")},
		program.Check{Flag: "schedule", OK: scheduleErr == nil, Got: o.Schedule, Want: optim.ScheduleSyntax},
		program.Check{Flag: "l2", OK: o.L2 >= 0 && o.L2 < 1e6, Got: o.L2, Want: "0 or a positive number below 1000000"},
		program.Check{Flag: "batch", OK: o.Batch >= 2 && o.Batch <= 1<<20, Got: o.Batch, Want: "2 to 1048576"},
		program.Check{Flag: "epochs", OK: o.Epochs >= 1 && o.Epochs <= 1e6, Got: o.Epochs, Want: "1 to 1000000"},
		program.Check{Flag: "threads", OK: o.Threads >= 0 && o.Threads <= 1024, Got: o.Threads, Want: "0 to 1024"},
		program.Check{Flag: "ensemble", OK: membersOK, Got: o.ensemble, Want: membersSyntax},
		program.Check{Flag: "log", OK: o.Log == "" || logErr == nil, Got: o.Log, Want: "a name that ends in .csv or .jsonl"},
		program.Check{Flag: "onnx", OK: o.ONNX == "" || o.Members.N == 1, Got: o.ONNX, Want: "a single network, without -ensemble"},
		program.Check{Flag: "model", OK: o.Model == "", Got: o.Model, Want: "-predict beside it; a training writes -out"},
	)
}

// CheckUse returns an error for flags that have no effect in a run that uses the networks of -model because of the given flag. allowed are
// the names of the flags that you may combine with it.
func (o *Flags) CheckUse(name, value string, given map[string]bool, allowed ...string) error {
	if value == "" {
		return errors.Errorf("-%s: the text is empty", name)
	}
	for _, other := range slices.Sorted(maps.Keys(given)) {
		if other != name && other != "model" && other != "memory" && other != "overwrite" && !slices.Contains(allowed, other) {
			return errors.Errorf("-%s: it means nothing beside -%s", other, name)
		}
	}
	if o.Model == "" {
		return errors.Errorf("-%s: want the file of trained networks, -model FILE", name)
	}
	return nil
}

// Fail notes that an output of a flag cannot be written. The run goes on and ends with this error.
func (o *Flags) Fail(flag string, err error) {
	if o.onFailure != nil {
		o.onFailure(flag, err)
	}
}

// memberPath reports whether a path in the folder of a flag is the folder of a member, or a file in it that has one of the names.
func (o *Flags) memberPath(path string, uses func(base string) bool) bool {
	folder, base, file := strings.Cut(path, "/")
	number, err := strconv.Atoi(strings.TrimPrefix(folder, memberPrefix))
	return err == nil && folder == fmt.Sprint(memberPrefix, number) && number >= 1 && number <= o.Members.N && (!file || uses(base))
}

// files returns the files of a training.
func (o *Flags) files() *program.Files {
	f := &program.Files{Overwrite: o.Overwrite}
	f.In("-data", o.Data)
	f.Network("-out", o.Out)
	f.Out("-json", o.JSON)
	f.Out("-onnx", o.ONNX)
	f.Out("-report", o.Report)
	f.OutFolder("-tensorboard", o.TensorBoard)
	f.OutFolder("-checkpoint", o.Checkpoint)
	for k := range o.Members.N { // those that exist may have other permissions
		for name, folder := range map[string]string{"-tensorboard": o.TensorBoard, "-checkpoint": o.Checkpoint} {
			if info, err := os.Stat(memberFolder(folder, k)); folder != "" && err == nil && info.IsDir() {
				f.OutFolder(name, memberFolder(folder, k))
			}
		}
	}
	f.Reserve("-tensorboard", o.TensorBoard, func(path string) bool { return o.memberPath(path, tensorboard.Uses) })
	f.Reserve("-checkpoint", o.Checkpoint, func(path string) bool {
		return path == TrialsFile || strings.HasPrefix(path, MemberFile("")) || o.memberPath(path, checkpoint.Uses)
	})
	if o.Log != "" {
		for k := range o.Members.N {
			f.Out("-log", o.memberFile(o.Log, k))
		}
	}
	return f
}
