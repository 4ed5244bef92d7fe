package main

import (
	"encoding/csv"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/pipe"
	"github.com/selfnorm/selfnorm/train/stats"
)

// paperTable is the paper's table A11: test accuracies by task and network.
type paperTable struct {
	nets   []string // in lower case
	values map[string][]float64
}

// maxPaper is the greatest length of the file, far beyond that of the table.
const maxPaper = 1 << 24

// readPaper reads the table of -paper, or the one beside the data if there is one, or returns nil.
func readPaper(path string) (*paperTable, error) {
	asked := path != ""
	if !asked {
		path = filepath.Join(os.Getenv(datasets.DataVar), "paper", "uci_accuracy.csv")
	}
	f, err := pipe.Open(path)
	if err != nil {
		if asked {
			return nil, err
		}
		return nil, nil
	}
	defer f.Close()
	records, err := csv.NewReader(io.LimitReader(f, maxPaper)).ReadAll()
	if err != nil {
		return nil, errors.Wrap(err, path)
	}
	if n, err := f.Read(make([]byte, 1)); n > 0 || err != io.EOF {
		return nil, errors.Errorf("%s: the file is longer than the limit of %d bytes", path, maxPaper)
	}
	if len(records) < 2 || len(records[0]) < 4 || records[0][0] != "dataset" {
		return nil, errors.Errorf("%s: want a header dataset, n, m and one column for each network", path)
	}
	p := &paperTable{values: map[string][]float64{}}
	for _, name := range records[0][3:] {
		p.nets = append(p.nets, strings.ToLower(name))
	}
	for i, record := range records[1:] {
		for _, text := range record[3:] {
			v := math.NaN()
			if text != "" {
				if v, err = strconv.ParseFloat(text, 64); err != nil {
					return nil, errors.Errorf("%s:%d: %q is not a number", path, i+2, text)
				}
			}
			p.values[record[0]] = append(p.values[record[0]], v)
		}
	}
	return p, nil
}

// accuracy is the paper's figure, or NaN if there is none.
func (p *paperTable) accuracy(task, net string) float64 {
	k := slices.Index(p.nets, net)
	if k < 0 || p.values[task] == nil {
		return math.NaN()
	}
	return p.values[task][k]
}

// has reports whether the table has a network.
func (p *paperTable) has(net string) bool { return slices.Contains(p.nets, net) }

// mix returns our accuracies of some networks beside the paper's of the others, all rounded as the paper's are, on the tasks for which the paper has
// those of all networks.
func (p *paperTable) mix(ours *stats.Scores, isOurs func(net string) bool) *stats.Scores {
	s := &stats.Scores{Methods: ours.Methods}
	for i, task := range ours.DataSets {
		row := make([]float64, len(s.Methods))
		complete := true
		for k, net := range s.Methods {
			row[k] = p.accuracy(task, net)
			complete = complete && !math.IsNaN(row[k])
			if isOurs(net) {
				row[k] = math.Round(ours.Values[i][k]*1e4) / 1e4
			}
		}
		if complete {
			s.DataSets, s.Values = append(s.DataSets, task), append(s.Values, row)
		}
	}
	return s
}

// scores are the paper's figures for the tasks and networks of ours.
func (p *paperTable) scores(ours *stats.Scores) *stats.Scores {
	s := &stats.Scores{Methods: ours.Methods, DataSets: ours.DataSets}
	for _, task := range s.DataSets {
		var row []float64
		for _, net := range s.Methods {
			row = append(row, p.accuracy(task, net))
		}
		s.Values = append(s.Values, row)
	}
	return s
}
