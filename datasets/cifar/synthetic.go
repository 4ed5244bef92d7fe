package cifar

import (
	"math"
	"math/rand/v2"

	"github.com/selfnorm/selfnorm/datasets"
)

// Synthetic draws 2,500 images of the size of CIFAR-10's, 500 of them for the test: for each class stripes of a direction and width, in two
// random colours, shifted at random, with some noise. Use it to test programs; results on it mean nothing for photographs.
func Synthetic(seed uint64) (*datasets.Set, error) {
	const count, test = 2500, 500
	rng := rand.New(rand.NewPCG(seed, 0xc1fa))
	images := newImages(count)
	for i := range images.Labels {
		images.Labels[i] = byte(rng.IntN(len(Classes)))
		paint(images.Pixels[i*Width:(i+1)*Width], int(images.Labels[i]), rng)
	}
	set := newSet(images, test)
	set.Synthetic = true
	set.Notes = "SYNTHETIC stand-in for CIFAR-10: 2,500 striped images"
	return set, nil
}

// paint paints the stripes of a class: five directions, and two widths.
func paint(image []byte, class int, rng *rand.Rand) {
	angle := math.Pi * (float64(class%5) + 0.4*(rng.Float64()-0.5)) / 5
	sin, cos := math.Sincos(angle)
	period, phase := 6+6*float64(class/5)+rng.Float64(), 2*math.Pi*rng.Float64()
	var dark, bright [3]float64
	for c := range dark {
		dark[c], bright[c] = 100*rng.Float64(), 155+100*rng.Float64()
	}
	for y := range Side {
		for x := range Side {
			share := (1 + math.Sin(2*math.Pi*(float64(x)*cos+float64(y)*sin)/period+phase)) / 2
			for c := range dark {
				v := dark[c] + share*(bright[c]-dark[c]) + 10*rng.NormFloat64()
				image[c*Side*Side+y*Side+x] = byte(math.Round(min(max(v, 0), 255)))
			}
		}
	}
}
