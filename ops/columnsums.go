package ops

import "github.com/selfnorm/selfnorm/ops/kernel"

// ColumnSumsDef is the sum over the rows of a matrix, a vector with one element per column, as a step of a gradient: the gradient of a bias
// that is added to each row.
func ColumnSumsDef() Def {
	return Def{Name: "ColumnSums", ID: own{}, Shape: RowOf(0), Float32: sumColumns[float32], Float64: sumColumns[float64]}
}

func sumColumns[T kernel.Float](c *Call[T]) error {
	kernel.ColumnSums(c.Workers, c.Out, c.In[0], c.Shapes[0][1])
	return nil
}
