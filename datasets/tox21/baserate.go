package tox21

import (
	"github.com/pkg/errors"
)

// BaseRates returns for each task the share of actives among those of the given compounds that were measured, or 0.5 if none was. It
// returns an error if a row index is out of range.
func (d *Data) BaseRates(rows []int) (rate [NumTasks]float64, err error) {
	if err := d.checkRows(rows); err != nil {
		return rate, err
	}
	var sum, n [NumTasks]float64
	for _, r := range rows {
		for t, v := range d.Compounds[r].Labels {
			if v == v {
				sum[t] += float64(v)
				n[t]++
			}
		}
	}
	for t := range rate {
		if rate[t] = 0.5; n[t] > 0 {
			rate[t] = sum[t] / n[t]
		}
	}
	return rate, nil
}

// checkRows returns an error that names the first row that does not exist.
func (d *Data) checkRows(rows []int) error {
	n := len(d.list())
	for _, r := range rows {
		if r < 0 || r >= n {
			return errors.Errorf("tox21: row %d of %d compounds", r, n)
		}
	}
	return nil
}

// FillUnreadable replaces the predictions for unreadable compounds by the given rates, usually BaseRates(TrainRows()).
// probabilities has one row of twelve for each of rows. It returns how many rows it replaced, or an error, with nothing
// replaced, if the sizes differ or a row index is out of range.
func (d *Data) FillUnreadable(probabilities []float32, rows []int, rates [NumTasks]float64) (int, error) {
	if len(probabilities) != len(rows)*NumTasks {
		return 0, errors.Errorf("tox21: %d predictions for %d rows of %d tasks", len(probabilities), len(rows), NumTasks)
	}
	if err := d.checkRows(rows); err != nil {
		return 0, err
	}
	filled := 0
	for i, r := range rows {
		if d.Compounds[r].Mol != nil {
			continue
		}
		filled++
		for t, v := range rates {
			probabilities[i*NumTasks+t] = float32(v)
		}
	}
	return filled, nil
}
