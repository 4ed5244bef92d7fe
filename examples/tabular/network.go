package main

import (
	"flag"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/nn"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/optim"
)

// embeddingRate is the part of the rate at which embeddings of numbers are trained, as in their paper.
const embeddingRate = 0.1

// parts are flags for parts of a network that the network of -net does not have.
type parts struct {
	tabm  int
	embed bool
}

func (p *parts) registerParts(f *flag.FlagSet) {
	f.IntVar(&p.tabm, "tabm", 0, "train each network as so many in one, which share the hidden weights (TabM); 0 means a plain network")
	f.BoolVar(&p.embed, "embed", false, "embed columns of numbers: each becomes four features, itself and mixtures of cosines of it")
}

func (o *options) checkParts() error {
	return program.CheckAll(
		program.Check{Flag: "tabm", OK: o.tabm == 0 || o.tabm >= 2 && o.tabm <= 256, Got: o.tabm, Want: "0, or 2 to 256"},
		program.Check{Flag: "tabm", OK: o.tabm == 0 || o.Net == "snn" && !o.embed && o.Hidden.InputDropout == 0, Got: o.tabm, Want: "-net snn, and neither -embed nor -input-dropout beside it"},
		program.Check{Flag: "embed", OK: !o.embed || o.Net == "snn", Got: o.Net, Want: "-net snn beside it"},
	)
}

// layer returns the layers of a network.
func (o *options) layer(p *problem) (nn.Layer, error) {
	h := o.Hidden
	h.Outputs = p.set.Outputs()
	switch {
	case o.tabm > 0:
		return graphs.TabM{Hidden: h, Members: o.tabm, Mean: p.loss.Link}, nil
	case o.embed:
		n := numbersOf(p.set.Features)
		if n == 0 {
			return nil, errors.New("-embed: the table has no columns of numbers")
		}
		return graphs.Embedded{Hidden: h, Numbers: n}, nil
	}
	return graphs.ByName(o.Net, h)
}

// numbersOf returns how many of the features, the first ones, are numbers.
func numbersOf(f datasets.Features) int {
	if c, ok := f.(*datasets.Concat); ok {
		f = c.Blocks()[0]
	}
	if d, ok := f.(*datasets.Dense); ok {
		_, n := d.Dims()
		return n
	}
	return 0
}

// tune completes the configuration of a network by what its parts want.
func (o *options) tune(c *train.Config) {
	c.Average = o.average
	if o.embed {
		c.Groups = append(c.Groups, optim.Group{Match: []string{"embedding.*"}, RateFactor: embeddingRate})
	}
}

// batchOf returns the rows of a step for a number of rows to train on.
func (o *options) batchOf(rows int) int {
	if o.batchGiven {
		return o.Batch
	}
	return max(2, int(o.batchFactor*float64(batchFor(rows))))
}
