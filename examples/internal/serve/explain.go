package serve

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/depict"
)

// explainedAtoms is the largest molecule that is drawn and explained, in atoms.
const explainedAtoms = 300

// question is the body of POST /explain: a molecule and a task, or a row and a target. An empty task or target is chosen by the service.
type question struct {
	SMILES *string         `json:"smiles"`
	Task   string          `json:"task"`
	Row    json.RawMessage `json:"row"`
	Target string          `json:"target"`
}

// explain answers POST /explain: predictions for one molecule or row, and what contributes to one of them.
func (s *Server) explain(w http.ResponseWriter, r *http.Request) {
	st := s.acquire()
	defer st.release()
	reply, err := s.explained(w, r, st)
	if err != nil {
		fail(w, err)
		return
	}
	answer(w, 200, reply)
}

func (s *Server) explained(w http.ResponseWriter, r *http.Request, st *state) (map[string]any, error) {
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
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	var q question
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return nil, bad("want an object with smiles and task, or row and target: %v", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, bad("there is something after the object")
	}
	var reply map[string]any
	switch t := st.model.task.(type) {
	case *molecules:
		reply, err = t.explain(ctx, st.model, q)
	case *table:
		reply, err = t.explain(ctx, st.model, q)
	}
	if err == nil {
		reply["model_info"] = st.model.info()
	}
	return reply, err
}

// explain predicts a molecule and explains a task, that of the largest odds relative to the base rate if none is named.
func (m *molecules) explain(ctx context.Context, model *Model, q question) (map[string]any, error) {
	if q.SMILES == nil || q.Row != nil || q.Target != "" {
		return nil, bad(`want "smiles", and "task" or none`)
	}
	task := slices.Index(endpoints(), strings.ReplaceAll(q.Task, ".", "-"))
	if q.Task != "" && task < 0 {
		return nil, bad("task %s, want one of %s", quote(q.Task), strings.Join(endpoints(), ", "))
	}
	mol, f, err := m.one(ctx, *q.SMILES)
	if err != nil {
		return nil, err
	}
	values, all, err := model.predictByKind(ctx, f)
	if err != nil {
		return nil, err
	}
	known, pending := referenceOf(ctx, model.networks[0])
	tasks, usual := describeTasks(values, m.rates(known))
	if task < 0 {
		task = usual
	}
	e, err := model.explainers.molecules(model, m)
	if err != nil {
		return nil, err
	}
	x, err := e.Explain(ctx, mol, task)
	if err != nil {
		return nil, err
	}
	svg, err := drawing(x.Mol, x.Atoms, endpoints()[task]+": atoms that argue for (orange) and against (blue)")
	if err != nil {
		return nil, err
	}
	names, sums := x.Parts()
	var parts []map[string]any
	for k, name := range names {
		parts = append(parts, map[string]any{"name": name, "contribution": sums[k]})
	}
	reply := map[string]any{
		"smiles": *q.SMILES, "formula": mol.Formula(), "weight": mol.Weight(), "tasks": tasks, "task": endpoints()[task], "drawing": svg,
		"baseline": x.Baseline, "value": x.Value, "residual": x.Residual, "atoms": x.Atoms, "contributions": parts,
	}
	model.addKinds(reply, all, task)
	neighbour, err := m.nearest(ctx, known, mol, f)
	if err != nil {
		return nil, err
	}
	if neighbour != nil {
		reply["neighbour"] = neighbour
	}
	if pending {
		reply["pending"] = true
	}
	return reply, nil
}

// one reads a molecule that is small enough to be drawn.
func (m *molecules) one(ctx context.Context, text string) (*chem.Mol, *features, error) {
	f, err := m.read(ctx, &rows{n: 1, cells: []string{text}})
	if err != nil {
		return nil, nil, err
	}
	mol, err := parseMolecule(text)
	if err != nil {
		return nil, nil, err
	}
	if n := len(mol.Atoms()); n > explainedAtoms {
		return nil, nil, bad("a molecule of %d atoms, want at most %d", n, explainedAtoms)
	}
	if f.set == nil {
		f, err = f.part(0, 1)
	}
	return mol, f, err
}

// describeTasks describes the probabilities of a molecule, beside the shares of actives if they are not nil, and returns the task of the largest
// odds relative to its share.
func describeTasks(values, rates []float64) (tasks []map[string]any, usual int) {
	most := math.Inf(-1)
	for k, p := range values {
		t := map[string]any{"name": endpoints()[k], "probability": p}
		lift := p
		if rates != nil && rates[k] == rates[k] { // NaN without any label
			t["base_rate"] = rates[k]
			lift = logOdds(p) - logOdds(rates[k])
		}
		if lift > most {
			usual, most = k, lift
		}
		tasks = append(tasks, t)
	}
	return tasks, usual
}

// logOdds are those of a probability, finite.
func logOdds(p float64) float64 {
	p = min(max(p, 1e-9), 1-1e-9)
	return math.Log(p) - math.Log1p(-p)
}

func drawing(m *chem.Mol, weights []float64, title string) (string, error) {
	svg, err := depict.SVG(m, depict.Options{Weights: weights, Title: title})
	return string(svg), err
}

// explain predicts a row and explains a class or target, the predicted class or the first target if none is named.
func (t *table) explain(ctx context.Context, model *Model, q question) (map[string]any, error) {
	if q.Row == nil || q.SMILES != nil || q.Task != "" {
		return nil, bad(`want "row", and "target" or none`)
	}
	r, err := parseRows(slices.Concat([]byte(`{"rows":[`), q.Row, []byte(`]}`)), t.columns(), 1)
	if err != nil {
		return nil, err
	}
	f, err := t.read(ctx, r)
	if err != nil {
		return nil, err
	}
	part, err := f.part(0, 1)
	if err != nil {
		return nil, err
	}
	values, all, err := model.predictByKind(ctx, part)
	if err != nil {
		return nil, err
	}
	e, err := model.explainers.table(model, t)
	if err != nil {
		return nil, err
	}
	target := e.Usual(values)
	if q.Target != "" {
		if target = e.Target(q.Target); target < 0 {
			return nil, bad("target %s, want one of %s", quote(q.Target), strings.Join(e.Targets(), ", "))
		}
	}
	set := &datasets.Set{Name: rowsName, Features: f.all, FeatureNames: t.encoder.FeatureNames(), Tasks: t.encoder.Tasks(), Classes: t.encoder.Classes()}
	set.Labels = make([]float32, len(set.Tasks))
	for i := range set.Labels {
		set.Labels[i] = float32(math.NaN())
	}
	x, err := e.Explain(ctx, set, 0, target)
	if err != nil {
		return nil, err
	}
	var parts []map[string]any
	for k, v := range x.Contributions {
		parts = append(parts, map[string]any{"name": e.Columns()[k], "cell": r.cells[k], "contribution": v})
	}
	reply := map[string]any{
		"prediction": t.answer(values), "values": values, "targets": e.Targets(), "target": e.Targets()[target], "scale": e.Scale(), "baseline": x.Baseline, "value": x.Value,
		"residual": x.Residual, "contributions": parts,
	}
	model.addKinds(reply, all, target)
	if len(f.notes) > 0 {
		reply["notes"] = f.notes
	}
	return reply, nil
}
