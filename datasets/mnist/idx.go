package mnist

import (
	"encoding/binary"
	"io"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// The first four bytes of an IDX file: unsigned bytes in three dimensions, or in one.
const (
	imagesMagic = 0x00000803
	labelsMagic = 0x00000801
)

// Images are grey images of one size.
type Images struct {
	Count, Height, Width int
	// Pixels are the grey values of all images, row after row from the top left; 0 is background and 255 ink.
	Pixels []byte
}

// ReadImages reads an IDX file of images: the big-endian numbers 2051, count, height and width, then a byte for each pixel. Errors refer to
// the file by name. It returns an error if the file is of another kind, is truncated, announces more than 1 GiB of
// pixels, or continues after the last image.
func ReadImages(name string, r io.Reader) (*Images, error) {
	var head [4]uint32
	if err := readHead(name, r, head[:], imagesMagic, "images"); err != nil {
		return nil, err
	}
	const maxSide = 1 << 12
	count, height, width := int64(head[1]), int64(head[2]), int64(head[3])
	if height < 1 || width < 1 || height > maxSide || width > maxSide {
		return nil, errors.Errorf("mnist: %s: images of %d x %d pixels", name, height, width)
	}
	pixels, err := readBody(name, r, count*height*width)
	if err != nil {
		return nil, err
	}
	return &Images{int(count), int(height), int(width), pixels}, nil
}

// ReadLabels reads an IDX file of labels: the big-endian numbers 2049 and count, then a byte for each label. Errors refer to the file by
// name and are those of [ReadImages].
func ReadLabels(name string, r io.Reader) ([]byte, error) {
	var head [2]uint32
	if err := readHead(name, r, head[:], labelsMagic, "labels"); err != nil {
		return nil, err
	}
	return readBody(name, r, int64(head[1]))
}

func readHead(name string, r io.Reader, head []uint32, magic uint32, what string) error {
	if r == nil {
		return errors.Errorf("mnist: %s: the reader is nil", name)
	}
	raw := make([]byte, 4*len(head))
	if n, err := io.ReadFull(r, raw); err != nil {
		return cutShort(name, err, "%d of %d bytes of the header", n, len(raw))
	}
	for i := range head {
		head[i] = binary.BigEndian.Uint32(raw[4*i:])
	}
	if head[0] != magic {
		return errors.Errorf("mnist: %s: starts with %#08x, want %#08x: not an IDX file of %s", name, head[0], magic, what)
	}
	return nil
}

// maxBody is the limit of the pixels or labels of a file; the largest set of this kind, EMNIST, has half as many.
const maxBody = 1 << 30

// readBody reads the size bytes after the header. It allocates memory as they arrive, whatever the header announces.
func readBody(name string, r io.Reader, size int64) ([]byte, error) {
	if size < 1 || size > maxBody {
		return nil, errors.Errorf("mnist: %s: header announces %d bytes, want at least 1 and at most %d", name, size, maxBody)
	}
	var body []byte
	for part := int64(1 << 20); int64(len(body)) < size; part *= 8 {
		n := len(body)
		body = append(make([]byte, 0, min(size, part)), body...)
		k, err := io.ReadFull(r, body[n:cap(body)])
		if body = body[:n+k]; err != nil {
			return nil, cutShort(name, err, "%d of %d bytes after the header", n+k, size)
		}
	}
	switch _, err := io.ReadFull(r, make([]byte, 1)); {
	case err == nil:
		return nil, errors.Errorf("mnist: %s: continues after the %d bytes that the header announces", name, size)
	case err != io.EOF: // the checksum of a gzip file, for example
		return nil, errors.Wrapf(err, "mnist: %s", name)
	}
	return body, nil
}

func cutShort(name string, err error, format string, args ...any) error {
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		return errors.Errorf("mnist: %s: the file is cut short: "+format, append([]any{name}, args...)...)
	}
	return errors.Wrapf(err, "mnist: %s", name)
}

// readFile opens a plain or gzip file for one of the readers above.
func readFile[T any](path string, read func(name string, r io.Reader) (T, error)) (T, error) {
	f, err := formats.Open(path)
	if err != nil {
		var none T
		return none, errors.Wrap(err, "mnist")
	}
	defer f.Close()
	return read(path, f)
}
