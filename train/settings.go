package train

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// setting is a part of the configuration that must not change when a run is resumed.
type setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// describe returns the settings of the run. m is the machine of the first batch.
func (r *run) describe(m *machine) ([]setting, error) {
	network := fmt.Sprintf("%T", r.machines.Model)
	if spec, ok := graphs.SpecOf(r.machines.Model); ok {
		text, err := json.Marshal(spec)
		if err != nil {
			return nil, err
		}
		network = string(text)
	}
	data, err := r.sampleSum(m)
	if err != nil {
		return nil, errors.Wrap(err, "data")
	}
	validation := "none"
	if r.Validation != nil {
		validation = fmt.Sprintf("%d rows of %d", r.Validation.Len(), r.Validation.Inputs())
	}
	schedule := "none"
	if r.Schedule != nil {
		schedule = "given"
	}
	var metrics, callbacks []string
	for _, m := range append([]Metric{r.Metric}, r.Metrics...) {
		metrics = append(metrics, m.Name)
	}
	for _, s := range r.statefuls() {
		callbacks = append(callbacks, fmt.Sprintf("%T", s))
	}
	return []setting{
		{"network", network},
		{"ops of the graph", opsSum(m.Graph)},
		{"dtype", r.state.Params.Dtype().String()},
		{"loss", r.Loss.Name},
		{"batch", fmt.Sprint(r.Batch)},
		{"seed", fmt.Sprint(r.Seed)},
		{"optimizer", optimizerSettings(r.Optimizer)},
		{"schedule", schedule},
		{"data", fmt.Sprintf("%d rows of %d", r.data.Len(), r.data.Inputs())},
		{"checksum of sampled data", data},
		{"validation data", validation},
		{"metrics", strings.Join(metrics, ", ")},
		{"callbacks with a state", strings.Join(callbacks, ", ")},
	}, nil
}

// compare returns an error that lists all settings that differ from those of a checkpoint.
func compare(now, before []setting) error {
	old := map[string]string{}
	for _, s := range before {
		old[s.Name] = s.Value
	}
	var faults []string
	for _, s := range now {
		if was, ok := old[s.Name]; !ok || was != s.Value {
			faults = append(faults, fmt.Sprintf("%s: it has %s, this run %s", s.Name, orNone(was), orNone(s.Value)))
		}
	}
	if faults != nil {
		return errors.Errorf("the checkpoint is of another configuration: %s", strings.Join(faults, "; "))
	}
	return nil
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

// optimizerSettings are the type of an optimizer and its exported fields, which are its settings; among them may be the optimizer
// that it wraps.
func optimizerSettings(o any) string {
	v := reflect.Indirect(reflect.ValueOf(o))
	var fields []string
	if v.Kind() == reflect.Struct {
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if !f.IsExported() {
				continue
			}
			value := v.Field(i).Interface()
			switch f.Type.Kind() {
			case reflect.Func, reflect.Chan:
			case reflect.Pointer, reflect.Interface:
				if _, ok := value.(Optimizer); ok {
					fields = append(fields, f.Name+" "+optimizerSettings(value))
				}
			default:
				fields = append(fields, fmt.Sprintf("%s %v", f.Name, value))
			}
		}
	}
	return fmt.Sprintf("%T{%s}", o, strings.Join(fields, ", "))
}

// opsSum is a checksum of the ops of a graph and their shapes. Those of a user's own layers are known by nothing else.
func opsSum(g *graphs.Graph) string {
	var ops []string
	for _, n := range g.G.AllNodes() {
		if n.Op() == nil {
			ops = append(ops, fmt.Sprintf("%s %v", n.Name(), n.Shape()))
			continue
		}
		ops = append(ops, fmt.Sprintf("%s %v", n.Op(), n.Shape()))
	}
	slices.Sort(ops)
	sum := sha256.Sum256([]byte(strings.Join(ops, "\n")))
	return hex.EncodeToString(sum[:8])
}

// sampleSum is a checksum of as many rows as the first batch has, evenly spaced over the data.
func (r *run) sampleSum(m *machine) (string, error) {
	in := m.slot(0)
	rows := make([]int, m.Batch())
	for i := range rows {
		rows[i] = i * r.data.Len() / len(rows)
	}
	if err := r.data.Gather(rows, in.x, in.y, in.weights); err != nil {
		return "", err
	}
	h := sha256.New()
	for _, t := range []*tensor.Dense{in.x, in.y, in.weights} {
		if t == nil {
			continue
		}
		if err := binary.Write(h, binary.LittleEndian, t.Data()); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:8]), nil
}

// kernels names what computes: results are bit-equal where it is the same.
func kernels() string { return runtime.GOARCH + " " + kernel.CPU() }
