package search

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/train/metric"
)

// curve holds the values of a metric after some epochs.
type curve struct {
	metric metric.Metric // its name and direction
	values []float64
	epochs []int // ascending; nil for 1, 2, 3, ...
}

// epoch is the epoch of value i, 0 for one before the first.
func (c *curve) epoch(i int) int {
	switch {
	case i < 0:
		return 0
	case c.epochs == nil:
		return i + 1
	}
	return c.epochs[i]
}

// add adds a value after a later epoch.
func (c *curve) add(epoch int, value float64) {
	if c.epochs == nil && epoch != len(c.values)+1 {
		for i := range c.values {
			c.epochs = append(c.epochs, i+1)
		}
		c.epochs = append(c.epochs, epoch)
	} else if c.epochs != nil {
		c.epochs = append(c.epochs, epoch)
	}
	c.values = append(c.values, value)
}

// check returns an error for epochs that do not ascend or do not fit the values.
func (c *curve) check() error {
	if c.epochs == nil {
		return nil
	}
	if len(c.epochs) != len(c.values) {
		return errors.Errorf("%d epochs of %d values", len(c.epochs), len(c.values))
	}
	last := 0
	for _, e := range c.epochs {
		if e <= last {
			return errors.Errorf("epoch %d after epoch %d", e, last)
		}
		last = e
	}
	return nil
}

// compatible returns an error if the values of two metrics cannot be compared. Files of version 0.1 do not name the metric;
// there, higher was better.
func compatible(a, b metric.Metric) error {
	if a.Lower == b.Lower && (a.Name == b.Name || a.Name == "" || b.Name == "") {
		return nil
	}
	return errors.Errorf("%s cannot be compared with %s", describe(a), describe(b))
}

func describe(m metric.Metric) string {
	name, better := m.Name, "higher"
	if name == "" {
		name = "a metric without a name"
	}
	if m.Lower {
		better = "lower"
	}
	return name + " (" + better + " is better)"
}
