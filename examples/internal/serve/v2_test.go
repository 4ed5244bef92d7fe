package serve

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/tox21"
)

// The paths of the Open Inference Protocol V2 answer as its specification says.
func TestProtocol(t *testing.T) {
	path, e := tableModel(t, "kind", 5)
	s, url := start(t, Options{Path: path, Name: "my model"})
	for _, p := range []string{"/v2/health/live", "/v2/health/ready", "/v2/models/my%20model/ready"} {
		if status, text := call(t, "GET", url+p, ""); status != 200 {
			t.Errorf("%s: %d %s", p, status, text)
		}
	}
	var server struct {
		Name, Version string
		Extensions    []string
	}
	status, text := call(t, "GET", url+"/v2", "")
	decode(t, status, text, &server)
	if server.Name != "selfnorm" || server.Version == "" || server.Extensions == nil {
		t.Error(text)
	}
	var model struct {
		Name, Platform  string
		Versions        []string
		Inputs, Outputs []struct {
			Name, Datatype string
			Shape          []int
		}
	}
	status, text = call(t, "GET", url+"/v2/models/my%20model", "")
	decode(t, status, text, &model)
	if model.Name != "my model" || len(model.Versions) != 1 || len(model.Inputs) != 2 || len(model.Outputs) != 2 ||
		model.Inputs[0].Name != "size" || model.Inputs[0].Datatype != "FP64" || !slices.Equal(model.Inputs[1].Shape, []int{-1}) ||
		!slices.Equal(model.Outputs[1].Shape, []int{-1, 2}) {
		t.Error(text)
	}
	want := expected(t, path, e, "size,color\n0.5,red\n,a\n-2,green\n")
	for _, body := range []string{
		`{"id": "42", "parameters": {"a": 1}, "inputs": [{"name": "size", "shape": [3], "datatype": "FP64", "data": [0.5, null, -2]},
			{"name": "color", "shape": [3, 1], "datatype": "BYTES", "parameters": {"content_type": "str"}, "data": [["red"], ["a"], ["green"]]}]}`,
		`{"inputs": [{"name": "color", "datatype": "BYTES", "shape": [3], "data": ["red", "a", "green"]},
			{"name": "size", "shape": [3, 1], "datatype": "FP32", "data": [[5e-1], [null], [-2]]}], "id": "42", "outputs": [{"name": "kind"}, {"name": "probabilities"}]}`,
	} {
		var got struct {
			Model   string `json:"model_name"`
			Version string `json:"model_version"`
			ID      string
			Outputs []struct {
				Name, Datatype string
				Shape          []int
				Data           []any
			}
		}
		status, text := call(t, "POST", url+"/v2/models/my%20model/versions/"+model.Versions[0]+"/infer", body)
		decode(t, status, text, &got)
		if got.Model != "my model" || got.Version != model.Versions[0] || got.ID != "42" || len(got.Outputs) != 2 || len(got.Outputs[1].Data) != 6 {
			t.Fatal(text)
		}
		for i := range 3 {
			row := want.Row(i)
			if p := got.Outputs[1].Data[2*i:]; p[0] != row[0] || p[1] != row[1] || got.Outputs[0].Data[i] != e.Classes()[best(row)] {
				t.Errorf("row %d: %s, want %v", i, text, row)
			}
		}
	}
	s.Drain()
	if status, _ := call(t, "GET", url+"/v2/health/ready", ""); status != 503 {
		t.Errorf("ready while it ends: %d", status)
	}
}

// The published specification's example of a request, with its names and numbers put to a model that has such an input, and its datatypes.
func TestSpecificationExamples(t *testing.T) {
	path := moleculeModel(t, tox21.DefaultFamilies()[:1])
	_, url := start(t, Options{Path: path, Name: "mymodel"})
	var got struct {
		Name string `json:"model_name"`
		ID   string
		Out  []struct{ Shape []int } `json:"outputs"`
	}
	status, text := call(t, "POST", url+"/v2/models/mymodel/infer", `{"id" : "42", "inputs" : [{"name" : "smiles", "shape" : [ 2 ], "datatype" : "BYTES", "data" : [ "CCO", "CCN" ]}],
		"outputs" : [{"name" : "probabilities"}]}`)
	decode(t, status, text, &got)
	if got.Name != "mymodel" || got.ID != "42" || !slices.Equal(got.Out[0].Shape, []int{2, 12}) {
		t.Error(text)
	}
	// The two forms of the specification for the tensor [1 2; 4 5], and its input0, which this model does not have.
	for _, data := range []string{"[ [ 1, 2 ], [ 4, 5 ] ]", "[ 1, 2, 4, 5 ]"} {
		x := tensor{Name: "a", Shape: []int64{2, 2}, Datatype: "UINT32", Data: json.RawMessage(data)}
		if texts, err := x.texts(4); err != nil || !slices.Equal(texts, []string{"1", "2", "4", "5"}) {
			t.Errorf("%s: %v, %v", data, texts, err)
		}
	}
	status, text = call(t, "POST", url+"/v2/models/mymodel/infer", `{"id" : "42", "inputs" : [{"name" : "input0", "shape" : [ 2, 2 ], "datatype" : "UINT32", "data" : [ 1, 2, 3, 4 ]},
		{"name" : "input1", "shape" : [ 3 ], "datatype" : "BOOL", "data" : [ true ]}], "outputs" : [{"name" : "output0"}]}`)
	if status != 400 || !strings.Contains(text, "no output") {
		t.Error(status, text)
	}
}

func TestProtocolErrors(t *testing.T) {
	path, _ := tableModel(t, "kind", 1)
	_, url := start(t, Options{Path: path, MaxRows: 1000})
	color := `{"name": "color", "shape": [2], "datatype": "BYTES", "data": ["red", "red"]}`
	for inputs, want := range map[string]string{
		``:                  `\"size\" is missing`,
		color:               `\"size\" is missing`,
		color + "," + color: "occurs twice",
		`{"name": "weight", "shape": [2], "datatype": "FP32", "data": [1, 2]}`:                     "no input",
		color + `,{"name": "size", "shape": [3], "datatype": "FP32", "data": [1, 2, 3]}`:           "has 2 rows",
		color + `,{"name": "size", "shape": [2], "datatype": "FP32", "data": [1]}`:                 "1 elements",
		color + `,{"name": "size", "shape": [2], "datatype": "FP32", "data": [1, 2, 3]}`:           "more elements",
		color + `,{"name": "size", "shape": [2], "datatype": "FP32", "data": [1, 1e39]}`:           "is no FP32",
		color + `,{"name": "size", "shape": [2], "datatype": "FP16", "data": [1, 70000]}`:          "is no FP16",
		color + `,{"name": "size", "shape": [2], "datatype": "INT64", "data": [1, 1.5]}`:           "is no INT64",
		color + `,{"name": "size", "shape": [2], "datatype": "UINT8", "data": [1, 256]}`:           "is no UINT8",
		color + `,{"name": "size", "shape": [2], "datatype": "BOOL", "data": [true, 1]}`:           "is no BOOL",
		color + `,{"name": "size", "shape": [2], "datatype": "FP64", "data": [1, "2"]}`:            "is no FP64",
		color + `,{"name": "size", "shape": [2], "datatype": "COMPLEX", "data": [1, 2]}`:           "unknown datatype",
		color + `,{"name": "size", "shape": [2, 2], "datatype": "FP64", "data": [1, 2, 3, 4]}`:     "[rows, 1]",
		color + `,{"name": "size", "shape": [-1], "datatype": "FP64", "data": []}`:                 "[rows, 1]",
		color + `,{"name": "size", "shape": [2], "datatype": "FP64", "data": [[1, 2]]}`:            "nested deeper",
		color + `,{"name": "size", "shape": [2], "datatype": "FP64", "data": 1}`:                   "to be a list",
		color + `,{"name": "size", "shape": [2], "datatype": "FP64", "data": [{}]}`:                "an object",
		color + `,{"name": "size", "shape": [2], "datatype": "FP64"}`:                              "0 elements",
		color + `,{"name": "size", "shape": [2000000], "datatype": "FP64", "data": []}`:            "more than 1000 rows",
		color + `,{"name": "size", "shape": [9223372036854775807], "datatype": "FP64", "data":[]}`: "more than 1000 rows",
		color + `,{"name": "size", "shape": "x", "datatype": "FP64", "data": []}`:                  "JSON string",
	} {
		status, text := call(t, "POST", url+"/v2/models/small/infer", `{"inputs": [`+inputs+`]}`)
		if status/100 != 4 || !strings.Contains(text, want) {
			t.Errorf("%s: %d %s, want %q", inputs, status, text, want)
		}
	}
	q, err := http.NewRequest("POST", url+"/v2/models/small/infer", strings.NewReader("{}"))
	if err != nil {
		t.Fatal(err)
	}
	q.Header.Set("Inference-Header-Content-Length", "2")
	r, err := http.DefaultClient.Do(q)
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != 400 {
		t.Errorf("binary tensors: %d", r.StatusCode)
	}
}

// The description names every path of the service, and no other.
func TestOpenAPI(t *testing.T) {
	path, _ := tableModel(t, "kind", 1)
	_, url := start(t, Options{Path: path})
	var d struct {
		OpenAPI string
		Info    struct{ Version string }
		Paths   map[string]map[string]any
	}
	status, text := call(t, "GET", url+"/openapi.json", "")
	decode(t, status, text, &d)
	if !strings.HasPrefix(d.OpenAPI, "3.") || d.Info.Version == "" || len(d.Paths) != 17 {
		t.Errorf("%d paths: %.200s", len(d.Paths), text)
	}
	replace := strings.NewReplacer("{model}", "small", "/versions/{version}", "")
	for p, methods := range d.Paths {
		for m := range methods {
			if status, text := call(t, strings.ToUpper(m), url+replace.Replace(p), ""); status == 404 || status == 405 {
				t.Errorf("%s %s: %d %s", m, p, status, text)
			}
		}
	}
}
