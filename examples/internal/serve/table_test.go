package serve

import (
	"fmt"
	"strings"
	"testing"
)

// Rows as objects get the bits of -predict, whatever their texts, gaps and columns beside.
func TestRows(t *testing.T) {
	const rows = `{"rows": [
		{"size": 0.5, "color": "red", "other": {"a": [1]}}, {"color": "a \"b\", c", "size": "-1.25"},
		{"size": null, "color": "never\nseen"}, {"size": "NA", "color": null}, {"size": 1e-3, "color": " green "}]}`
	const file = "size,color\n0.5,red\n-1.25,\"a \"\"b\"\", c\"\n,\"never\nseen\"\nNA,\n1e-3,green\n"
	for _, target := range []string{"kind", "price", "hot"} {
		path, e := tableModel(t, target, 3)
		want := expected(t, path, e, file)
		_, url := start(t, Options{Path: path})
		var got struct {
			Predictions []map[string]any
			Notes       []string
		}
		status, text := call(t, "POST", url+"/predict", rows)
		decode(t, status, text, &got)
		if len(got.Predictions) != 5 || len(got.Notes) != 1 || !strings.Contains(got.Notes[0], `"never\nseen" in row 2`) {
			t.Fatal(text)
		}
		for i, p := range got.Predictions {
			row := want.Row(i)
			switch target {
			case "price":
				if p["price"] != e.Value(0, row[0]) {
					t.Errorf("row %d: %v, want %v", i, p, e.Value(0, row[0]))
				}
			case "hot":
				if p["hot=1"] != row[0] || p["hot"] != map[bool]float64{true: 1}[row[0] > 0.5] {
					t.Errorf("row %d: %v, want %v", i, p, row)
				}
			default:
				best := e.Classes()[best(row)]
				if p["kind"] != best || p["kind="+e.Classes()[0]] != row[0] || p["kind="+e.Classes()[1]] != row[1] {
					t.Errorf("row %d: %v, want %v", i, p, row)
				}
			}
		}
	}
}

// Wrong requests get an error that says where.
func TestRequestErrors(t *testing.T) {
	path, _ := tableModel(t, "kind", 1)
	_, url := start(t, Options{Path: path, MaxRows: 3, MaxBody: 2000})
	row := `{"size": 1, "color": "red"}`
	for _, c := range []struct {
		body   string
		status int
		want   []string
	}{
		{`{`, 400, []string{"ends too early"}},
		{``, 400, []string{"ends too early"}},
		{`x`, 400, []string{"no JSON", "byte 1"}},
		{`[]`, 400, []string{`an object with \"rows\"`}},
		{`{"rows": []}`, 400, []string{"no rows"}},
		{`{}`, 400, []string{"no rows"}},
		{`{"rows": {}}`, 400, []string{"to be a list"}},
		{`{"row": []}`, 400, []string{`unknown field \"row\"`}},
		{`{"rows": [` + row + `], "rows": []}`, 400, []string{"twice"}},
		{`{"rows": [` + row + `]} x`, 400, []string{"after the object"}},
		{`{"rows": [1]}`, 400, []string{"row 0", `"row":0`}},
		{`{"rows": [` + row + `, {"size": 1}]}`, 400, []string{"row 1", `"field":"color"`, "null stands for"}},
		{`{"rows": [{"size": 1, "size": 2, "color": "red"}]}`, 400, []string{"occurs twice", `"field":"size"`}},
		{`{"rows": [{"size": NaN, "color": "red"}]}`, 400, []string{"no JSON"}},
		{`{"rows": [{"size": 1e999, "color": "red"}]}`, 400, []string{"too large", `"row":0`, `"field":"size"`}},
		{`{"rows": [` + row + `, {"size": "-Infinity", "color": "red"}]}`, 400, []string{"not a finite number", `"row":1`}},
		{`{"rows": [{"size": [1], "color": "red"}]}`, 400, []string{"want a number", `"field":"size"`}},
		{`{"rows": [{"size": "tall", "color": "red\nblue"}, {"size": "wide", "color": ""}]}`, 400, []string{"not a number", `"row":0`, `"field":"size"`}},
		{`{"rows": [{"size": 1e300, "color": "red"}]}`, 400, []string{"too large", `"row":0`, `"field":"size"`}},
		{`{"rows": [` + strings.Repeat(row+",", 3) + row + `]}`, 413, []string{"more than 3 rows"}},
		{`{"rows": [` + strings.Repeat(row+",", 100) + row + `]}`, 413, []string{"more than 2000 bytes"}},
		{`{"smiles": ["CCO"]}`, 400, []string{`unknown field \"smiles\"`}},
	} {
		status, text := call(t, "POST", url+"/predict", c.body)
		ok := status == c.status && strings.Contains(text, `"error":`)
		for _, want := range c.want {
			ok = ok && strings.Contains(text, want)
		}
		if !ok {
			t.Errorf("%.100s: status %d: %s, want %d with %q", c.body, status, text, c.status, c.want)
		}
	}
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/predict", 405}, {"POST", "/nothing", 404}, {"GET", "/v2/models/x", 404}, {"GET", "/v2/models/small/versions/1", 404},
		{"POST", "/v2/models/x/infer", 404},
	} {
		if status, text := call(t, c.method, url+c.path, ""); status != c.status || !strings.Contains(text, `"error":`) {
			t.Errorf("%s %s: status %d: %s, want %d", c.method, c.path, status, text, c.status)
		}
	}
}

// Many rows are predicted in parts, and each is answered in its place.
func TestManyRows(t *testing.T) {
	path, e := tableModel(t, "price", 1)
	_, url := start(t, Options{Path: path})
	const n = 2*maxBatch + 77
	var rows, file strings.Builder
	file.WriteString("color,size\n")
	for i := range n {
		fmt.Fprintf(&file, "red,%d\n", i)
		fmt.Fprintf(&rows, `,{"size":%d,"color":"red"}`, i)
	}
	want := expected(t, path, e, file.String())
	var got struct{ Predictions []map[string]float64 }
	status, text := call(t, "POST", url+"/predict", `{"rows":[`+rows.String()[1:]+`]}`)
	decode(t, status, text, &got)
	if len(got.Predictions) != n {
		t.Fatalf("%d predictions", len(got.Predictions))
	}
	for i, p := range got.Predictions {
		if p["price"] != e.Value(0, want.Row(i)[0]) {
			t.Fatalf("row %d: %v", i, p)
		}
	}
}
