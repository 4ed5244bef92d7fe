package depict

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"math"
	"math/cmplx"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Options say how to draw. The zero value draws the molecule alone.
type Options struct {
	// Weights colour the atoms: orange for positive numbers, blue for negative ones, the stronger the larger. Nil means no colours.
	Weights []float64
	// Most is the weight of the strongest colour. 0 means that of the largest weight.
	Most float64
	// Title describes the picture to readers who cannot see it. Empty means the formula.
	Title string
}

// The colours of positive and of negative weights can be told apart by those who see few colours.
const (
	positive = "#e66101"
	negative = "#2b6cb0"
	ink      = "#16191f"
)

// Sizes in units of the drawing.
const (
	bond     = 30.0 // length of a bond
	margin   = 20.0
	glow     = 0.72 * bond // radius of a colour
	double   = 0.16 * bond // distance of the lines of a double bond in a ring
	textSize = 13.0
)

// maxDrawn is the largest number of atoms that SVG draws.
const maxDrawn = 2000

// SVG draws a molecule on white. Each atom has the title of its symbol, number from 1 and weight. It returns an error for a molecule without
// atoms or of more than 2,000, and if there are not as many weights as atoms, or one is not finite.
func SVG(m *chem.Mol, o Options) ([]byte, error) {
	n := len(m.Atoms())
	if n == 0 || n > maxDrawn {
		return nil, errors.Errorf("depict: a molecule of %d atoms, want 1 to %d", n, maxDrawn)
	}
	if o.Weights != nil && len(o.Weights) != n {
		return nil, errors.Errorf("depict: %d weights of %d atoms", len(o.Weights), n)
	}
	for i, w := range o.Weights {
		if math.IsNaN(w) || math.IsInf(w, 0) {
			return nil, errors.Errorf("depict: the weight of atom %d is %v", i+1, w)
		}
	}
	if math.IsNaN(o.Most) || o.Most < 0 || math.IsInf(o.Most, 0) {
		return nil, errors.Errorf("depict: the largest weight is %v", o.Most)
	}
	p := &picture{m: m, Options: o, rings: m.Rings()}
	p.scale(Layout(m))
	return p.draw(), nil
}

// picture is a drawing. Its y grows downwards.
type picture struct {
	Options
	m             *chem.Mol
	at            []complex128
	labels        []label
	rings         [][]int32
	width, height float64
	out           bytes.Buffer
}

// scale turns coordinates into those of the drawing, whose size depends on labels and colours.
func (p *picture) scale(points []Point) {
	p.at = make([]complex128, len(points))
	for i, z := range points {
		p.at[i] = complex(z.X*bond, -z.Y*bond)
	}
	p.labels = make([]label, len(points))
	low, high := complex(math.Inf(1), math.Inf(1)), complex(math.Inf(-1), math.Inf(-1))
	reach := func(z complex128) {
		low = complex(min(real(low), real(z)), min(imag(low), imag(z)))
		high = complex(max(real(high), real(z)), max(imag(high), imag(z)))
	}
	for i, z := range p.at {
		p.labels[i] = p.label(i)
		l := p.labels[i]
		reach(z - complex(l.left, l.up))
		reach(z + complex(l.right, l.down))
	}
	low, high = low-complex(margin, margin), high+complex(margin, margin)
	for i := range p.at {
		p.at[i] -= low
	}
	p.width, p.height = math.Ceil(real(high-low)), math.Ceil(imag(high-low))
}

func (p *picture) printf(format string, args ...any) { fmt.Fprintf(&p.out, format, args...) }

func (p *picture) draw() []byte {
	title := p.Title
	if title == "" {
		title = p.m.Formula()
	}
	var text bytes.Buffer
	_ = xml.EscapeText(&text, []byte(title)) // a buffer takes all
	p.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %.0f %.0f" width="%.0f" height="%.0f" role="img">`+"\n<title>%s</title>\n",
		p.width, p.height, p.width, p.height, text.String())
	p.printf(`<rect width="%.0f" height="%.0f" fill="#fff"/>`+"\n", p.width, p.height)
	p.colours()
	p.printf(`<g stroke="%s" stroke-width="1.6" stroke-linecap="round">`+"\n", ink)
	for k := range p.m.Bonds() {
		p.bond(k)
	}
	p.printf("</g>\n")
	p.printf(`<g font-family="Arial,Helvetica,sans-serif" font-size="%.0f" fill="%s">`+"\n", textSize, ink)
	for i := range p.at {
		p.text(i)
	}
	p.printf("</g>\n</svg>\n")
	return p.out.Bytes()
}

// colours draws the weights of the atoms, in colours that fade outwards.
func (p *picture) colours() {
	most := p.Most
	for _, w := range p.Weights {
		if p.Most == 0 {
			most = max(most, math.Abs(w))
		}
	}
	if most == 0 {
		return
	}
	// Several drawings in one page need other names for their gradients.
	h := fnv.New32a()
	fmt.Fprint(h, p.Title, p.at, p.Weights)
	id := fmt.Sprintf("g%08x", h.Sum32())
	p.printf("<defs>")
	for k, colour := range []string{positive, negative} {
		p.printf(`<radialGradient id="%s%c"><stop offset="0" stop-color="%s"/><stop offset=".45" stop-color="%s" stop-opacity=".8"/>`+
			`<stop offset="1" stop-color="%s" stop-opacity="0"/></radialGradient>`, id, "pn"[k], colour, colour, colour)
	}
	p.printf("</defs>\n")
	for i, w := range p.Weights {
		strength := min(1, math.Abs(w)/most)
		if strength < 0.03 {
			continue
		}
		sign := 'p'
		if w < 0 {
			sign = 'n'
		}
		p.printf(`<circle cx="%.1f" cy="%.1f" r="%.1f" fill="url(#%s%c)" opacity="%.2f"><title>%s %d: %+.3f</title></circle>`+"\n",
			real(p.at[i]), imag(p.at[i]), glow*(0.6+0.4*math.Sqrt(strength)), id, sign, 0.85*math.Pow(strength, 0.7), chem.Symbol(p.m.Atoms()[i].Number), i+1, w)
	}
}

func (p *picture) line(a, b complex128, more string) {
	p.printf(`<path d="M%.1f %.1fL%.1f %.1f"%s/>`+"\n", real(a), imag(a), real(b), imag(b), more)
}

// bond draws bond k, up to the labels of its atoms.
func (p *picture) bond(k int) {
	b := p.m.Bonds()[k]
	i, j := int(b.Begin), int(b.End)
	from, to := p.at[i], p.at[j]
	along := unit(to - from)
	from, to = from+along*complex(p.labels[i].reach(along), 0), to-along*complex(p.labels[j].reach(-along), 0)
	if real(cmplx.Conj(along)*(to-from)) < 1 {
		return // labels touch
	}
	side := along * 1i
	off := func(d float64) complex128 { return side * complex(d, 0) }
	switch {
	case b.Unspecified:
		p.line(from, to, ` stroke-dasharray="1 4"`)
	case b.Order == 0:
		p.line(from, to, ` stroke-dasharray="4 3"`)
	case b.Order == 1:
		p.line(from, to, "")
	case b.Order == 2:
		if inner, ok := p.innerSide(k, along); ok {
			p.line(from, to, "")
			short := along * complex(0.13*bond, 0)
			start, end := from+off(inner*double), to+off(inner*double)
			if p.labels[i].text == "" {
				start += short
			}
			if p.labels[j].text == "" {
				end -= short
			}
			p.line(start, end, "")
			return
		}
		p.line(from+off(double/2), to+off(double/2), "")
		p.line(from-off(double/2), to-off(double/2), "")
	default:
		for x := range b.Order {
			d := (float64(x) - float64(b.Order-1)/2) * double * 0.8
			p.line(from+off(d), to+off(d), "")
		}
	}
}

// innerSide returns on which side of a double bond its second line stands: 1 or -1 for the inside of a ring, or the side of more
// neighbours. It returns false for a bond whose lines stand on both sides.
func (p *picture) innerSide(k int, along complex128) (float64, bool) {
	b := p.m.Bonds()[k]
	sign := func(z complex128) float64 {
		if imag(cmplx.Conj(along)*z) < 0 {
			return -1
		}
		return 1
	}
	best, size, aromatic := 0.0, math.MaxInt, false
	for _, r := range p.rings {
		var middle complex128
		ends, flat := 0, true
		for _, i := range r {
			middle += p.at[i]
			flat = flat && p.m.Atoms()[i].Aromatic
			if i == b.Begin || i == b.End {
				ends++
			}
		}
		if ends == 2 && (flat && !aromatic || flat == aromatic && len(r) < size) {
			best, size, aromatic = sign(middle/complex(float64(len(r)), 0)-p.at[b.Begin]), len(r), flat
		}
	}
	if best != 0 && size <= 8 {
		return best, true
	}
	if p.m.Degree(int(b.Begin)) == 1 || p.m.Degree(int(b.End)) == 1 {
		return 0, false
	}
	balance := 0.0
	for _, end := range []int32{b.Begin, b.End} {
		for _, nb := range p.m.Neighbors(int(end)) {
			if z := p.at[nb.Atom] - p.at[end]; nb.Atom != b.Begin && nb.Atom != b.End && math.Abs(imag(cmplx.Conj(along)*z)) > 1 {
				balance += sign(z)
			}
		}
	}
	return math.Copysign(1, balance), balance != 0
}
