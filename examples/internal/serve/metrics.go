package serve

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// latencies and batchSizes are the upper bounds of the buckets of histograms, in seconds and rows.
var (
	latencies  = []float64{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30}
	batchSizes = []float64{1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}
)

// metrics count what the service does. They are written in the text format of Prometheus, version 0.0.4.
type metrics struct {
	inFlight      atomic.Int64
	rows          atomic.Int64
	reloads       atomic.Int64
	failedReloads atomic.Int64
	failing       atomic.Bool // the file cannot be loaded

	mu       sync.Mutex
	requests map[[2]string]int // by path and code
	latency  map[string]*histogram
	batches  *histogram
}

func newMetrics() *metrics {
	return &metrics{requests: map[[2]string]int{}, latency: map[string]*histogram{}, batches: newHistogram(batchSizes)}
}

// request counts a request that has been answered.
func (m *metrics) request(path string, code int, took time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests[[2]string{path, strconv.Itoa(code)}]++
	h := m.latency[path]
	if h == nil {
		h = newHistogram(latencies)
		m.latency[path] = h
	}
	h.observe(took.Seconds())
}

func (m *metrics) batch(rows int) {
	m.rows.Add(int64(rows))
	m.mu.Lock()
	defer m.mu.Unlock()
	m.batches.observe(float64(rows))
}

func (m *metrics) write(w *metricWriter) {
	m.mu.Lock()
	defer m.mu.Unlock()
	w.head("selfnorm_requests_total", "counter", "Requests answered, by path and status code.")
	for _, k := range sortedKeys(m.requests) {
		w.line("selfnorm_requests_total", labels("path", k[0], "code", k[1]), float64(m.requests[k]))
	}
	w.head("selfnorm_request_duration_seconds", "histogram", "Time from the header of a request to its answer.")
	var paths []string
	for path := range m.latency {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	for _, path := range paths {
		m.latency[path].write(w, "selfnorm_request_duration_seconds", labels("path", path))
	}
	w.head("selfnorm_batch_rows", "histogram", "Rows that were predicted at once.")
	m.batches.write(w, "selfnorm_batch_rows", "")
	for _, c := range []struct {
		name, kind, help string
		value            int64
	}{
		{"selfnorm_rows_total", "counter", "Rows predicted.", m.rows.Load()},
		{"selfnorm_requests_in_flight", "gauge", "Requests that have begun and are not answered.", m.inFlight.Load()},
	} {
		w.head(c.name, c.kind, c.help)
		w.line(c.name, "", float64(c.value))
	}
	w.head("selfnorm_reloads_total", "counter", "Changes of the model's file, by whether it could be loaded.")
	w.line("selfnorm_reloads_total", labels("result", "loaded"), float64(m.reloads.Load()))
	w.line("selfnorm_reloads_total", labels("result", "failed"), float64(m.failedReloads.Load()))
	w.head("selfnorm_reload_failing", "gauge", "1 if the file of the model has changed and cannot be loaded; the old one serves.")
	failing := 0.0
	if m.failing.Load() {
		failing = 1
	}
	w.line("selfnorm_reload_failing", "", failing)
}

func sortedKeys(m map[[2]string]int) (keys [][2]string) {
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b [2]string) int { return strings.Compare(a[0]+" "+a[1], b[0]+" "+b[1]) })
	return keys
}

// histogram counts values by upper bounds.
type histogram struct {
	bounds []float64
	counts []int // of values up to a bound and above the one before; the last one is of all above
	sum    float64
	n      int
}

func newHistogram(bounds []float64) *histogram {
	return &histogram{bounds: bounds, counts: make([]int, len(bounds)+1)}
}

func (h *histogram) observe(v float64) {
	k, _ := slices.BinarySearch(h.bounds, v)
	h.counts[k]++
	h.sum += v
	h.n++
}

func (h *histogram) write(w *metricWriter, name, of string) {
	total := 0
	for i, n := range h.counts {
		total += n
		bound := math.Inf(1)
		if i < len(h.bounds) {
			bound = h.bounds[i]
		}
		w.line(name+"_bucket", joined(of, labels("le", number(bound))), float64(total))
	}
	w.line(name+"_sum", of, h.sum)
	w.line(name+"_count", of, float64(h.n))
}

// metricWriter writes the text format.
type metricWriter struct {
	w   io.Writer
	err error
}

func (w *metricWriter) printf(format string, args ...any) {
	if w.err == nil {
		_, w.err = fmt.Fprintf(w.w, format, args...)
	}
}

func (w *metricWriter) head(name, kind, help string) {
	w.printf("# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

func (w *metricWriter) line(name, of string, value float64) {
	if of != "" {
		of = "{" + of + "}"
	}
	w.printf("%s%s %s\n", name, of, number(value))
}

func number(v float64) string {
	if math.IsInf(v, 1) {
		return "+Inf"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

var escaped = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

// labels returns names and values in turn as labels.
func labels(pairs ...string) string {
	var all []string
	for i := 0; i+1 < len(pairs); i += 2 {
		all = append(all, pairs[i]+`="`+escaped.Replace(pairs[i+1])+`"`)
	}
	return strings.Join(all, ",")
}

func joined(a, b string) string {
	if a == "" {
		return b
	}
	return a + "," + b
}
