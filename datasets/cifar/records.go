package cifar

import (
	"bufio"
	"io"

	"github.com/pkg/errors"
)

// Side is the width and the height of an image, and Width the number of values of one: three colours of each pixel.
const (
	Side  = 32
	Width = 3 * Side * Side
)

// Classes are the names of the labels 0 to 9.
var Classes = []string{"airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"}

// Images are images with their labels.
type Images struct {
	// Labels are the classes, 0 to 9.
	Labels []byte
	// Pixels are the values of all images, Width for each: red, green, blue, each row after row from the top left; 255 is full.
	Pixels []byte
}

// maxImages bounds the number of images of a batch: 3 GB.
const maxImages = 1_000_000

// ReadBatch reads a binary batch of count images, from 1 to 1,000,000: for each a byte with the label, then 3,072 bytes. The original files
// have 10,000. Errors refer to the file by name. It returns an error if the file ends before the last image or continues after it, and for a
// label above 9.
func ReadBatch(name string, r io.Reader, count int) (*Images, error) {
	if count < 1 || count > maxImages {
		return nil, errors.Errorf("cifar: %s: a batch of %d images, want 1 to %d", name, count, maxImages)
	}
	if r == nil {
		return nil, errors.Errorf("cifar: %s: the reader is nil", name)
	}
	images := newImages(count)
	if err := images.read(name, r, 0, count); err != nil {
		return nil, err
	}
	return images, nil
}

func newImages(count int) *Images {
	return &Images{Labels: make([]byte, count), Pixels: make([]byte, count*Width)}
}

// read fills the images first to first+count-1 from a batch of so many.
func (m *Images) read(name string, r io.Reader, first, count int) error {
	in := bufio.NewReaderSize(r, 1<<18)
	for i := range count {
		label, err := in.ReadByte()
		n := 0
		if err == nil {
			n, err = io.ReadFull(in, m.Pixels[(first+i)*Width:(first+i+1)*Width])
			n++
		}
		switch {
		case err == io.EOF || err == io.ErrUnexpectedEOF:
			return errors.Errorf("cifar: %s: the file is cut short after %d of %d images and %d bytes", name, i, count, n)
		case err != nil:
			return errors.Wrapf(err, "cifar: %s", name)
		case int(label) >= len(Classes):
			return errors.Errorf("cifar: %s: image %d has the label %d, want 0 to 9", name, i, label)
		}
		m.Labels[first+i] = label
	}
	switch _, err := in.ReadByte(); {
	case err == nil:
		return errors.Errorf("cifar: %s: the file continues after %d images", name, count)
	case err != io.EOF: // the checksum of a gzip file, for example
		return errors.Wrapf(err, "cifar: %s", name)
	}
	return nil
}
