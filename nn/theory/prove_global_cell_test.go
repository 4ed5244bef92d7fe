package theory

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/selfnorm/selfnorm/nn/theory/interval"
)

func drawInterval(t *rapid.T, name string, lo, hi float64) interval.Interval {
	a, b := rapid.Float64Range(lo, hi).Draw(t, name+" 1"), rapid.Float64Range(lo, hi).Draw(t, name+" 2")
	return interval.Interval{Lo: min(a, b), Hi: max(a, b)}
}

func drawIn(t *rapid.T, name string, a interval.Interval) float64 {
	return rapid.Float64Range(a.Lo, a.Hi).Draw(t, name)
}

// The cells of some regions hold the mean and the variance of z for each of their points and any weights.
func TestCellsCover(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := Global{Omega: drawInterval(t, "omega", -0.5, 0.5), Tau: drawInterval(t, "tau", 0.5, 2)}
		var regions []Region
		for range rapid.IntRange(1, 4).Draw(t, "regions") {
			regions = append(regions, Region{drawInterval(t, "mu", -2, 2), drawInterval(t, "nu", 0.01, 20)})
		}
		r := rapid.SampledFrom(regions).Draw(t, "region")
		m := drawIn(t, "mu", r.Mu) * drawIn(t, "omega", g.Omega)
		v := drawIn(t, "nu", r.Nu) * drawIn(t, "tau", g.Tau)
		for _, c := range g.cells(regions) {
			if c.m.Contains(m) && c.v.Contains(v) {
				return
			}
		}
		t.Errorf("no cell holds %v, %v", m, v)
	})
}

// The image of a cell holds those of its points, and is narrow if the cell is. The halves of a cell cover it.
func TestImagesEnclose(t *testing.T) {
	p, _ := Prover{}.withDefaults()
	rapid.Check(t, func(t *rapid.T) {
		c := cell{drawInterval(t, "m", -0.3, 0.3), drawInterval(t, "v", 0.02, 20)}
		m, v := drawIn(t, "m", c.m), drawIn(t, "v", c.v)
		point := p.image(cell{interval.Point(m), interval.Point(v)})
		exact := plainMap(lambda0, m, 1, v, 1)
		if !near(Moments{exact.mean, exact.variance}, point.all, 1e-12*(1+v)) || point.rough != 0 || point.all.Mu.Width() > 1e-11 || point.all.Nu.Width() > 1e-10 {
			t.Errorf("m %v, v %v: image %v, want %v, %v", m, v, point, exact.mean, exact.variance)
		}
		if all := p.image(c).all; !near(Moments{exact.mean, exact.variance}, all, 1e-12*(1+v)) {
			t.Errorf("%v has the image %v, which lacks %v, %v", c, all, exact.mean, exact.variance)
		}
		for side := range 2 {
			a, b := c.halves(side)
			if whole := (cell{a.m.Hull(b.m), a.v.Hull(b.v)}); whole != c || a.m.Hi < b.m.Lo || a.v.Hi < b.v.Lo {
				t.Errorf("%v has the halves %v, %v", c, a, b)
			}
		}
	})
}

// Strips hold what was added to them, and their rectangles follow each other.
func TestStripsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g, _ := Global{Strips: rapid.IntRange(1, 20).Draw(t, "strips")}.withDefaults()
		s := newStrips(g)
		var added []Region
		for range rapid.IntRange(1, 5).Draw(t, "regions") {
			r := Region{drawInterval(t, "mu", -1, 1), drawInterval(t, "nu", 0.001, 30)}
			before := s.holds(r)
			s.add(r)
			if added = append(added, r); !s.holds(r) {
				t.Fatalf("%v is lost; held before: %v", r, before)
			}
		}
		x := s.reached()
		for _, r := range added {
			if !r.Within(x.Hull) {
				t.Errorf("%v is not in the hull %v", r, x.Hull)
			}
			m := Moments{drawIn(t, "mean", r.Mu), drawIn(t, "variance", r.Nu)}
			held := false
			for _, q := range x.Regions {
				held = held || near(m, q, 0)
			}
			if !held {
				t.Errorf("%v is in no rectangle", m)
			}
		}
		for i := 1; i < len(x.Regions); i++ {
			if x.Regions[i-1].Nu.Hi > x.Regions[i].Nu.Lo {
				t.Errorf("rectangles overlap: %v, %v", x.Regions[i-1], x.Regions[i])
			}
		}
		far := Region{interval.Point(2), interval.Point(1)}
		if s.holds(far) {
			t.Errorf("%v is held", far)
		}
	})
}

// A printed enclosure holds the whole interval, and is at most two units of the last place longer.
func TestOutward(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawInterval(t, "a", -20, 20)
		if rapid.Bool().Draw(t, "small") {
			a = interval.Interval{Lo: a.Lo * 1e-6, Hi: a.Hi * 1e-6}
		}
		parts := strings.Split(strings.Trim(outward(a), "[]"), ", ")
		lo, ok1 := new(big.Rat).SetString(parts[0])
		hi, ok2 := new(big.Rat).SetString(parts[len(parts)-1])
		if !ok1 || !ok2 || lo.Cmp(new(big.Rat).SetFloat64(a.Lo)) > 0 || hi.Cmp(new(big.Rat).SetFloat64(a.Hi)) < 0 {
			t.Fatalf("%v is printed as %v", a, parts)
		}
		l, _ := lo.Float64()
		h, _ := hi.Float64()
		if unit := 1.1e-5; a.Lo-l > unit || h-a.Hi > unit || math.Abs(a.Lo) > 1e-8 && a.Lo-l > 0.0011*math.Abs(a.Lo) {
			t.Errorf("%v is printed as %v", a, parts)
		}
	})
	for x, want := range map[float64]string{0: "0", 1: "1", -0.5: "-0.5"} {
		if got := outward(interval.Point(x)); got != want {
			t.Errorf("%v is printed as %s", x, got)
		}
	}
	if got := outward(interval.Point(math.NaN())); got != "NaN" {
		t.Errorf("NaN is printed as %s", got)
	}
}
