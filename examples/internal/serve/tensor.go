package serve

import (
	"bytes"
	"encoding/json"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
)

// tensor is an input tensor of the protocol.
type tensor struct {
	Name     string          `json:"name"`
	Shape    []int64         `json:"shape"`
	Datatype string          `json:"datatype"`
	Data     json.RawMessage `json:"data"`
}

// bits are the sizes of the numbers of the protocol.
var bits = map[string]int{
	"UINT8": 8, "UINT16": 16, "UINT32": 32, "UINT64": 64, "INT8": 8, "INT16": 16, "INT32": 32, "INT64": 64, "FP16": 16, "FP32": 32, "FP64": 64,
}

// rows returns the number of rows of a tensor, whose shape must be [rows] or [rows, 1].
func (t *tensor) rows(most int) (int, error) {
	if len(t.Shape) != 1 && len(t.Shape) != 2 || len(t.Shape) == 2 && t.Shape[1] != 1 || t.Shape[0] < 1 {
		return 0, &requestError{status: 400, row: -1, field: t.Name, text: "want the shape [rows] or [rows, 1], with at least one row"}
	}
	if t.Shape[0] > int64(most) {
		return 0, tooMany(most)
	}
	return int(t.Shape[0]), nil
}

// texts returns the elements as they would stand in a file. null is a missing value, an extension of the protocol.
func (t *tensor) texts(n int) ([]string, error) {
	if t.Datatype != "BYTES" && t.Datatype != "BOOL" && bits[t.Datatype] == 0 {
		return nil, &requestError{status: 400, row: -1, field: t.Name, text: "unknown datatype " + quote(t.Datatype)}
	}
	d := json.NewDecoder(bytes.NewReader(t.Data))
	d.UseNumber()
	var out []string
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, badJSON(err)
		}
		if bracket, ok := token.(json.Delim); ok {
			switch bracket {
			case '[':
				depth++
			case ']':
				depth--
			default:
				return nil, badCell(len(out), t.Name, "an object in the data")
			}
			if depth > len(t.Shape) {
				return nil, badCell(len(out), t.Name, "the data are nested deeper than the shape")
			}
			continue
		}
		if depth == 0 {
			return nil, &requestError{status: 400, row: -1, field: t.Name, text: "want data to be a list"}
		}
		if len(out) == n {
			return nil, &requestError{status: 400, row: -1, field: t.Name, text: "more elements than the shape has"}
		}
		text, wrong := t.element(token)
		if wrong != "" {
			return nil, badCell(len(out), t.Name, "%s", wrong)
		}
		out = append(out, text)
	}
	if len(out) != n {
		return nil, &requestError{status: 400, row: -1, field: t.Name, text: strconv.Itoa(len(out)) + " elements, but the shape has " + strconv.Itoa(n)}
	}
	return out, nil
}

// element returns the text of an element, which must be of the datatype, or what is wrong with it.
func (t *tensor) element(token json.Token) (text, wrong string) {
	switch v := token.(type) {
	case nil:
		return "", ""
	case string:
		if t.Datatype != "BYTES" {
			return "", quote(v) + " is no " + t.Datatype
		}
		return v, ""
	case bool:
		if t.Datatype != "BOOL" {
			return "", strconv.FormatBool(v) + " is no " + t.Datatype
		}
		return strconv.FormatBool(v), ""
	case json.Number:
		return v.String(), t.number(v.String())
	}
	return "", "not an element"
}

// number returns what is wrong with a number of the datatype, or nothing.
func (t *tensor) number(s string) string {
	size := bits[t.Datatype]
	var err error
	switch {
	case size == 0:
		return s + " is no " + t.Datatype
	case strings.HasPrefix(t.Datatype, "UINT"):
		_, err = strconv.ParseUint(s, 10, size)
	case strings.HasPrefix(t.Datatype, "INT"):
		_, err = strconv.ParseInt(s, 10, size)
	default:
		var v float64
		v, err = strconv.ParseFloat(s, max(32, size))
		if size == 16 && math.Abs(v) >= 65520 {
			err = strconv.ErrRange
		}
	}
	if err != nil {
		return quote(s) + " is no " + t.Datatype
	}
	return ""
}

// tableOf joins input tensors, one for each column, into rows.
func tableOf(inputs []tensor, columns []column, most int) (*rows, error) {
	at := make([]int, len(columns))
	for i := range at {
		at[i] = -1
	}
	for i := range inputs {
		k := slices.IndexFunc(columns, func(c column) bool { return c.name == inputs[i].Name })
		if k < 0 {
			return nil, bad("there is no input %s; see the metadata of the model", quote(inputs[i].Name))
		}
		if at[k] >= 0 {
			return nil, bad("the input %s occurs twice", quote(inputs[i].Name))
		}
		at[k] = i
	}
	if k := slices.Index(at, -1); k >= 0 {
		return nil, bad("the input %s is missing", quote(columns[k].name))
	}
	r := &rows{}
	for k := range columns {
		t := &inputs[at[k]]
		n, err := t.rows(most)
		if err != nil {
			return nil, err
		}
		if k > 0 && n != r.n {
			return nil, bad("the input %s has %d rows, %s has %d", quote(columns[k].name), n, quote(columns[0].name), r.n)
		}
		texts, err := t.texts(n)
		if err != nil {
			return nil, err
		}
		if k == 0 {
			r.n, r.cells = n, make([]string, n*len(columns))
		}
		for i, s := range texts {
			r.cells[i*len(columns)+k] = s
		}
	}
	return r, nil
}
