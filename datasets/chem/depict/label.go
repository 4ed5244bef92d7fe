package depict

import (
	"fmt"
	"math"
	"math/cmplx"
	"strconv"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// label is the text at an atom, and how far it reaches from the middle of its symbol. Without a text it reaches nowhere.
type label struct {
	text                  string // the symbol
	hydrogens             string // such as H2
	count                 string
	charge, isotope       string
	side                  byte // where the hydrogens stand: r, l, u, d
	left, right, up, down float64
}

// widths of characters in Arial, in thousandths of the size.
func widthOf(text string) (w float64) {
	for _, c := range text {
		switch {
		case c >= '0' && c <= '9':
			w += 556
		case c == 'I' || c == 'l' || c == 'i':
			w += 270
		case c == 'r' || c == '•':
			w += 340
		case c >= 'a' && c <= 'z':
			w += 540
		case c == '+' || c == '−':
			w += 584
		default:
			w += 722
		}
	}
	return w / 1000 * textSize
}

// small is the size of indices relative to that of symbols.
const small = 0.72

// label returns the label of atom i: none for carbon with bonds, unless something is special about it.
func (p *picture) label(i int) label {
	a := p.m.Atoms()[i]
	degree := p.m.Degree(i)
	if a.Number == 6 && degree > 0 && a.Charge == 0 && a.Isotope == 0 && a.Radicals == 0 && !p.hidden(i) {
		return label{}
	}
	l := label{text: chem.Symbol(a.Number)}
	if a.Hs > 0 {
		l.hydrogens = "H"
	}
	if a.Hs > 1 {
		l.count = strconv.Itoa(int(a.Hs))
	}
	if a.Isotope > 0 {
		l.isotope = strconv.Itoa(int(a.Isotope))
	}
	if c := int(a.Charge); c != 0 {
		sign := "+"
		if c < 0 {
			sign, c = "−", -c
		}
		if c > 1 {
			l.charge = strconv.Itoa(c)
		}
		l.charge += sign
	}
	for range min(2, a.Radicals) {
		l.charge += "•"
	}
	l.side = p.freeSide(i)
	l.measure()
	return l
}

// hidden reports whether a carbon between two double bonds on a line would not be seen.
func (p *picture) hidden(i int) bool {
	if p.m.Degree(i) != 2 {
		return false
	}
	for _, nb := range p.m.Neighbors(i) {
		if p.m.Bonds()[nb.Bond].Order != 2 {
			return false
		}
	}
	return true
}

// freeSide returns the side of an atom where its hydrogens stand: on the right if there is room.
func (p *picture) freeSide(i int) byte {
	best, most := byte('r'), math.Inf(-1)
	for k, d := range []complex128{1, -1, 1i, -1i} {
		nearest := math.Pi
		for _, nb := range p.m.Neighbors(i) {
			nearest = min(nearest, math.Abs(cmplx.Phase((p.at[nb.Atom]-p.at[i])/d)))
		}
		if v := min(nearest, 1) - 0.01*float64(k); v > most {
			best, most = "rldu"[k], v
		}
	}
	return best
}

// measure sets how far the label reaches.
func (l *label) measure() {
	half := widthOf(l.text) / 2
	l.left, l.right, l.up, l.down = half, half, 0.42*textSize, 0.42*textSize
	h := widthOf(l.hydrogens) + small*widthOf(l.count)
	switch {
	case h == 0:
	case l.side == 'l':
		l.left += h
	case l.side == 'r':
		l.right += h
	case l.side == 'u':
		l.up += 0.95 * textSize
	default:
		l.down += 0.95 * textSize
	}
	if l.charge != "" {
		l.right += small * widthOf(l.charge)
		l.up = max(l.up, 0.8*textSize)
	}
	if l.isotope != "" {
		l.left += small * widthOf(l.isotope)
	}
}

// reach returns where a bond in a direction ends at the label.
func (l *label) reach(along complex128) float64 {
	if l.text == "" {
		return 0
	}
	x, y := real(along), imag(along)
	w, h := l.left, l.up
	if x > 0 {
		w = l.right
	}
	if y > 0 {
		h = l.down
	}
	if l.charge != "" && y >= -0.3 && x > 0 { // the charge stands above
		w -= small * widthOf(l.charge)
	}
	if l.charge != "" && x < 0 {
		h = 0.42 * textSize
	}
	return min(w/max(1e-9, math.Abs(x)), h/max(1e-9, math.Abs(y))) + 2.5
}

// text draws the label of atom i.
func (p *picture) text(i int) {
	l := p.labels[i]
	if l.text == "" {
		return
	}
	x, y := real(p.at[i]), imag(p.at[i])+0.36*textSize
	put := func(x, y, size float64, text string) float64 {
		if text == "" {
			return x
		}
		more := ""
		if size != 1 {
			more = fmt.Sprintf(` font-size="%.1f"`, size*textSize)
		}
		p.printf(`<text x="%.1f" y="%.1f"%s>%s</text>`+"\n", x, y, more, text)
		return x + size*widthOf(text)
	}
	half := widthOf(l.text) / 2
	end := put(x-half, y, 1, l.text)
	hx, hy := end, y
	switch l.side {
	case 'l':
		hx = x - half - widthOf(l.hydrogens) - small*widthOf(l.count)
	case 'u':
		hx, hy = x-widthOf("H")/2, y-0.95*textSize
	case 'd':
		hx, hy = x-widthOf("H")/2, y+0.95*textSize
	}
	hx = put(hx, hy, 1, l.hydrogens)
	hx = put(hx, hy+0.2*textSize, small, l.count)
	if l.side == 'r' {
		end = hx
	}
	put(end+0.5, y-0.45*textSize, small, l.charge)
	left := x - half
	if l.side == 'l' {
		left -= widthOf(l.hydrogens) + small*widthOf(l.count)
	}
	put(left-small*widthOf(l.isotope)-0.5, y-0.45*textSize, small, l.isotope)
}
