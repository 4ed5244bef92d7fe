package main

import (
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/internal/pipe"
)

// published is an entry of the paper's table, in percent.
type published struct{ mean, deviation float64 }

// key names an entry.
func key(net string, layers int) string { return fmt.Sprint(net, "/", layers) }

// maxPaper is the greatest length of the file, far beyond that of the table.
const maxPaper = 1 << 20

// readPaper reads the paper's table: the file of -paper, or the one beside the data if there is one, or returns nil.
func readPaper(path string) (map[string]published, error) {
	asked := path != ""
	if !asked {
		path = filepath.Join(os.Getenv(datasets.DataVar), "paper", "tox21_auc.csv")
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
	if len(records) < 2 || strings.Join(records[0], ",") != "method,layers,mean_auc_percent,std_percent" {
		return nil, errors.Errorf("%s: want a header method,layers,mean_auc_percent,std_percent", path)
	}
	all := map[string]published{}
	for i, record := range records[1:] {
		layers, err1 := strconv.Atoi(record[1])
		var p published
		var err2, err3 error
		if record[2] != "" {
			p.mean, err2 = strconv.ParseFloat(record[2], 64)
			p.deviation, err3 = strconv.ParseFloat(record[3], 64)
			all[key(strings.ToLower(record[0]), layers)] = p
		}
		if err1 != nil || err2 != nil || err3 != nil {
			return nil, errors.Errorf("%s, line %d: %q is no method, layers, mean and standard deviation", path, i+2, record)
		}
	}
	return all, nil
}
