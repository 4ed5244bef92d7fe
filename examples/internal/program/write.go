package program

import (
	"encoding/csv"
	"encoding/json"
	"io"

	"github.com/selfnorm/selfnorm/internal/output"
)

// WriteJSON writes a result to a file, which stays unchanged on an error. With an empty path it does nothing.
func WriteJSON(path string, result any) error {
	if path == "" {
		return nil
	}
	return output.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		return e.Encode(result)
	})
}

// WriteCSV writes a header and a line for each row.
func WriteCSV(out io.Writer, header []string, rows int, record func(row int) []string) error {
	w := csv.NewWriter(out)
	if err := w.Write(header); err != nil {
		return err
	}
	for i := range rows {
		if err := w.Write(record(i)); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}
