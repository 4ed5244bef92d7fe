package rowfile

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/output"
)

// The fixed parts of a file.
const (
	magic    = "selfnorm rows 1\n"
	headSize = 64
	tailSize = 24
	endMagic = "selfrows"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Writer writes the rows of a file. [Create] makes one.
type Writer struct {
	d      Description
	w      io.Writer
	row    []byte
	sum    hash.Hash32 // of the current chunk
	sums   []byte      // of the chunks before
	x      []float32   // of AddSet
	err    error
	closed bool
}

// Create writes a file: rows adds its rows. The file replaces one that was there when all is written, and an error leaves that one as it was. It
// returns the error of rows, and one for a description that makes no sense or no rows at all. Errors name the path.
func Create(path string, d Description, rows func(w *Writer) error) error {
	d, err := d.withDefaults()
	if err == nil && rows == nil {
		err = errors.New("there is no function that adds rows")
	}
	if err != nil {
		return errors.Wrapf(err, "rowfile: %s", path)
	}
	err = output.Write(path, func(to io.Writer) error {
		w := &Writer{d: d, w: to, row: make([]byte, d.bytes()), sum: crc32.New(castagnoli)}
		defer func() { w.closed = true }()
		head := make([]byte, headSize)
		copy(head, magic)
		if _, err := to.Write(head); err != nil {
			return err
		}
		if err := rows(w); err != nil {
			return err
		}
		return w.finish()
	})
	return errors.Wrap(err, "rowfile")
}

// Rows returns the number of rows that were added.
func (w *Writer) Rows() int {
	if w == nil {
		return 0
	}
	return w.d.Rows
}

// Add adds a row: its features, its labels, of which NaN is a missing one, and its weight, which must be 1 if the file has no weights. It returns
// an error that names the row and the column for another number of values, a feature that is not finite, and a label or weight that no loss can
// use.
func (w *Writer) Add(x, y []float32, weight float32) error {
	switch {
	case w == nil || w.closed || w.w == nil:
		return errors.New("rowfile: there is no file to add a row to")
	case w.err != nil:
		return w.err
	}
	if err := w.check(x, y, weight); err != nil {
		return errors.Wrapf(err, "rowfile: row %d", w.d.Rows)
	}
	for i, v := range x {
		binary.LittleEndian.PutUint32(w.row[4*i:], math.Float32bits(v))
	}
	for i, v := range y {
		binary.LittleEndian.PutUint32(w.row[4*(len(x)+i):], math.Float32bits(v))
	}
	if w.d.Weights {
		binary.LittleEndian.PutUint32(w.row[len(w.row)-4:], math.Float32bits(weight))
	}
	if _, w.err = w.w.Write(w.row); w.err != nil {
		return w.err
	}
	w.sum.Write(w.row)
	if w.d.Rows++; w.d.Rows%w.d.ChunkRows == 0 {
		w.endChunk()
	}
	return nil
}

// check checks the values of a row.
func (w *Writer) check(x, y []float32, weight float32) error {
	d := &w.d
	switch {
	case d.Rows == math.MaxInt32-1:
		return errors.Errorf("a file has at most %d rows", d.Rows)
	case len(x) != d.Width || len(y) != len(d.Tasks):
		return errors.Errorf("%d features and %d labels, want %d and %d", len(x), len(y), d.Width, len(d.Tasks))
	case !d.Weights && weight != 1:
		return errors.Errorf("has the weight %v, but the description has no weights", weight)
	case !(weight >= 0) || math.IsInf(float64(weight), 0):
		return errors.Errorf("has the weight %v, want a finite number >= 0", weight)
	}
	for c, v := range x {
		if v-v != 0 {
			return errors.Errorf("the feature %s is %v, want a finite number", columnName(d.Columns, c), v)
		}
	}
	for k, v := range y {
		switch {
		case v != v: // missing
		case v-v != 0:
			return errors.Errorf("the label %q is %v", d.Tasks[k], v)
		case d.Classes != nil && (v < 0 || v >= float32(len(d.Classes)) || v != float32(int(v))):
			return errors.Errorf("has the class %v, want an integer from 0 to %d", v, len(d.Classes)-1)
		}
	}
	return nil
}

func columnName(names []string, c int) string {
	if c < len(names) {
		return fmt.Sprintf("%d (%q)", c, names[c])
	}
	return fmt.Sprint(c)
}

// AddSet adds rows of a set, which has the features and labels of the description. It returns the errors of [Writer.Add].
func (w *Writer) AddSet(s *datasets.Set, rows []int) error {
	if w == nil || s.Len() == 0 {
		return errors.New("rowfile: there is no file, or no set, to add rows")
	}
	if s.Width() != w.d.Width || len(s.Tasks) != len(w.d.Tasks) {
		return errors.Errorf("rowfile: a set of %d rows, %d features and %d labels does not fit the file", s.Len(), s.Width(), len(s.Tasks))
	}
	if len(s.Labels) != s.Len()*len(s.Tasks) || s.Weights != nil && len(s.Weights) != s.Len() {
		return errors.Errorf("rowfile: %d labels and %d weights for %d rows of %d tasks; weights of single labels cannot be kept", len(s.Labels), len(s.Weights), s.Len(), len(s.Tasks))
	}
	w.x = append(w.x[:0], make([]float32, w.d.Width)...)
	for i, r := range rows {
		if err := s.Features.Gather(w.x, w.d.Width, rows[i:i+1]); err != nil {
			return errors.Wrap(err, "rowfile")
		}
		weight := float32(1)
		if s.Weights != nil {
			weight = s.Weights[r]
		}
		if err := w.Add(w.x, s.Labels[r*len(s.Tasks):][:len(s.Tasks)], weight); err != nil {
			return err
		}
	}
	return nil
}

func (w *Writer) endChunk() {
	w.sums = binary.LittleEndian.AppendUint32(w.sums, w.sum.Sum32())
	w.sum.Reset()
}

// finish writes what follows the rows.
func (w *Writer) finish() error {
	switch {
	case w.err != nil:
		return w.err
	case w.d.Rows == 0:
		return errors.New("there are no rows")
	}
	if w.d.Rows%w.d.ChunkRows != 0 {
		w.endChunk()
	}
	text, err := json.Marshal(w.d)
	if err != nil {
		return errors.WithStack(err)
	}
	end := append(w.sums, text...)
	sum := crc32.Checksum(end, castagnoli)
	end = binary.LittleEndian.AppendUint64(end, uint64(len(text)))
	end = binary.LittleEndian.AppendUint32(end, sum)
	end = append(end, 0, 0, 0, 0)
	_, err = w.w.Write(append(end, endMagic...))
	return err
}
