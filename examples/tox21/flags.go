package main

import (
	"context"
	"flag"
	"io"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/molecular"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

// about says for -help what the program does.
const about = "Trains self-normalizing networks on the Tox21 Data Challenge, twelve toxicity assays of 12,707 compounds that come with the program,\n" +
	"and judges them on the challenge's test set. Then it predicts molecules (-predict) and explains predictions (-explain)."

// options are the flags.
type options struct {
	training.Flags
	explaining
	validation                 int
	quick, download, synthetic bool
	split, features            string
	members                    []molecular.Member // other than networks
	combine                    string             // the rule for all kinds of members
	splitSeed                  uint64
	inputRate, pool            float64
	stderr                     io.Writer

	action func(ctx context.Context, o options, w io.Writer) error
}

// parseFlags returns the options, or an exit code >= 0 if the program must end at once.
func parseFlags(args []string, stderr io.Writer) (options, int) {
	o := options{stderr: stderr, Flags: training.Flags{
		Net: "snn", Hidden: graphs.Hidden{Layers: 4, Units: 256, Outputs: tox21.NumTasks, Dropout: 0.1, InputDropout: 0.4},
		Optimizer: "adam", Rate: 1e-3, Schedule: "cosine", Batch: 256, Epochs: 10, Seed: 1,
	}}
	f := flag.NewFlagSet("tox21", flag.ContinueOnError)
	o.Register(f, "folder with the Tox21 files, or one file, such as DeepChem's tox21.csv.gz; otherwise $SELFNORM_DATA/tox21, the cache, or the compounds built into the program",
		"a SMILES, or a file of molecules (.smi, .csv with a column smiles, .tsv, .sdf, plain or gzip, or Parquet; - for the standard input), to predict with the networks of -model")
	f.BoolVar(&o.download, "download", false, "fetch the published files into the cache if they are in no folder")
	f.BoolVar(&o.synthetic, "synthetic", false, "train on made-up molecules instead of the real ones")
	f.IntVar(&o.validation, "validation", -1, "judge on this official fold (0 to 4) and the leaderboard rows instead of the test rows")
	f.StringVar(&o.features, "features", defaultFeatures, "features of the compounds: "+defaultFeatures+", or "+sparseFeatures+
		", all circular substructures in at least two training compounds as sparse rows")
	f.Float64Var(&o.inputRate, "input-rate", 1, "factor of the learning rate for the first hidden layer, which reads the features")
	f.Float64Var(&o.pool, "pool", defaultPool, "number of actives for which the log-odds of a task count half, and the mean over all tasks the other half; with more actives a task counts more")
	members := f.String("members", "", "other members of the ensemble beside the networks, which the table shows beside them: "+molecular.Syntax())
	f.StringVar(&o.combine, "combine", molecular.Rules()[0], "how the predictions of the networks and of each other kind of members are combined: by the mean of their "+
		molecular.Odds+", or "+molecular.Mean+", that of their probabilities")
	f.StringVar(&o.split, "split", "", "how to divide the compounds for training and test: "+strings.Join(splits, ", ")+"; otherwise official, or random if the data have no official split")
	f.Uint64Var(&o.splitSeed, "split-seed", 1, "seed of the random split")
	f.BoolVar(&o.quick, "quick", false, "a smaller network, 2 hidden layers of 64 units for 3 epochs, to see that everything works")
	o.explaining.register(f)
	code := program.Parse(f, about, args, stderr, func() error {
		given := program.Given(f)
		if o.quick {
			o.useQuick(given)
		}
		var err error
		if o.members, err = molecular.Parse(*members, o.quick); err != nil {
			return errors.Errorf("-members %s: %v", *members, err)
		}
		return o.check(given)
	})
	return o, code
}

// useQuick sets the size of a quick run, except where a flag gives it.
func (o *options) useQuick(given map[string]bool) {
	for name, set := range map[string]func(){
		"layers": func() { o.Hidden.Layers = 2 },
		"units":  func() { o.Hidden.Units = 64 },
		"epochs": func() { o.Epochs = 3 },
	} {
		if !given[name] {
			set()
		}
	}
}

// check returns an error for flags that make no sense, and chooses what the program does.
func (o *options) check(given map[string]bool) error {
	if given["predict"] {
		o.action = predictMolecules
		if o.Threads < 0 || o.Threads > 1024 {
			return errors.Errorf("-threads %d: want 0 to 1024", o.Threads)
		}
		return o.CheckUse("predict", o.Predict, given, "out", "threads", "q")
	}
	if chosen, err := o.checkExplain(given); chosen || err != nil {
		return err
	}
	o.action = trainNetworks
	if err := o.Check(); err != nil {
		return err
	}
	if o.Members.Folds && (o.Members.N != 5 || o.validation >= 0) {
		return errors.Errorf("-ensemble %v: the data have five official folds; want folds:5, without -validation", o.Members)
	}
	return program.CheckAll(
		program.Check{Flag: "combine", OK: slices.Contains(molecular.Rules(), o.combine), Got: o.combine, Want: strings.Join(molecular.Rules(), ", ")},
		program.Check{Flag: "combine", OK: !given["combine"] || len(o.members) > 0, Got: o.combine, Want: "-members beside it"},
		program.Check{Flag: "onnx", OK: o.ONNX == "" || len(o.members) == 0, Got: o.ONNX, Want: "networks alone, without -members: an ONNX file of the networks would predict something else"},
		program.Check{Flag: "validation", OK: o.validation >= -1 && o.validation <= 4, Got: o.validation, Want: "a fold from 0 to 4, or -1"},
		program.Check{Flag: "features", OK: o.features == defaultFeatures || o.features == sparseFeatures, Got: o.features, Want: defaultFeatures + " or " + sparseFeatures},
		program.Check{Flag: "input-rate", OK: o.inputRate > 0 && o.inputRate <= 1e6, Got: o.inputRate, Want: "a positive number up to 1e6"},
		program.Check{Flag: "pool", OK: o.pool >= 0 && o.pool <= 1e6, Got: o.pool, Want: "0 to 1e6"},
		program.Check{Flag: "split", OK: o.split == "" || slices.Contains(splits, o.split), Got: o.split, Want: strings.Join(splits, ", ")},
		program.Check{Flag: "split", OK: o.split == "" || o.split == official || o.validation < 0 && !o.Members.Folds, Got: o.split,
			Want: "no -validation and no -ensemble folds beside it: those are of the official split"},
		program.Check{Flag: "split-seed", OK: !given["split-seed"] || o.split == "" || o.split == random, Got: o.splitSeed, Want: "-split random beside it"},
		program.Check{Flag: "synthetic", OK: !o.synthetic || o.Data == "" && !o.download, Got: o.synthetic, Want: "no -data and no -download beside it"},
	)
}
