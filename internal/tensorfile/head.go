package tensorfile

import (
	"encoding/binary"
	"io"
	"math/bits"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/internal/memory"
)

// maxHeader is the limit of the safetensors format for the length of the header.
const maxHeader = 100_000_000

// maxDims limits the dimensions of a tensor, so that a shape fits into an error message.
const maxDims = 16

// Raw is a tensor as stored in a file.
type Raw struct {
	Name string
	// DType is a name of the format, such as F32, F16 or I64.
	DType string
	Shape []int
	// Data are the elements, little-endian.
	Data []byte

	begin, end uint64 // of the data, from the end of the header
}

// sizes are the bytes of an element by dtype.
var sizes = map[string]uint64{
	"BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "I16": 2, "U16": 2, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4,
	"I64": 8, "U64": 8, "F64": 8,
}

// head is the header of a file.
type head struct {
	metadata map[string]string
	tensors  []Raw // in the order of their data, which follow one another and end with the file
	data     int64 // bytes of data
}

// readHead reads and checks the header of a safetensors file of size bytes, and nothing after it.
func readHead(r io.Reader, size int64) (head, error) {
	first := make([]byte, 9)
	if size < int64(len(first)) {
		return head{}, errors.Wrapf(ErrDamaged, "%d bytes are no header", size)
	}
	if _, err := io.ReadFull(r, first); err != nil {
		return head{}, err
	}
	n := binary.LittleEndian.Uint64(first)
	if n > maxHeader || n == 0 || first[8] != '{' {
		return head{}, errors.Wrap(ErrForeign, "not a safetensors file")
	}
	if int64(n) > size-8 {
		return head{}, errors.Wrapf(ErrDamaged, "truncated: the header has %d bytes, the file %d", n, size)
	}
	text := make([]byte, n)
	text[0] = first[8]
	if _, err := io.ReadFull(r, text[1:]); err != nil {
		return head{}, err
	}
	h, err := parseHead(text)
	if err == nil {
		h.data = size - 8 - int64(n)
		err = h.checkLayout()
	}
	if err != nil {
		return head{}, errors.Wrapf(ErrDamaged, "header: %v", err)
	}
	return h, nil
}

func parseHead(text []byte) (h head, err error) {
	const entry = 64 // bytes of a short description of a tensor
	s := &scanner{text: text}
	seen := make(map[string]struct{}, len(text)/entry)
	h.tensors = make([]Raw, 0, len(text)/entry)
	err = s.object(func(name string) error {
		before := len(seen)
		if seen[name] = (struct{}{}); len(seen) == before {
			return errors.Errorf("the name %.60q occurs twice", name)
		}
		if name == "__metadata__" {
			h.metadata = map[string]string{}
			return errors.Wrap(s.texts(h.metadata), "metadata")
		}
		t := Raw{Name: name}
		err := s.tensor(&t)
		h.tensors = append(h.tensors, t)
		return errors.Wrapf(err, "tensor %.60q", name)
	})
	if err == nil {
		err = s.end()
	}
	return h, err
}

// texts reads an object of strings.
func (s *scanner) texts(into map[string]string) error {
	return s.object(func(name string) error {
		if _, ok := into[name]; ok {
			return errors.Errorf("the name %.60q occurs twice", name)
		}
		text, err := s.string()
		into[name] = text
		return errors.Wrapf(err, "%.60q", name)
	})
}

// tensor reads the description of a tensor.
func (s *scanner) tensor(t *Raw) error {
	var shape, offsets []uint64
	err := s.object(func(key string) (err error) {
		twice := false
		switch key {
		case "dtype":
			twice = t.DType != ""
			t.DType, err = s.string()
		case "shape":
			twice = shape != nil
			shape, err = s.naturals(s.shape[:0])
		case "data_offsets":
			twice = offsets != nil
			offsets, err = s.naturals(s.offsets[:0])
		default:
			err = errors.New("want dtype, shape and data_offsets")
		}
		if err == nil && twice {
			err = errors.Errorf("the name %.60q occurs twice", key)
		}
		return errors.Wrapf(err, "%.60q", key)
	})
	switch {
	case err != nil:
		return err
	case shape == nil || len(offsets) != 2:
		return errors.New("want dtype, shape and two data_offsets")
	case sizes[t.DType] == 0:
		return errors.Errorf("unknown dtype %.60q", t.DType)
	}
	if len(shape) > maxDims {
		return errors.Errorf("%d dimensions, the limit is %d", len(shape), maxDims)
	}
	t.begin, t.end = offsets[0], offsets[1]
	return t.setShape(shape)
}

// setShape checks that the shape fits the data.
func (t *Raw) setShape(shape []uint64) error {
	t.Shape = make([]int, len(shape))
	size := sizes[t.DType]
	for i, d := range shape {
		hi, lo := bits.Mul64(size, d)
		if t.Shape[i] = int(d); hi > 0 || t.Shape[i] < 0 || uint64(t.Shape[i]) != d {
			return errors.Errorf("the shape %d is too large", shape)
		}
		size = lo
	}
	if t.end < t.begin || t.end-t.begin != size {
		return errors.Errorf("data_offsets %d to %d mismatch the shape %d of %s", t.begin, t.end, shape, t.DType)
	}
	return nil
}

// checkLayout sorts the tensors by their data, and checks that the data fill the file from the header to its end without gaps.
func (h *head) checkLayout() error {
	slices.SortFunc(h.tensors, func(a, b Raw) int {
		switch {
		case a.begin < b.begin || a.begin == b.begin && a.end < b.end:
			return -1
		case a.begin == b.begin && a.end == b.end:
			return 0
		}
		return 1
	})
	at := uint64(0)
	for _, t := range h.tensors {
		if t.begin != at {
			return errors.Errorf("data_offsets: the data of tensor %.60q begin at %d, want %d", t.Name, t.begin, at)
		}
		at = t.end
	}
	if at != uint64(h.data) {
		return errors.Errorf("the tensors have %d bytes, the file has %d for them", at, h.data)
	}
	return nil
}

// fill reads the data of the tensors, which follow the header.
func (h *head) fill(r io.Reader) error {
	if err := memory.Check(2*uint64(h.data), "reading the file"); err != nil { // as bytes and as tensors
		return err
	}
	data := make([]byte, h.data)
	if _, err := io.ReadFull(r, data); err != nil {
		return err
	}
	for i := range h.tensors {
		t := &h.tensors[i]
		t.Data = data[t.begin:t.end:t.end]
	}
	return nil
}
