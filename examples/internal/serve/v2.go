package serve

import (
	"encoding/json"
	"net/http"

	"github.com/selfnorm/selfnorm/internal/version"
)

// inferRequest is a request of the Open Inference Protocol V2.
type inferRequest struct {
	ID      string   `json:"id"`
	Inputs  []tensor `json:"inputs"`
	Outputs []struct {
		Name string `json:"name"`
	} `json:"outputs"`
}

// outputTensor is an output tensor of the protocol, with flat data.
type outputTensor struct {
	Name     string `json:"name"`
	Datatype string `json:"datatype"`
	Shape    []int  `json:"shape"`
	Data     []any  `json:"data"`
}

func (s *Server) live(w http.ResponseWriter, _ *http.Request) {
	answer(w, 200, map[string]any{"live": true})
}

// ready reports whether new requests are welcome: not while the service ends.
func (s *Server) ready(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		answer(w, http.StatusServiceUnavailable, map[string]any{"error": "the service is ending"})
		return
	}
	if r.PathValue("model") != "" {
		st, err := s.find(r)
		if err != nil {
			fail(w, err)
			return
		}
		defer st.release()
		answer(w, 200, map[string]any{"name": st.model.name, "ready": true})
		return
	}
	answer(w, 200, map[string]any{"ready": true})
}

func (s *Server) serverMetadata(w http.ResponseWriter, _ *http.Request) {
	answer(w, 200, map[string]any{"name": "selfnorm", "version": version.Version, "extensions": []string{}})
}

// find returns the state of the model that a request names, with its version if it names one.
func (s *Server) find(r *http.Request) (*state, error) {
	st := s.acquire()
	name, version := r.PathValue("model"), r.PathValue("version")
	var err error
	switch {
	case name != st.model.name:
		err = &requestError{status: 404, row: -1, text: "there is no model " + quote(name) + ", only " + quote(st.model.name)}
	case version != "" && version != st.model.version():
		err = &requestError{status: 404, row: -1, text: "there is no version " + quote(version) + ", only " + quote(st.model.version())}
	default:
		return st, nil
	}
	st.release()
	return nil, err
}

func (s *Server) modelMetadata(w http.ResponseWriter, r *http.Request) {
	st, err := s.find(r)
	if err != nil {
		fail(w, err)
		return
	}
	defer st.release()
	m := st.model
	inputs, outputs := []any{}, []any{}
	for _, c := range m.columns() {
		inputs = append(inputs, map[string]any{"name": c.name, "datatype": c.datatype, "shape": []int{-1}})
	}
	for _, o := range m.outputs() {
		shape := []int{-1}
		about := map[string]any{"name": o.name, "datatype": o.datatype}
		if o.width > 0 {
			shape = append(shape, o.width)
			about["parameters"] = map[string]any{"names": o.names}
		}
		about["shape"] = shape
		outputs = append(outputs, about)
	}
	answer(w, 200, map[string]any{
		"name": m.name, "versions": []string{m.version()}, "platform": "selfnorm_" + m.kind(), "inputs": inputs, "outputs": outputs,
	})
}

// infer answers POST /v2/models/M/infer.
func (s *Server) infer(w http.ResponseWriter, r *http.Request) {
	st, err := s.find(r)
	if err != nil {
		fail(w, err)
		return
	}
	defer st.release()
	if r.Header.Get("Inference-Header-Content-Length") != "" {
		fail(w, bad("binary tensors are an extension that this service does not have; send the data as JSON"))
		return
	}
	var q inferRequest
	var wanted []output
	p, err := s.predict(w, r, st, func(body []byte) (*rows, error) {
		if err := unmarshal(body, &q); err != nil {
			return nil, err
		}
		var err error
		if wanted, err = q.wanted(st.model.outputs()); err != nil {
			return nil, err
		}
		return tableOf(q.Inputs, st.model.columns(), s.MaxRows)
	})
	if err != nil {
		fail(w, err)
		return
	}
	reply := map[string]any{"model_name": st.model.name, "model_version": st.model.version()}
	if q.ID != "" {
		reply["id"] = q.ID
	}
	var tensors []outputTensor
	for _, o := range wanted {
		t := outputTensor{Name: o.name, Datatype: o.datatype, Shape: []int{p.rows}}
		if o.width > 0 {
			t.Shape = append(t.Shape, o.width)
		}
		for i := range p.rows {
			t.Data = append(t.Data, o.of(p.row(i))...)
		}
		tensors = append(tensors, t)
	}
	reply["outputs"] = tensors
	if len(p.notes) > 0 {
		reply["parameters"] = map[string]any{"notes": p.notes}
	}
	answer(w, 200, reply)
}

// wanted returns the outputs that a request asks for, all if it names none.
func (q *inferRequest) wanted(all []output) ([]output, error) {
	if len(q.Outputs) == 0 {
		return all, nil
	}
	var chosen []output
next:
	for _, want := range q.Outputs {
		for _, o := range all {
			if o.name == want.Name {
				chosen = append(chosen, o)
				continue next
			}
		}
		return nil, bad("there is no output %s; see the metadata of the model", quote(want.Name))
	}
	return chosen, nil
}

// unmarshal reads a JSON body.
func unmarshal(body []byte, to any) error {
	if err := json.Unmarshal(body, to); err != nil {
		if kind, ok := err.(*json.UnmarshalTypeError); ok {
			return bad("%q: a JSON %s, want %v", kind.Field, kind.Value, kind.Type)
		}
		return badJSON(err)
	}
	return nil
}
