package serve

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/pkg/errors"
)

// requestError is an error that is answered with its status. Row and field say which value is to blame, if one is.
type requestError struct {
	status int
	text   string
	row    int // from 0; -1 for none
	field  string
}

func (e *requestError) Error() string {
	switch {
	case e.row >= 0 && e.field != "":
		return fmt.Sprintf("row %d, %s: %s", e.row, quote(e.field), e.text)
	case e.row >= 0:
		return fmt.Sprintf("row %d: %s", e.row, e.text)
	case e.field != "":
		return fmt.Sprintf("%s: %s", quote(e.field), e.text)
	}
	return e.text
}

// bad returns an error of the status 400.
func bad(format string, args ...any) error {
	return &requestError{status: http.StatusBadRequest, text: fmt.Sprintf(format, args...), row: -1}
}

// badCell returns an error about a value of a row.
func badCell(row int, field, format string, args ...any) error {
	return &requestError{status: http.StatusBadRequest, text: fmt.Sprintf(format, args...), row: row, field: field}
}

// statusOf returns what an error is answered with: its status, and an object {"error": ...} with row and field where it has them.
func statusOf(err error) (status int, answer map[string]any) {
	var r *requestError
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &r):
		answer = map[string]any{"error": r.Error()}
		if r.row >= 0 {
			answer["row"] = r.row
		}
		if r.field != "" {
			answer["field"] = r.field
		}
		return r.status, answer
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, map[string]any{"error": fmt.Sprintf("the body has more than %d bytes", large.Limit)}
	case errors.Is(err, context.DeadlineExceeded):
		return http.StatusServiceUnavailable, map[string]any{"error": "the request took more time than the limit"}
	case errors.Is(err, context.Canceled):
		return 499, map[string]any{"error": "the client has gone"} // as nginx counts them
	}
	return http.StatusInternalServerError, map[string]any{"error": strings.ReplaceAll(err.Error(), "\n", " ")}
}

// quote quotes a text for an error, and cuts a long one.
func quote(s string) string {
	const most = 100
	if len(s) > most {
		s = strings.ToValidUTF8(s[:most], "") + "..."
	}
	return strconv.Quote(s)
}
