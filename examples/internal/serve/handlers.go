package serve

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// routes returns the handler of all paths.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range map[string]http.HandlerFunc{
		"GET /{$}": s.page, "GET /openapi.json": s.openAPI, "GET /metrics": s.writeMetrics,
		"GET /healthz": s.health, "GET /metadata": s.metadata, "POST /predict": s.predictRows,
		"POST /explain": s.explain, "GET /page.json": s.pageJSON, "GET /page/{file}": s.pageFile,
		"GET /v2": s.serverMetadata, "GET /v2/{$}": s.serverMetadata, "GET /v2/health/live": s.live, "GET /v2/health/ready": s.ready,
		"GET /v2/models/{model}": s.modelMetadata, "GET /v2/models/{model}/versions/{version}": s.modelMetadata,
		"GET /v2/models/{model}/ready": s.ready, "GET /v2/models/{model}/versions/{version}/ready": s.ready,
		"POST /v2/models/{model}/infer": s.infer, "POST /v2/models/{model}/versions/{version}/infer": s.infer,
	} {
		mux.HandleFunc(pattern, h)
	}
	return s.counted(mux)
}

// counted counts requests. Those that the mux refuses are answered as JSON, like all errors, and a panic with 500.
func (s *Server) counted(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		s.metrics.inFlight.Add(1)
		c := &counter{ResponseWriter: w}
		path := "other"
		defer func() {
			if p := recover(); p != nil {
				s.log("%s %s: panic: %v", r.Method, path, p)
				if c.status == 0 {
					answer(c, http.StatusInternalServerError, map[string]any{"error": "the service has failed; its log says how"})
				}
			}
			s.metrics.inFlight.Add(-1)
			s.metrics.request(path, c.status, time.Since(began))
		}()
		h, pattern := mux.Handler(r)
		if pattern == "" {
			refused := &counter{ResponseWriter: nowhere{http.Header{}}}
			h.ServeHTTP(refused, r)
			for k, v := range refused.Header() {
				if k == "Allow" {
					w.Header()[k] = v
				}
			}
			answer(c, refused.status, map[string]any{"error": http.StatusText(refused.status) + ": " + r.Method + " " + quote(r.URL.Path) + "; see /openapi.json"})
			return
		}
		path = pattern
		mux.ServeHTTP(c, r)
	})
}

// counter remembers the status of an answer.
type counter struct {
	http.ResponseWriter
	status int
}

func (c *counter) WriteHeader(status int) {
	if c.status == 0 {
		c.status = status
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *counter) Write(b []byte) (int, error) {
	if c.status == 0 {
		c.status = http.StatusOK
	}
	return c.ResponseWriter.Write(b)
}

// Unwrap is for http.MaxBytesReader and http.ResponseController.
func (c *counter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

// nowhere is an answer that nobody reads.
type nowhere struct{ header http.Header }

func (n nowhere) Header() http.Header         { return n.header }
func (n nowhere) Write(b []byte) (int, error) { return len(b), nil }
func (n nowhere) WriteHeader(int)             {}

// answer writes an object as JSON.
func answer(w http.ResponseWriter, status int, object any) {
	text, err := json.Marshal(object)
	if err != nil { // numbers that are not finite
		status, text = http.StatusInternalServerError, []byte(`{"error":"the prediction is not finite"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(text, '\n')) // a client that has gone needs no answer
}

// fail answers with an error.
func fail(w http.ResponseWriter, err error) {
	status, object := statusOf(err)
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "1")
	}
	answer(w, status, object)
}

// predictions are those of a request.
type predictions struct {
	rows   int
	values []float64
	notes  []string
}

// row returns the values of a row.
func (p *predictions) row(i int) []float64 {
	n := len(p.values) / p.rows
	return p.values[i*n:][:n]
}

// enter counts a request among those that wait or are answered, until leave is called, or returns an error if they are too many.
func (s *Server) enter() (leave func(), err error) {
	select {
	case s.waiting <- struct{}{}:
		return func() { <-s.waiting }, nil
	default:
		return nil, &requestError{status: http.StatusTooManyRequests, row: -1, text: "too many requests at the same time; try again"}
	}
}

// predict reads the body of a request, and predicts the rows that parse finds in it.
func (s *Server) predict(w http.ResponseWriter, r *http.Request, st *state, parse func(body []byte) (*rows, error)) (*predictions, error) {
	ctx, cancel := context.WithTimeout(r.Context(), s.Timeout)
	defer cancel()
	body, free, err := s.body(w, r)
	defer free()
	if err != nil {
		return nil, err
	}
	leave, err := s.enter()
	if err != nil {
		return nil, err
	}
	defer leave()
	f, err := s.features(ctx, st, body, parse)
	if err != nil {
		return nil, err
	}
	p := &predictions{rows: f.rows, notes: f.notes}
	if f.set != nil {
		s.metrics.batch(f.rows)
		p.values, err = st.model.predict(ctx, f)
		return p, err
	}
	for lo := 0; lo < f.rows; lo += maxBatch {
		values, err := s.part(ctx, st, f, lo, min(lo+maxBatch, f.rows))
		if err != nil {
			return nil, err
		}
		p.values = append(p.values, values...)
	}
	return p, nil
}

// features reads the rows of a body. As many requests as there are threads do so at a time.
func (s *Server) features(ctx context.Context, st *state, body []byte, parse func(body []byte) (*rows, error)) (*features, error) {
	s.reading.Add(1)
	defer s.reading.Add(-1)
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	rows, err := parse(body)
	if err != nil {
		return nil, err
	}
	return st.model.read(ctx, rows)
}

// part predicts some rows.
func (s *Server) part(ctx context.Context, st *state, f *features, lo, hi int) ([]float64, error) {
	if hi-lo > maxBatch/16 { // few of them hold their matrix at the same time
		select {
		case s.large <- struct{}{}:
			defer func() { <-s.large }()
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	part, err := f.part(lo, hi)
	if err != nil {
		return nil, err
	}
	return st.batcher.predict(ctx, part)
}

// body reads the body of a request. free must be called when it is no longer used, also after an error.
func (s *Server) body(w http.ResponseWriter, r *http.Request) (body []byte, free func(), err error) {
	held := &budget{used: &s.bodies, limit: s.MaxBodies}
	if r.ContentLength > s.MaxBody {
		return nil, held.free, &http.MaxBytesError{Limit: s.MaxBody}
	}
	if e := r.Header.Get("Content-Encoding"); e != "" && e != "identity" {
		return nil, held.free, &requestError{status: http.StatusUnsupportedMediaType, row: -1, text: "Content-Encoding " + quote(e) + ": want a plain body"}
	}
	held.r = http.MaxBytesReader(w, r.Body, s.MaxBody)
	body, err = io.ReadAll(held)
	if err == io.ErrUnexpectedEOF {
		err = bad("the body ends before its length")
	}
	return body, held.free, err
}

// budget counts the bytes of all bodies that are held.
type budget struct {
	r           io.Reader
	used        *atomic.Int64
	limit, mine int64
}

func (b *budget) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.mine += int64(n)
	if b.used.Add(int64(n)) > b.limit {
		return n, &requestError{status: http.StatusServiceUnavailable, row: -1, text: "too many large requests at the same time; try again"}
	}
	return n, err
}

func (b *budget) free() { b.used.Add(-b.mine) }
