package kernel

// transforms are the inner loops of the algorithm, for a row of tiles. Each works on depth channels side by side, whole vectors of 16
// elements. Point k of a tile lies k*plane elements behind its first, row i of pixels i*row elements behind the first one.
type transforms[T Float] struct {
	inputs  func(tiles, depth int, src []T, row int, dst []T, plane int)           // B' d B; tiles of 4 x 4 begin 2 pixels apart
	outputs func(tiles, depth int, src []T, plane int, dst []T, row int, bias []T) // A' m A, plus bias
	spread  func(tiles, depth int, src []T, row int, dst []T, plane int)           // A y A'; tiles of 2 x 2
}

// transformsOf returns the transforms for T.
func transformsOf[T Float]() *transforms[T] {
	var t any = &transforms64
	if _, single := any(T(0)).(float32); single {
		t = transforms32[cpu]
	}
	return t.(*transforms[T])
}

var (
	transforms64   = transforms[float64]{inputsLoop[float64], outputsLoop[float64], spreadLoop[float64]}
	pureTransforms = transforms[float32]{inputsLoop[float32], outputsLoop[float32], spreadLoop[float32]}
)

func inputsLoop[T Float](tiles, depth int, src []T, row int, dst []T, plane int) {
	for t := range tiles {
		for c := range depth {
			var d, b [points]T
			for k := range d {
				d[k] = src[k/4*row+(tileSide*t+k%4)*depth+c]
			}
			for j := range reach { // B' d
				b[j], b[4+j], b[8+j], b[12+j] = d[j]-d[8+j], d[4+j]+d[8+j], d[8+j]-d[4+j], d[4+j]-d[12+j]
			}
			for i := 0; i < points; i += reach {
				out := dst[i*plane+t*depth+c:]
				out[0], out[plane], out[2*plane], out[3*plane] = b[i]-b[i+2], b[i+1]+b[i+2], b[i+2]-b[i+1], b[i+1]-b[i+3]
			}
		}
	}
}

func outputsLoop[T Float](tiles, depth int, src []T, plane int, dst []T, row int, bias []T) {
	for t := range tiles {
		for c := range depth {
			var m [points]T
			for k := range m {
				m[k] = src[k*plane+t*depth+c]
			}
			var y [2 * reach]T // A' m
			for j := range reach {
				y[j], y[4+j] = m[j]+m[4+j]+m[8+j], m[4+j]-m[8+j]-m[12+j]
			}
			for i := range tileSide {
				a := y[4*i:][:4]
				out := dst[i*row+tileSide*t*depth+c:]
				out[0], out[depth] = a[0]+a[1]+a[2]+bias[c], a[1]-a[2]-a[3]+bias[c]
			}
		}
	}
}

func spreadLoop[T Float](tiles, depth int, src []T, row int, dst []T, plane int) {
	for t := range tiles {
		for c := range depth {
			var rows [2 * reach]T // A y
			for j := range tileSide {
				a, b := src[(tileSide*t+j)*depth+c], src[row+(tileSide*t+j)*depth+c]
				rows[j], rows[2+j], rows[4+j], rows[6+j] = a, a+b, a-b, -b
			}
			for i := range reach {
				a, b := rows[2*i], rows[2*i+1]
				out := dst[4*i*plane+t*depth+c:]
				out[0], out[plane], out[2*plane], out[3*plane] = a, a+b, a-b, -b
			}
		}
	}
}
