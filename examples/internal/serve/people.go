package serve

import (
	"embed"
	"net/http"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/csv"
)

// pageFiles are the page for people.
//
//go:embed page
var pageFiles embed.FS

// pagePolicy is the content security policy of the page: its own files, and requests to this service.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// page answers GET /: a page for browsers, a text for other clients.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	if strings.Contains(r.Header.Get("Accept"), "text/html") {
		s.file(w, "page.html", "text/html; charset=utf-8")
		beginReference() // the first explanation is ready sooner
		return
	}
	name, v := s.Model()
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("Selfnorm serves the model " + name + ", version " + v + ".\n" +
		"POST /predict predicts, /metadata and /v2/models/" + name + " describe the inputs, /openapi.json the service, /metrics its state.\n" +
		"A browser shows a page here.\n"))
}

// pageFile answers GET /page/NAME.
func (s *Server) pageFile(w http.ResponseWriter, r *http.Request) {
	switch name := r.PathValue("file"); name {
	case "page.css":
		s.file(w, name, "text/css; charset=utf-8")
	case "page.js":
		s.file(w, name, "text/javascript; charset=utf-8")
	default:
		answer(w, http.StatusNotFound, map[string]any{"error": "Not Found: " + quote(r.URL.Path)})
	}
}

// file answers with a file of the page.
func (s *Server) file(w http.ResponseWriter, name, kind string) {
	content, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		fail(w, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-cache")
	_, _ = w.Write(content) // a client that has gone needs no answer
}

// pageJSON answers GET /page.json, from which the page makes its form.
func (s *Server) pageJSON(w http.ResponseWriter, _ *http.Request) {
	st := s.acquire()
	defer st.release()
	d := map[string]any{"model_info": st.model.info(), "kind": st.model.kind()}
	if t, ok := st.model.task.(*table); ok {
		d["columns"], d["targets"] = t.fields(), t.encoder.Tasks()
	}
	answer(w, 200, d)
}

// field is a column of the form.
type field struct {
	Name string `json:"name"`
	// Kind is number, category, date or text.
	Kind string `json:"kind"`
	// Mean is that of the training rows, for numbers, and Categories the known ones.
	Mean       *float64 `json:"mean,omitempty"`
	Categories []string `json:"categories,omitempty"`
}

// fields describes the columns of a table.
func (t *table) fields() []field {
	names, of, means := t.encoder.FeatureNames(), t.encoder.FeatureColumns(), t.encoder.Scaling().Mean
	all := make([]field, len(t.inputs))
	for i, c := range t.encoder.Columns() {
		all[i] = field{Name: c.Name, Kind: string(c.Kind)}
		switch c.Kind {
		case csv.Numeric:
			all[i].Kind = "number"
		case csv.Categorical:
			all[i].Kind = "category"
		}
	}
	for k, name := range names {
		f := &all[of[k]]
		switch {
		case f.Kind == "number" && f.Mean == nil:
			mean := means[k]
			f.Mean = &mean
		case f.Kind == "category":
			if category, ok := strings.CutPrefix(name, f.Name+"="); ok {
				f.Categories = append(f.Categories, category)
			}
		}
	}
	return all
}
