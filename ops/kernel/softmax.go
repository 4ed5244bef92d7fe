package kernel

import "math"

// LogSumExp returns log(sum(e^x)) of one row, without overflow, and the largest element.
func LogSumExp[T Float](row []T) (lse, largest float64) {
	if v := vectorized[T](); v != nil {
		sum, largest := v.sumExp(f32(row))
		return largest + math.Log(sum), largest
	}
	largest = math.Inf(-1)
	for _, v := range row {
		largest = math.Max(largest, float64(v))
	}
	sum := 0.0
	for _, v := range row {
		sum += math.Exp(float64(v) - largest)
	}
	return largest + math.Log(sum), largest
}

// Softmax sets dst to e^x / sum(e^x) of one row.
func Softmax[T Float](dst, row []T) {
	check(len(row), dst)
	lse, _ := LogSumExp(row)
	scaledExp(dst, row, lse, 1)
}

// scaledExp sets dst to scale e^(x - shift); no x is larger than shift.
func scaledExp[T Float](dst, x []T, shift, scale float64) {
	if v := vectorized[T](); v != nil {
		v.scaledExp(f32(dst), f32(x), shift, scale)
		return
	}
	for j, v := range x {
		dst[j] = T(scale * math.Exp(float64(v)-shift))
	}
}

// RowWeights are the weights of the rows of a cross-entropy: row i with class c has the weight Rows[i] Classes[c]. Nil means weights of 1.
// The class of a row of weight 0 may be anything.
type RowWeights[T Float] struct {
	Rows    []T
	Classes []float64
}

// Of returns the weight of row i, whose class is given.
func (w RowWeights[T]) Of(i int, class T) float64 {
	weight := 1.0
	if w.Rows != nil {
		weight = float64(w.Rows[i])
	}
	if w.Classes != nil && weight != 0 {
		weight *= w.Classes[int(class)]
	}
	return weight
}

// Total returns the sum of the weights of rows with the given classes.
func (w RowWeights[T]) Total(classes []T) (total float64) {
	for i, c := range classes {
		total += w.Of(i, c)
	}
	return total
}

// CrossEntropy returns the weighted sum over rows of -log softmax(logits)[class]; each row has cols logits.
// classes holds integers in [0, cols) stored as floats. Rows of weight 0 are skipped.
func CrossEntropy[T Float](logits, classes []T, weights RowWeights[T], cols int) float64 {
	check(len(classes)*cols, logits)
	loss := 0.0
	for i, c := range classes {
		w := weights.Of(i, c)
		if w == 0 {
			continue
		}
		row := logits[i*cols:][:cols]
		lse, _ := LogSumExp(row)
		loss += w * (lse - float64(row[int(c)]))
	}
	return loss
}

// CrossEntropyGrad sets each row of dst to scale times the weight of the row times (softmax(logits) - onehot(class)).
func CrossEntropyGrad[T Float](dst, logits, classes []T, weights RowWeights[T], cols int, scale float64) {
	check(len(classes)*cols, dst, logits)
	for i, c := range classes {
		row, out, w := logits[i*cols:][:cols], dst[i*cols:][:cols], weights.Of(i, c)
		if w == 0 {
			clear(out)
			continue
		}
		lse, _ := LogSumExp(row)
		scaledExp(out, row, lse, scale*w)
		out[int(c)] = T(scale * w * (math.Exp(float64(row[int(c)])-lse) - 1))
	}
}
