package kernel

import "fmt"

// PoolShape holds the sizes of a 2-D pooling of Planes images of Height x Width with square windows of Size.
type PoolShape struct {
	Planes, Height, Width int
	Size                  int
	Stride                int // at least 1
	Padding               int // on all four sides, at most Size/2
}

// Output returns the height and width of the outputs: (size + 2 Padding - Size) / Stride + 1, rounded down.
func (s PoolShape) Output() (height, width int) {
	return (s.Height+2*s.Padding-s.Size)/s.Stride + 1, (s.Width+2*s.Padding-s.Size)/s.Stride + 1
}

// window returns the rows, or columns, of the image in window i.
func (s PoolShape) window(i, size int) (lo, hi int) {
	lo = i*s.Stride - s.Padding
	return max(0, lo), min(size, lo+s.Size)
}

// check panics on sizes that contradict each other.
func (s PoolShape) check(images, outputs int) {
	valid := s.Planes >= 0 && s.Size > 0 && s.Stride > 0 && s.Padding >= 0 && s.Padding <= s.Size/2 && min(s.Height, s.Width) > 0 &&
		min(s.Height, s.Width)+2*s.Padding >= s.Size
	if valid {
		height, width := s.Output()
		valid = images == s.Planes*s.Height*s.Width && outputs == s.Planes*height*width
	}
	if !valid {
		panic(fmt.Sprintf("kernel: pooling %+v of %d elements to %d", s, images, outputs))
	}
}

// parts returns the number of pieces into which the planes are divided.
func (s PoolShape) parts(w *Workers) int {
	return max(1, min(s.Planes, parts(w, 4*s.Planes*s.Height*s.Width)))
}

// imageOf returns the elements of image p, and outputOf those of its outputs.
func imageOf[T Float](s *PoolShape, x []T, p int) []T {
	return x[p*s.Height*s.Width:][:s.Height*s.Width]
}

func outputOf[T Float](s *PoolShape, x []T, p int) []T {
	height, width := s.Output()
	return x[p*height*width:][:height*width]
}
