package mnist

import (
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets"
)

// Synthetic draws 3,000 digits of 28 x 28 pixels, 600 of them for the test: each a polyline that is randomly rotated, stretched and
// shifted, drawn with a pen of random width, with some noise. Use it to test programs; results on it mean nothing for handwriting.
func Synthetic(seed uint64) (*datasets.Set, error) {
	const count, test, side = 3000, 600, 28
	rng := rand.New(rand.NewPCG(seed, 0x3141))
	images := &Images{Count: count, Height: side, Width: side, Pixels: make([]byte, count*side*side)}
	labels := make([]byte, count)
	for i := range labels {
		labels[i] = byte(rng.IntN(10))
		draw(images.Pixels[i*side*side:(i+1)*side*side], side, strokes[labels[i]], rng)
	}
	set := newSet("mnist", images, labels)
	set.Synthetic = true
	set.Notes = "SYNTHETIC stand-in for MNIST: 3,000 drawn digits"
	for r := count - test; r < count; r++ {
		set.Part[r] = datasets.Test
	}
	return set, nil
}

type point struct{ x, y float64 }

// strokes are the digits as polylines in the unit square, y downwards.
var strokes = [10][]point{
	{{.5, .1}, {.3, .2}, {.24, .5}, {.3, .8}, {.5, .9}, {.7, .8}, {.76, .5}, {.7, .2}, {.5, .1}},
	{{.35, .28}, {.52, .1}, {.52, .9}},
	{{.25, .28}, {.38, .12}, {.62, .12}, {.72, .3}, {.6, .5}, {.25, .9}, {.77, .9}},
	{{.25, .15}, {.55, .1}, {.7, .26}, {.45, .47}, {.74, .66}, {.58, .89}, {.25, .85}},
	{{.62, .9}, {.62, .1}, {.2, .62}, {.82, .62}},
	{{.72, .1}, {.32, .1}, {.28, .46}, {.6, .42}, {.75, .64}, {.6, .88}, {.25, .87}},
	{{.64, .1}, {.37, .38}, {.27, .7}, {.45, .9}, {.7, .76}, {.62, .54}, {.3, .62}},
	{{.22, .12}, {.76, .1}, {.42, .9}},
	{{.5, .47}, {.3, .28}, {.5, .1}, {.7, .28}, {.5, .47}, {.27, .7}, {.5, .9}, {.73, .7}, {.5, .47}},
	{{.7, .38}, {.45, .5}, {.3, .3}, {.48, .1}, {.7, .24}, {.69, .52}, {.55, .9}},
}

// draw draws a polyline into an image.
func draw(image []byte, side int, line []point, rng *rand.Rand) {
	turn, lean := 0.2*rng.NormFloat64(), 0.2*rng.NormFloat64()
	wide, high := 0.65+0.2*rng.Float64(), 0.65+0.2*rng.Float64()
	dx, dy := 0.05*rng.NormFloat64(), 0.05*rng.NormFloat64()
	pen := 0.03 + 0.025*rng.Float64()
	sin, cos := math.Sincos(turn)
	bent := make([]point, len(line))
	for i, p := range line {
		x := (p.x-0.5+0.03*rng.NormFloat64()+lean*(0.5-p.y))*wide + dx
		y := (p.y-0.5+0.03*rng.NormFloat64())*high + dy
		bent[i] = point{0.5 + cos*x - sin*y, 0.5 + sin*x + cos*y}
	}
	unit := 1 / float64(side)
	for r := range side {
		for c := range side {
			at := point{(float64(c) + 0.5) * unit, (float64(r) + 0.5) * unit}
			far := math.Inf(1)
			for i := range len(bent) - 1 {
				far = min(far, distance(at, bent[i], bent[i+1]))
			}
			ink := 1 - (far-pen)/unit // the edge of the stroke is one pixel wide
			ink = min(max(ink, 0), 1) * (0.85 + 0.15*rng.Float64())
			image[r*side+c] = byte(255 * ink)
		}
	}
}

// distance returns the distance of p from the segment between a and b.
func distance(p, a, b point) float64 {
	ux, uy := b.x-a.x, b.y-a.y
	vx, vy := p.x-a.x, p.y-a.y
	t := 0.0
	if n := ux*ux + uy*uy; n > 0 {
		t = min(max((ux*vx+uy*vy)/n, 0), 1)
	}
	return math.Hypot(vx-t*ux, vy-t*uy)
}
