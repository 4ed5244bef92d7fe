package serve

import (
	_ "embed"
	"encoding/json"
	"net/http"

	"github.com/selfnorm/selfnorm/internal/version"
)

// leaderboardBatch is the number of molecules that clients should send at once.
const leaderboardBatch = 256

// predictRows answers POST /predict: rows as objects by column name, or molecules as SMILES as the Tox21 leaderboard sends them.
func (s *Server) predictRows(w http.ResponseWriter, r *http.Request) {
	st := s.acquire()
	defer st.release()
	var read *rows
	p, err := s.predict(w, r, st, func(body []byte) (_ *rows, err error) {
		read, err = parseRows(body, st.model.columns(), s.MaxRows)
		return read, err
	})
	if err != nil {
		fail(w, err)
		return
	}
	reply := map[string]any{"model_info": st.model.info()}
	if len(p.notes) > 0 {
		reply["notes"] = p.notes
	}
	if _, ok := st.model.task.(*molecules); ok {
		all := make(map[string]any, p.rows)
		for i := range p.rows {
			all[read.cells[i]] = st.model.answer(p.row(i))
		}
		reply["predictions"] = all
	} else {
		all := make([]any, p.rows)
		for i := range all {
			all[i] = st.model.answer(p.row(i))
		}
		reply["predictions"] = all
	}
	answer(w, 200, reply)
}

func (s *Server) health(w http.ResponseWriter, _ *http.Request) {
	answer(w, 200, map[string]any{"ok": true})
}

// metadata answers GET /metadata.
func (s *Server) metadata(w http.ResponseWriter, _ *http.Request) {
	st := s.acquire()
	defer st.release()
	info := st.model.info()
	info["max_batch_size"] = min(leaderboardBatch, s.MaxRows)
	if _, ok := st.model.task.(*molecules); ok {
		info["tox_endpoints"] = endpoints()
	} else {
		var columns []string
		for _, c := range st.model.columns() {
			columns = append(columns, c.name)
		}
		info["columns"] = columns
	}
	answer(w, 200, info)
}

func (s *Server) writeMetrics(w http.ResponseWriter, _ *http.Request) {
	st := s.acquire()
	defer st.release()
	w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
	m := &metricWriter{w: w}
	m.head("selfnorm_model_info", "gauge", "The model that serves.")
	m.line("selfnorm_model_info", labels("name", st.model.name, "version", st.model.version(), "program", st.model.kind()), 1)
	s.metrics.write(m)
	st.drift.write(m)
}

//go:embed openapi.json
var openAPIText []byte

// openAPI answers with the description of the service.
func (s *Server) openAPI(w http.ResponseWriter, _ *http.Request) {
	var d map[string]any
	if err := json.Unmarshal(openAPIText, &d); err != nil {
		fail(w, err)
		return
	}
	d["info"].(map[string]any)["version"] = version.Version
	answer(w, 200, d)
}
