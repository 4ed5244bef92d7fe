package serve

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/errors"
)

// Options are the limits of a service. Zero values mean the defaults of [Options.withDefaults].
type Options struct {
	// Path is the file of the model, and Name its name; empty means that of the file.
	Path, Name string
	// MaxBody is the largest body of a request in bytes, and MaxBodies that of all bodies that are being read and worked on.
	MaxBody, MaxBodies int64
	// MaxRows is the largest number of rows of a request.
	MaxRows int
	// MaxRequests is the largest number of requests that have been read and wait for their predictions; others are answered with 429.
	MaxRequests int
	// Timeout bounds the time of a request.
	Timeout time.Duration
	// BatchDelay is the longest time that rows wait for those of requests that are just being read.
	BatchDelay time.Duration
	// Drift is the interval between samples of rows whose layer moments are measured; negative means never.
	Drift time.Duration
	// Log receives a line for each reload; nil means nowhere.
	Log *log.Logger
}

func (o Options) withDefaults() Options {
	set := func(v *int64, to int64) {
		if *v <= 0 {
			*v = to
		}
	}
	set(&o.MaxBody, 16<<20)
	set(&o.MaxBodies, 8*o.MaxBody)
	if o.MaxRows <= 0 {
		o.MaxRows = 10_000
	}
	if o.MaxRequests <= 0 {
		o.MaxRequests = 1024
	}
	if o.Timeout <= 0 {
		o.Timeout = 30 * time.Second
	}
	if o.Drift == 0 {
		o.Drift = time.Second
	}
	return o
}

// Server answers requests with the model of a file. It is safe for concurrent use.
type Server struct {
	Options
	http.Handler

	mu       sync.RWMutex
	current  *state
	reload   sync.Mutex // one reload at a time
	tried    stamp      // the version of the file that was loaded or refused last
	draining atomic.Bool
	reading  atomic.Int32
	bodies   atomic.Int64  // bytes held
	waiting  chan struct{} // a place for each request that has been read
	working  chan struct{} // a place for each request whose rows are being read
	large    chan struct{} // a place for each large part of a request
	metrics  *metrics
}

// state is a model that serves, and what runs for it. Requests that have begun keep it alive when another one takes its place.
type state struct {
	model   *Model
	batcher *batcher
	drift   *drift
	users   sync.WaitGroup
}

func (st *state) release() { st.users.Done() }

// New loads the model of a file and returns a service. Close ends it.
func New(o Options) (*Server, error) {
	s := &Server{Options: o.withDefaults(), metrics: newMetrics()}
	threads := runtime.GOMAXPROCS(0)
	s.waiting, s.working, s.large = make(chan struct{}, s.MaxRequests), make(chan struct{}, threads), make(chan struct{}, 2*threads)
	m, err := Load(o.Path, o.Name)
	if err != nil {
		return nil, err
	}
	s.tried = m.stamp
	s.use(m)
	s.Handler = s.routes()
	return s, nil
}

// acquire returns the state of this moment. The caller releases it.
func (s *Server) acquire() *state {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.current.users.Add(1)
	return s.current
}

// use makes requests that begin from now on go to a model. The old one ends with its last request.
func (s *Server) use(m *Model) {
	st := &state{model: m, drift: newDrift(m, max(0, s.Drift))}
	st.batcher = &batcher{model: m, delay: s.BatchDelay, limit: s.Timeout, reading: &s.reading, queue: make(chan *job), ended: make(chan struct{}), seen: func(rows int, x []float32) {
		s.metrics.batch(rows)
		st.drift.see(x)
	}}
	go st.batcher.run()
	s.mu.Lock()
	old := s.current
	s.current = st
	s.mu.Unlock()
	if old != nil {
		go old.end()
	}
}

// end frees what a state holds once its requests are answered.
func (st *state) end() {
	st.users.Wait()
	close(st.batcher.queue)
	<-st.batcher.ended // with the last batch, whose requests may be gone
	st.drift.close()
	st.model.close()
}

// Reload loads the file if it has changed since it was tried last, or always if force is set. A file that cannot be loaded, or has another
// kind of model or other columns, leaves the old model in place; the error, the log and the metrics say so.
func (s *Server) Reload(force bool) (changed bool, err error) {
	s.reload.Lock()
	defer s.reload.Unlock()
	now, err := stampOf(s.Path)
	if err == nil && now == s.tried && !force {
		return false, nil
	}
	if err != nil && s.tried == (stamp{}) && !force {
		return false, nil // that it is gone has been said
	}
	s.tried = now
	var m *Model
	if err == nil {
		m, err = Load(s.Path, s.Name)
	}
	if err == nil {
		err = s.replaces(m)
	}
	if err != nil {
		s.metrics.failedReloads.Add(1)
		s.metrics.failing.Store(true)
		s.log("the file has changed and cannot be served; the old model goes on: %v", err)
		return false, err
	}
	s.tried = m.stamp
	s.use(m)
	s.metrics.reloads.Add(1)
	s.metrics.failing.Store(false)
	s.log("%s: version %s serves", s.Path, m.version())
	return true, nil
}

// replaces returns an error unless clients of the old model can use the new one.
func (s *Server) replaces(m *Model) error {
	st := s.acquire()
	defer st.release()
	a, b := fmt.Sprint(st.model.kind(), st.model.columns(), names(st.model.outputs())), fmt.Sprint(m.kind(), m.columns(), names(m.outputs()))
	if a != b {
		m.close()
		return errors.Errorf("%s: its columns or outputs are others; start the service anew for it", s.Path)
	}
	return nil
}

func names(outputs []output) (all []string) {
	for _, o := range outputs {
		all = append(all, o.name, o.datatype)
		all = append(all, o.names...)
	}
	return all
}

// Watch reloads the file when it changes, every interval, and whenever now receives, until ctx is cancelled.
func (s *Server) Watch(ctx context.Context, every time.Duration, now <-chan struct{}) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		force := false
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-now:
			force = true
		}
		_, _ = s.Reload(force) // the log and the metrics say it
	}
}

// Drain makes the service say that it is not ready, so that balancers send no more requests. Those that come are still answered.
func (s *Server) Drain() { s.draining.Store(true) }

// Close ends the service after the requests that have begun.
func (s *Server) Close() {
	s.mu.RLock()
	defer s.mu.RUnlock()
	s.current.end()
}

// Model returns the name of the model that serves, and its version.
func (s *Server) Model() (name, version string) {
	st := s.acquire()
	defer st.release()
	return st.model.name, st.model.version()
}

func (s *Server) log(format string, args ...any) {
	if s.Log != nil {
		s.Log.Printf(format, args...)
	}
}
