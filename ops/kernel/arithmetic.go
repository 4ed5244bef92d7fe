package kernel

var addition = pointwise{
	vector: func(e *elements, dst, x, y, _ []float32) { e.add(dst, x, y) },
	single: addOf[float32],
	double: addOf[float64],
}

// Add sets dst to x + y.
func Add[T Float](w *Workers, dst, x, y []T) {
	check(len(x), dst, y)
	runPointwise(w, &addition, dst, x, y, nil)
}

func addOf[T Float](dst, x, y, _ []T) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v + y[i]
	}
}

var multiply = pointwise{
	vector: func(e *elements, dst, x, y, _ []float32) { e.multiply(dst, x, y) },
	single: multiplyOf[float32],
	double: multiplyOf[float64],
}

// Multiply sets dst to x y.
func Multiply[T Float](w *Workers, dst, x, y []T) {
	check(len(x), dst, y)
	runPointwise(w, &multiply, dst, x, y, nil)
}

func multiplyOf[T Float](dst, x, y, _ []T) {
	dst, y = dst[:len(x)], y[:len(x)]
	for i, v := range x {
		dst[i] = v * y[i]
	}
}
