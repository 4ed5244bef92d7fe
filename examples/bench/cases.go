package main

import "fmt"

// request is one thing to measure, as peers/pytorch.py reads it.
type request struct {
	Name      string  `json:"-"`
	Net       string  `json:"net"`
	Optimizer string  `json:"optimizer"`
	Batch     int     `json:"batch"`
	Inputs    int     `json:"inputs"`
	Units     int     `json:"units"`
	Layers    int     `json:"layers"`
	Outputs   int     `json:"outputs"`
	Dropout   float64 `json:"dropout"`
	Threads   int     `json:"threads"`
	Warmup    int     `json:"warmup"`
	Steps     int     `json:"steps"`
	Rows      int     `json:"rows"` // rows to predict; 0 means to train
}

// cases are the networks of 8 hidden layers and 12 outputs to measure.
func cases(o options) []request {
	base := request{
		Net: "snn", Optimizer: "adam", Layers: 8, Outputs: 12, Dropout: 0.05, Threads: o.threads, Warmup: 5, Steps: o.steps,
	}
	// Short steps need more of them: a system may take tens of milliseconds to give an awakened thread a core of its own.
	sizes := []struct{ batch, inputs, units, times int }{
		{128, 1024, 1024, 1}, {128, 256, 256, 10}, {64, 64, 64, 50}, {128, 1644, 1024, 1},
	}
	var list []request
	for _, kind := range []struct{ net, optimizer string }{{"snn", "adam"}, {"snn", "sgd"}, {"batchnorm", "adam"}} {
		for _, s := range sizes {
			c := base
			c.Net, c.Optimizer, c.Batch, c.Inputs, c.Units = kind.net, kind.optimizer, s.batch, s.inputs, s.units
			c.Warmup, c.Steps = s.times*base.Warmup, s.times*base.Steps
			c.Name = fmt.Sprintf("step, %s, %s, %d x %d -> 8 x %d", c.Net, c.Optimizer, c.Batch, c.Inputs, c.Units)
			list = append(list, c)
		}
	}
	if o.rows > 0 {
		c := base
		c.Batch, c.Inputs, c.Units, c.Rows = 1024, 1024, 1024, o.rows
		c.Name = fmt.Sprintf("predict %d rows, 8 x 1024", c.Rows)
		list = append(list, c)
	}
	return list
}

// format is a time for the table: milliseconds of a step, or rows a second.
func (c request) format(seconds float64) string {
	if c.Rows > 0 {
		return fmt.Sprintf("%.0f rows/s", float64(c.Rows)/seconds)
	}
	return fmt.Sprintf("%.3g ms", 1e3*seconds)
}
