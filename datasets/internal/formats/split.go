package formats

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unicode"
)

// The low and the high bit of each byte of a word.
const low, high = 0x0101010101010101, 0x8080808080808080

// split splits a line without quotes at a separator of one byte, eight bytes at a time. It also finds out whether the line has white space or bytes beyond
// ASCII.
func (r *Records) split(line string) ([]string, error) {
	comma, odd, from, i := uint64(r.comma[0])*low, uint64(0), 0, 0
	var word [8]byte
	for ; i+8 <= len(line); i += 8 {
		copy(word[:], line[i:i+8])
		w := binary.LittleEndian.Uint64(word[:])
		x := w ^ comma
		hits := ^((x&^high + ^uint64(high)) | x | ^uint64(high)) // the high bit of each byte of x that is 0
		odd |= (w | ^((w | high) - 0x21*low)) & high &^ hits     // beyond ASCII, or at most a space
		for ; hits != 0; hits &= hits - 1 {
			at := i + bits.TrailingZeros64(hits)/8
			if err := r.field(line, from, at); err != nil {
				return nil, err
			}
			from = at + 1
		}
	}
	for ; i < len(line); i++ {
		switch c := line[i]; {
		case c == r.comma[0]:
			if err := r.field(line, from, i); err != nil {
				return nil, err
			}
			from = i + 1
		case c <= ' ' || c >= 0x80:
			odd = 1
		}
	}
	if err := r.field(line, from, len(line)); err != nil {
		return nil, err
	}
	if r.tidy = odd == 0; !r.tidy {
		r.trim()
	}
	return r.fields, nil
}

// field adds a field of a line.
func (r *Records) field(line string, from, to int) error {
	r.places = append(r.places, place{r.line, from + 1})
	if err := r.check(len(r.fields), to-from); err != nil {
		return err
	}
	r.fields = append(r.fields, line[from:to])
	return nil
}

// trim drops the space before fields, with Trim.
func (r *Records) trim() {
	for i, field := range r.fields {
		if !r.Trim {
			return
		}
		trimmed := strings.TrimLeftFunc(field, unicode.IsSpace)
		r.places[i].column += len(field) - len(trimmed)
		r.fields[i] = trimmed
	}
}

// Tidy reports whether the last record has neither white space nor bytes beyond ASCII, for readers that look for either. It may be false for such a record.
func (r *Records) Tidy() bool { return r.tidy }
