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

// CrossEntropy returns the sum over rows of -log softmax(logits)[class]; each row has cols logits.
// classes holds integers in [0, cols) stored as floats.
func CrossEntropy[T Float](logits, classes []T, cols int) float64 {
	check(len(classes)*cols, logits)
	loss := 0.0
	for i, c := range classes {
		row := logits[i*cols:][:cols]
		lse, _ := LogSumExp(row)
		loss += lse - float64(row[int(c)])
	}
	return loss
}

// CrossEntropyGrad sets dst to scale (softmax(logits) - onehot(class)), row by row.
func CrossEntropyGrad[T Float](dst, logits, classes []T, cols int, scale float64) {
	check(len(classes)*cols, dst, logits)
	for i, c := range classes {
		row, out := logits[i*cols:][:cols], dst[i*cols:][:cols]
		lse, _ := LogSumExp(row)
		scaledExp(out, row, lse, scale)
		out[int(c)] = T(scale * (math.Exp(float64(row[int(c)])-lse) - 1))
	}
}
