package training

import (
	"io"
	"strings"

	"github.com/selfnorm/selfnorm/examples/internal/program"
	"github.com/selfnorm/selfnorm/internal/output"
)

// ParquetSuffix is the end of the name of an output that is a folder of Parquet files.
const ParquetSuffix = ".parquet"

// IsParquet reports whether an output is a folder of Parquet files.
func IsParquet(path string) bool { return strings.HasSuffix(strings.ToLower(path), ParquetSuffix) }

// CheckPredict returns an error if the file -out of a prediction cannot be written or is also an input.
func (o *Flags) CheckPredict() error {
	files := &program.Files{Overwrite: o.Overwrite}
	files.In("-predict", o.Predict)
	files.In("-model", o.Model)
	switch {
	case IsParquet(o.Out):
		files.OutFolder("-out", o.Out)
		all := func(string) bool { return true }
		files.Reserve("-out", o.Out, all)
		files.Reserve("-out", o.Out+output.PartialSuffix, all)
	case o.Out != "" && !output.Direct(o.Out):
		files.Out("-out", o.Out)
		partial, err := output.PartialName(o.Out)
		if err != nil {
			break // Try says why
		}
		files.Out("-out", partial)
		files.Out("-out", partial+".json")
	default:
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
