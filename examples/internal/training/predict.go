package training

import (
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
)

// CheckPredict returns an error if the file -out of a prediction cannot be written or is also an input.
func (o *Flags) CheckPredict() error {
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-predict", o.Predict)
	files.In("-model", o.Model)
	if isParquet(o.Out) {
		files.OutFolder("-out", o.Out)
	} else {
		files.Out("-out", o.Out)
	}
	return files.Try()
}

// WritePredictions calls write with the file -out, or with w without it. If write returns an error, the file is as before.
func (o *Flags) WritePredictions(w io.Writer, write func(w io.Writer) error) error {
	if o.Out == "" {
		return write(program.Strict(w))
	}
	return output.Write(o.Out, write)
}
