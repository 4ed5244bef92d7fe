// Package numbers reads files of plain numbers: one row on each line, separated by commas, without a header.
package numbers

import (
	"bufio"
	"bytes"
	"io"
	"math"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// Limits of a file, so that a damaged one cannot fill the memory.
const (
	maxLine   = 1 << 22 // bytes of a line
	maxValues = 1 << 26 // of the whole file
)

// Read calls row for each line of a plain or gzip file. values are finite, as many as on the first line, and valid
// until row returns. Lines end in a line feed, a carriage return, or both. An error, row's own included, names the file,
// the line and, where there is one, the field.
func Read(path string, row func(values []float64) error) error {
	f, err := formats.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	return ReadFrom(path, f, row)
}

// ReadFrom is like [Read] for an open file; name stands for it in errors.
func ReadFrom(name string, r io.Reader, row func(values []float64) error) error {
	if r == nil || row == nil {
		return errors.Errorf("%s: nothing to read from, or nobody to call", name)
	}
	scan := bufio.NewScanner(r)
	scan.Buffer(nil, maxLine)
	scan.Split(splitLines)
	var values []float64
	line, width, total := 0, -1, 0
	for scan.Scan() && scan.Err() == nil { // a line that broke off comes with an error
		line++
		var err error
		if values, err = parse(scan.Bytes(), values[:0]); err != nil {
			return errors.Wrapf(err, "%s:%d", name, line)
		}
		if width >= 0 && len(values) != width {
			return errors.Errorf("%s:%d: %d numbers, want %d", name, line, len(values), width)
		}
		width = len(values)
		if total += width; total > maxValues {
			return errors.Errorf("%s:%d: the file has more than %d numbers, the limit", name, line, maxValues)
		}
		if err := row(values); err != nil {
			return errors.Wrapf(err, "%s:%d", name, line)
		}
	}
	if err := scan.Err(); err != nil {
		return formats.ScanError(err, name, line+1, maxLine)
	}
	if line == 0 {
		return errors.Errorf("%s: no lines", name)
	}
	return nil
}

// parse reads the numbers of a line.
func parse(line []byte, values []float64) ([]float64, error) {
	for field := 1; ; field++ {
		word, rest, more := bytes.Cut(line, []byte{','})
		word = bytes.TrimSpace(word)
		v, err := strconv.ParseFloat(string(word), 64)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, errors.Errorf("field %d: %s is not a finite number", field, formats.Quote(string(word[:min(len(word), 100)])))
		}
		values = append(values, v)
		if !more {
			return values, nil
		}
		line = rest
	}
}

// splitLines is a [bufio.SplitFunc] for lines with any of the three line ends.
func splitLines(data []byte, atEOF bool) (advance int, token []byte, err error) {
	i := bytes.IndexAny(data, "\r\n")
	switch {
	case i < 0 && atEOF && len(data) > 0:
		return len(data), data, nil
	case i < 0:
		return 0, nil, nil
	case data[i] == '\n' || i+1 < len(data) && data[i+1] != '\n' || i+1 == len(data) && atEOF:
		return i + 1, data[:i], nil
	case i+1 < len(data):
		return i + 2, data[:i], nil
	}
	return 0, nil, nil // whether a line feed follows is not known yet
}
