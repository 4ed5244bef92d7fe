package main

import (
	"bufio"
	"context"
	"io"
	"math"
	"math/rand/v2"
	"strconv"

	"github.com/pkg/errors"
)

// numberColumns are the columns of numbers of a large table, and wholeColumns those of them, the last ones, that hold whole numbers.
const numberColumns, wholeColumns = 27, 3

// writeLargeTable writes a made-up table of -large rows and 30 columns as CSV: numbers with six digits behind the point, whole numbers, two columns of
// categories, and a label, yes or no, that depends on six of the numbers, the categories, and chance. The same number of rows gives the same table.
func writeLargeTable(ctx context.Context, o options, stdout, _ io.Writer) error {
	w := bufio.NewWriterSize(stdout, 1<<20)
	for c := range numberColumns {
		w.WriteString("number" + strconv.Itoa(c+1) + ",")
	}
	w.WriteString("city,color,label\n")
	r := rand.New(rand.NewPCG(1, 2))
	var line []byte
	for row := range o.large {
		if row%1024 == 0 && ctx.Err() != nil {
			return errors.WithStack(ctx.Err())
		}
		line = appendLargeRow(line[:0], r)
		if _, err := w.Write(line); err != nil {
			return errors.WithStack(err)
		}
	}
	return errors.WithStack(w.Flush())
}

// appendLargeRow appends a row with its end of line.
func appendLargeRow(line []byte, r *rand.Rand) []byte {
	score := 0.0
	for c := range numberColumns {
		v := r.NormFloat64()
		if c < 6 {
			score += v * math.Sin(v*float64(c+1))
		}
		if c >= numberColumns-wholeColumns {
			line = strconv.AppendInt(line, int64(r.IntN(1000)), 10)
		} else {
			line = strconv.AppendFloat(line, v, 'f', 6, 64)
		}
		line = append(line, ',')
	}
	city, color := r.IntN(30), r.IntN(5)
	score += float64(city)/15 + float64(color)/5
	line = strconv.AppendInt(append(line, "city"...), int64(city), 10)
	line = strconv.AppendInt(append(line, ",color"...), int64(color), 10)
	if score+r.NormFloat64() > 1.5 {
		return append(line, ",yes\n"...)
	}
	return append(line, ",no\n"...)
}
