package rowfile

import (
	"encoding/json"
	"math"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
)

// Description describes the rows of a file.
type Description struct {
	// Name and Notes are those of a data set: a short name, and the origin of the data in one line.
	Name  string `json:"name,omitempty"`
	Notes string `json:"notes,omitempty"`
	// Width is the number of features of a row. Columns names them; nil if they have no names. Shape is that of images: channels, height,
	// width, whose product is Width; nil for a matrix.
	Width   int      `json:"width"`
	Columns []string `json:"columns,omitempty"`
	Shape   []int    `json:"shape,omitempty"`
	// Tasks names the labels of a row. Classes names the classes if each row has one of them; then there is one task, and its label is a class
	// index from 0.
	Tasks   []string `json:"tasks"`
	Classes []string `json:"classes,omitempty"`
	// Weights means that rows have weights.
	Weights bool `json:"weights,omitempty"`
	// Encoder turned raw data into these features, as JSON; nil if nothing did.
	Encoder json.RawMessage `json:"encoder,omitempty"`

	// ChunkRows is the number of rows that are read at once, and WindowRows that of the rows among which an epoch's order is random; about this
	// many rows are in memory twice. 0 means as many as have 256 KiB, at most 4,096, and as many as have 128 MiB, at most 2^20. They determine the order of
	// the rows in a training.
	ChunkRows  int `json:"chunk_rows"`
	WindowRows int `json:"window_rows"`
	// Rows is the number of rows. Create sets it.
	Rows int `json:"rows"`
}

// Limits of a file.
const (
	maxValues   = 1 << 24 // of a row
	maxTasks    = 1 << 16
	maxChunk    = 1 << 28 // bytes
	maxWindow   = 1 << 26 // rows
	chunkBytes  = 1 << 18
	chunkRows   = 1 << 12
	windowBytes = 1 << 27
	windowRows  = 1 << 20
)

// values returns the number of values of a row.
func (d *Description) values() int {
	n := d.Width + len(d.Tasks)
	if d.Weights {
		n++
	}
	return n
}

// bytes returns the length of a row.
func (d *Description) bytes() int { return 4 * d.values() }

// chunks returns the number of chunks.
func (d *Description) chunks() int { return (d.Rows + d.ChunkRows - 1) / d.ChunkRows }

// chunk returns the rows of a chunk.
func (d *Description) chunk(k int) (from, to int) {
	return k * d.ChunkRows, min((k+1)*d.ChunkRows, d.Rows)
}

// withDefaults returns the description of a file to write.
func (d Description) withDefaults() (Description, error) {
	if d.Width > 0 && d.Width < maxValues && len(d.Tasks) <= maxTasks {
		if d.ChunkRows == 0 {
			d.ChunkRows = max(1, min(chunkRows, chunkBytes/d.bytes()))
		}
		if d.WindowRows == 0 {
			d.WindowRows = max(1, min(windowRows, windowBytes/d.bytes()))
		}
	}
	d.Columns, d.Shape, d.Tasks, d.Classes = slices.Clone(d.Columns), slices.Clone(d.Shape), slices.Clone(d.Tasks), slices.Clone(d.Classes)
	d.Rows = 0
	return d, d.check()
}

// check returns an error for a description that makes no sense.
func (d *Description) check() error {
	switch {
	case d.Width < 1 || d.Width >= maxValues:
		return errors.Errorf("rows of %d features, want 1 to %d", d.Width, maxValues-1)
	case d.Columns != nil && len(d.Columns) != d.Width:
		return errors.Errorf("%d names for %d features", len(d.Columns), d.Width)
	case len(d.Tasks) < 1 || len(d.Tasks) > maxTasks:
		return errors.Errorf("rows of %d labels, want 1 to %d", len(d.Tasks), maxTasks)
	case d.Classes != nil && (len(d.Tasks) != 1 || len(d.Classes) < 2):
		return errors.Errorf("%d tasks and %d classes, want one task and at least two classes", len(d.Tasks), len(d.Classes))
	case d.ChunkRows < 1 || d.ChunkRows > maxChunk/d.bytes():
		return errors.Errorf("chunks of %d rows, want 1 to %d", d.ChunkRows, maxChunk/d.bytes())
	case d.WindowRows < 1 || d.WindowRows > maxWindow:
		return errors.Errorf("a window of %d rows, want 1 to %d", d.WindowRows, maxWindow)
	case d.Rows < 0 || d.Rows > math.MaxInt32-1:
		return errors.Errorf("%d rows, want at most %d", d.Rows, math.MaxInt32-1)
	}
	if d.Shape == nil {
		return nil
	}
	size := 1
	for _, n := range d.Shape {
		if n < 1 || n > maxValues || size > maxValues/n {
			return errors.Errorf("images of shape %v", d.Shape)
		}
		size *= n
	}
	if len(d.Shape) != 3 || size != d.Width || d.Columns != nil {
		return errors.Errorf("images of shape %v in %d features without names", d.Shape, d.Width)
	}
	return nil
}

// set returns the set of some rows with these features and labels, and weights if the file has them.
func (d *Description) set(x, y, weights []float32) (*datasets.Set, error) {
	f, err := datasets.NewDense(len(x)/d.Width, d.Width, x)
	if err != nil {
		return nil, err
	}
	return &datasets.Set{
		Name: d.Name, Notes: d.Notes, Features: f, FeatureNames: d.Columns, Shape: d.Shape, Tasks: d.Tasks, Classes: d.Classes, Labels: y, Weights: weights,
	}, nil
}
