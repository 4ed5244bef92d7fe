package main

import (
	"flag"
	"fmt"
	"slices"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/csv"
	"github.com/selfnorm/selfnorm/examples/internal/members"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

// defaultFolds is the number of networks, each of which leaves out another part of the rows. It was chosen on validation rows; see docs/tables.md.
const defaultFolds = 5

// Without -members, the trees of a kind times the rows of the table are at most treeRows, but for leastTrees: more rows make better trees.
const treeRows, leastTrees = 1_500_000, 50

// largeTable is the number of rows above which one network is trained, which then has rows enough to validate on, and no trees. Tests lower it.
var largeTable = 20_000

// fastEpochs is the number of epochs of -fast. On validation rows more take longer and are hardly better (docs/tables.md).
const fastEpochs = 48

// scalingAuto is the value of -scaling that leaves the choice to scalingOf.
const scalingAuto = "auto"

// defaults are flags about how a training is done unless others say more, and what follows from them.
type defaults struct {
	fast      bool
	refit     bool
	average   float64
	smoothing float64
	scaling   string
	members   string

	batchFactor  float64 // of the rows of a step by the size of the table
	membersGiven bool
	bySize       bool // the number of networks follows from the size of the table
	kinds        []members.Kind
}

// registerDefaults adds the flags.
func (d *defaults) registerDefaults(f *flag.FlagSet) {
	f.BoolVar(&d.fast, "fast", false, fmt.Sprintf("train one network unless -ensemble is there, no other members, and %d epochs at most unless -epochs is there", fastEpochs))
	f.BoolVar(&d.refit, "refit", true, "train a single network again on all rows, validation rows included, for as many epochs as were best")
	f.Float64Var(&d.average, "average", 0.98, "decay of a moving average of the weights over the steps, which is what the networks have in the end; 0 means none")
	f.Float64Var(&d.smoothing, "smoothing", 0.1, "share of a label that is spread over all classes while a single network trains; 0 means none. Calibration takes its effect on probabilities back")
	f.StringVar(&d.scaling, "scaling", scalingAuto, "scaling of columns of numbers: "+string(datasets.RobustClip)+" (median and quartiles, limited to -3 to 3), "+
		string(datasets.Standardize)+" (mean and deviation), or "+scalingAuto+": "+string(datasets.RobustClip)+" unless the target is a number with a long upper tail")
	f.StringVar(&d.members, "members", members.Default(), "members beside the networks of -ensemble folds, for classes: "+members.Syntax+"; empty means none")
}

// setDefaults chooses what the flags leave open.
func (o *options) setDefaults(given map[string]bool) (err error) {
	o.membersGiven, o.batchFactor = given["members"], 1
	if o.kinds, err = members.Parse(o.members); err != nil {
		return fmt.Errorf("-members %w", err)
	}
	if !given["ensemble"] && !given["onnx"] && !given["validation-share"] && !o.fast {
		o.Members, o.bySize = training.Members{N: defaultFolds, Folds: true}, true
	}
	if o.fast && !given["epochs"] {
		o.Epochs = fastEpochs
	}
	if !o.Members.Folds || o.fast && !given["members"] {
		o.kinds = nil
	}
	return program.CheckAll(
		program.Check{Flag: "scaling", OK: slices.Contains([]string{scalingAuto, string(datasets.RobustClip), string(datasets.Standardize)}, o.scaling), Got: o.scaling,
			Want: scalingAuto + ", " + string(datasets.RobustClip) + " or " + string(datasets.Standardize)},
		program.Check{Flag: "average", OK: o.average >= 0 && o.average < 1, Got: o.average, Want: "at least 0 and below 1"},
		program.Check{Flag: "smoothing", OK: o.smoothing >= 0 && o.smoothing < 1, Got: o.smoothing, Want: "at least 0 and below 1"},
		program.Check{Flag: "members", OK: !given["members"] || o.members == "" || o.Members.Folds, Got: o.members, Want: "-ensemble folds beside it"},
	)
}

// forSize chooses what depends on the table: the rows with a target, and the problem.
func (o *options) forSize(rows int) {
	if o.bySize && rows > largeTable {
		o.Members, o.kinds = training.Members{N: 1}, nil
	}
	if o.Members.Folds && o.bySize {
		o.Members.N = max(2, min(o.Members.N, rows/2))
	}
	if !o.membersGiven {
		for i := range o.kinds {
			o.kinds[i].Trees = min(o.kinds[i].Trees, max(leastTrees, treeRows/max(1, rows)))
		}
	}
}

// scalingOf returns the scaling of columns of numbers. A target with a long upper tail often grows with columns that have one, too, and the
// clip would hide it.
func (o *options) scalingOf(skewed bool) datasets.Scaling {
	switch {
	case o.scaling != scalingAuto:
		return datasets.Scaling(o.scaling)
	case skewed:
		return datasets.Standardize
	}
	return datasets.RobustClip
}

// kindsFor returns the members for a problem: trees vote for classes.
func (o *options) kindsFor(p csv.Problem) []members.Kind {
	if p != csv.Classes {
		return nil
	}
	return o.kinds
}

// trainingLoss is the loss that networks are trained with. They are judged and saved with that of the problem.
func (p *problem) trainingLoss(o *options) graphs.Loss {
	if p.encoder.Problem() == csv.Classes && o.Members.N == 1 && o.smoothing > 0 {
		return graphs.SmoothedCrossEntropy(o.smoothing)
	}
	return p.loss
}
