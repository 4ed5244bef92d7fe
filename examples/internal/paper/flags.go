package paper

import (
	"flag"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
)

// Flags are those of a comparison of networks.
type Flags struct {
	// Nets are the names of the networks, and Grid one of Grids.
	Nets     []string
	Grid     string
	Parallel int
	Seed     uint64
	// Quiet leaves out the table of what runs. Download fetches the data if they are nowhere else.
	Quiet, Download bool

	nets string
}

// Register adds the flags.
func (o *Flags) Register(f *flag.FlagSet) {
	f.BoolVar(&o.Download, "download", false, "fetch the data into the cache if they are nowhere else")
	f.StringVar(&o.nets, "nets", "all", "names of networks, separated by commas, or all")
	f.StringVar(&o.Grid, "grid", "quick", "hyperparameters to try: quick (Adam), sgd (plain gradient descent), or paper for those of its table A4 and following")
	f.IntVar(&o.Parallel, "parallel", 0, "trials at a time, each on one thread; 0 means one for each core")
	f.Uint64Var(&o.Seed, "seed", 1, "seed of the folds and of the search")
	f.BoolVar(&o.Quiet, "q", false, "no table of what runs")
}

// Check returns an error for flags that make no sense. It sets Nets.
func (o *Flags) Check() error {
	o.Nets = strings.Split(o.nets, ",")
	if o.nets == "all" {
		o.Nets = graphs.Networks()
	}
	for i, net := range o.Nets {
		if slices.Contains(o.Nets[:i], net) {
			return errors.Errorf("-nets %s: %s stands there twice", o.nets, net)
		}
		if !slices.Contains(graphs.Networks(), net) {
			return errors.Errorf("-nets %s: want some of %s", net, strings.Join(graphs.Networks(), ", "))
		}
	}
	return program.CheckAll(
		program.Check{Flag: "grid", OK: slices.Contains(Grids, o.Grid), Got: o.Grid, Want: "one of " + strings.Join(Grids, ", ")},
		program.Check{Flag: "parallel", OK: o.Parallel >= 0, Got: o.Parallel, Want: "0 or more"},
	)
}
