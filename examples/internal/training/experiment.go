package training

import (
	"context"
	"encoding/json"
	"io"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/graphs/onnx"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/report"
)

// Experiment holds the parts that differ between training programs. Train calls its methods in this order.
type Experiment interface {
	// Prepare reads the data. It may change the flags, such as those that depend on the size of the data.
	Prepare(ctx context.Context) (*Problem, error)
	// Configure completes the configuration of a member, counted from 0.
	Configure(k int, c *train.Config) error
	// Trained is called after each member, with its result on the rows that its fold holds out, nil without folds. It returns a text to
	// print about the member, and its result for the page; both may be empty.
	Trained(ctx context.Context, net *graphs.Network, h *train.History, held *train.Result) (text string, r report.Result, err error)
	// Judge returns the results of all members.
	Judge(ctx context.Context, fitted *train.FittedEnsemble, s *Summary) (Report, error)
}

// TrialsFile is the name of the file in the folder of -checkpoint in which a search keeps its trials.
const TrialsFile = "search.jsonl"

// Searcher is an Experiment that chooses its settings before it trains.
type Searcher interface {
	// Search is called when the outputs have been checked. It may change the flags, and returns the problem to train on.
	Search(ctx context.Context, p *Problem) (*Problem, error)
}

// Problem holds the data of a run, prepared for training.
type Problem struct {
	Set  *datasets.Set
	Loss graphs.Loss
	// Layer returns the layers of a network. Nil means those of the flags.
	Layer func() (nn.Layer, error)
	// Fit are the rows to train on. With -ensemble folds, Folds divide them.
	Fit   []int
	Folds []train.Fold
	// Curves describes the rows that the networks are judged on while they train.
	Curves string
	// Notes are sentences about the data, for the output and the page.
	Notes []string
	// Source identifies the data, the columns and the targets.
	Source Source
	// Metadata are texts to save with the networks, also if the run is interrupted.
	Metadata map[string]string
	// Calibration is that of all networks from the beginning; nil if there is none.
	Calibration *graphs.Calibration
	// Encoder turns raw data into inputs of the networks. It is saved with them as JSON.
	Encoder any
	// ONNX are the options for -onnx.
	ONNX onnx.Options
}

// Report is the result of a run. As JSON it is the content of the file -json; a Summary is embedded in it.
type Report interface {
	// Page returns the results of all members together for the page, the most important first.
	Page() []report.Result
	// Metadata returns texts about the results to save with the networks.
	Metadata() (map[string]string, error)
	// Print writes the results as tables.
	Print(w io.Writer) error
}

// Explained is a Report that explains predictions.
type Explained interface {
	// Explained returns contributions of columns for the page, nil if there are none.
	Explained() []report.Contributions
}

// Arrayed is a Report on an ensemble that has other members beside the networks.
type Arrayed interface {
	// Arrays returns these members as plain arrays by name, to save with the networks; see graphs.Bundle.
	Arrays() (map[string]any, error)
}

// Summary describes a run, as -json writes it.
type Summary struct {
	Data     string  `json:"data"`
	Net      string  `json:"net"`
	Layers   int     `json:"layers"`
	Units    int     `json:"units"`
	Seed     uint64  `json:"seed"`
	Networks int     `json:"networks"` // trained with the seeds seed, seed+1, ...
	Folds    bool    `json:"folds"`    // each without the rows of another fold
	Features int     `json:"features"`
	Params   int     `json:"params"` // trainable weights of one network
	Seconds  float64 `json:"seconds"`
}

// SummaryOf describes networks that were loaded, and a set that they are judged on. Fields that the networks do not know are empty.
func SummaryOf(networks train.Ensemble, set *datasets.Set) *Summary {
	s := &Summary{Data: set.Notes, Networks: len(networks), Features: set.Width(), Params: networks[0].Size()}
	name, fields, _ := strings.Cut(networks[0].Architecture(), " ")
	var hidden struct{ Layers, Units int }
	if json.Unmarshal([]byte(fields), &hidden) == nil {
		s.Net, s.Layers, s.Units = name, hidden.Layers, hidden.Units
	}
	return s
}

func newSummary(o *Flags, p *Problem, fitted *train.FittedEnsemble) *Summary {
	return &Summary{
		Data: p.Set.Notes, Net: o.Net, Layers: o.Hidden.Layers, Units: o.Hidden.Units, Seed: o.Seed,
		Networks: len(fitted.Ensemble), Folds: o.Members.Folds, Features: p.Set.Width(), Params: fitted.Ensemble[0].Size(),
	}
}
