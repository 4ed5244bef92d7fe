package depict

import (
	"math"
	"math/cmplx"
)

// part is a component with its extent.
type part struct {
	atoms       []int
	left, right float64
	bottom, top float64
}

func (l *layout) part(atoms []int) part {
	p := part{atoms, math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	for _, i := range atoms {
		x, y := real(l.at[i]), imag(l.at[i])
		p.left, p.right, p.bottom, p.top = min(p.left, x), max(p.right, x), min(p.bottom, y), max(p.top, y)
	}
	return p
}

// orient turns a component so that its long axis is level, and most of its bonds have multiples of 30 degrees.
func (l *layout) orient(atoms []int) {
	var middle complex128
	for _, i := range atoms {
		middle += l.at[i]
	}
	middle /= complex(float64(len(atoms)), 0)
	var second complex128 // its phase is twice that of the long axis
	for _, i := range atoms {
		second += (l.at[i] - middle) * (l.at[i] - middle)
	}
	turn := 0.0
	if cmplx.Abs(second) > 1e-6 {
		turn = -cmplx.Phase(second) / 2
	}
	var twelfth complex128 // its phase is twelve times the rest of the direction of bonds beyond multiples of 30 degrees
	in := map[int]bool{}
	for _, i := range atoms {
		in[i] = true
	}
	for _, b := range l.m.Bonds() {
		if in[int(b.Begin)] {
			twelfth += cmplx.Rect(1, 12*(cmplx.Phase(l.at[b.End]-l.at[b.Begin])+turn))
		}
	}
	if cmplx.Abs(twelfth) > 1e-6 {
		turn -= cmplx.Phase(twelfth) / 12
	}
	for _, i := range atoms {
		l.at[i] = (l.at[i] - middle) * cmplx.Rect(1, turn)
	}
}

// pack puts the components side by side, in rows.
func (l *layout) pack(parts []part) {
	const gap = 1.6
	if len(parts) == 0 {
		return
	}
	area := 0.0
	for _, p := range parts {
		area += (p.right - p.left + gap) * (p.top - p.bottom + gap)
	}
	widest := max(parts[0].right-parts[0].left+gap, 1.8*math.Sqrt(area))
	x, y := 0.0, 0.0
	for len(parts) > 0 {
		n, height, width := 0, 0.0, 0.0
		for n < len(parts) && (n == 0 || width+parts[n].right-parts[n].left <= widest) {
			width += parts[n].right - parts[n].left + gap
			height = max(height, parts[n].top-parts[n].bottom)
			n++
		}
		x = 0
		for _, p := range parts[:n] {
			shift := complex(x-p.left, y-height/2-(p.top+p.bottom)/2)
			for _, i := range p.atoms {
				l.at[i] += shift
			}
			x += p.right - p.left + gap
		}
		y -= height + gap
		parts = parts[n:]
	}
}
