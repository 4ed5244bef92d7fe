package nn

import (
	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/batch"
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
)

// Embedding is a layer that looks up a vector of Dim elements for each category. Its parameter is weight, of shape (Categories, Dim); its
// gradient is row-sparse, so a step takes time for the categories that occur, however many there are. See ops.Embedding.
type Embedding struct {
	// Categories is the number of categories. 0 means that of the network's input, which the layer must then be applied to directly.
	Categories int
	// Dim is the number of elements of a vector, at least 1.
	Dim int
	// Init fills the vectors. Nil means StandardNormal: the layers behind them find mean 0 and variance 1, as a self-normalizing network
	// needs from its inputs. PyTorch has the same default.
	Init Initializer
}

// Forward adds the layer to the graph of x: a vector of categories, or a matrix (rows, k) of k categories per row, whose vectors are
// joined, (rows, k Dim).
func (e Embedding) Forward(b *Binder, x *G.Node) (*G.Node, error) {
	switch {
	case b == nil || b.shared == nil:
		return nil, errors.New("Embedding: the binder is nil; use nn.NewBinder")
	case x == nil || x.Type() == nil:
		return nil, errors.New("Embedding: the input is nil")
	case e.Dim < 1:
		return nil, errors.Errorf("Embedding: Dim is %d, want at least 1", e.Dim)
	case x.Dims() != 1 && x.Dims() != 2:
		return nil, errors.Errorf("Embedding: input of shape %v, want a vector of categories, or a matrix of several per row", x.Shape())
	}
	in, isInput := b.InputOf(x)
	categories := e.Categories
	switch {
	case b.IsSparse(x):
		return nil, errors.New("Embedding: the input is sparse, want categories")
	case categories < 0:
		return nil, errors.Errorf("Embedding: %d categories", categories)
	case isInput && in.Kind == batch.Category && categories == 0:
		categories = in.Width
	case isInput && in.Kind == batch.Category && categories < in.Width:
		return nil, errors.Errorf("Embedding: a table of %d categories for input %q of %d", categories, in.Name, in.Width)
	case categories == 0:
		return nil, errors.New("Embedding: Categories is 0, and x is not an input of categories; set it")
	}
	table, err := b.Param("weight", orElse(e.Init, StandardNormal), categories, e.Dim)
	if err != nil {
		return nil, err
	}
	return ops.Embedding(table, x)
}
