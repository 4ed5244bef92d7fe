package stats_test

import (
	"fmt"
	"os"

	"github.com/selfnorm/selfnorm/train/stats"
)

func ExampleWilcoxon() {
	// Accuracies of two methods on eight data sets.
	snn := []float64{0.912, 0.881, 0.743, 0.968, 0.655, 0.821, 0.790, 0.934}
	other := []float64{0.903, 0.884, 0.730, 0.950, 0.631, 0.806, 0.795, 0.901}
	r, err := stats.Wilcoxon{Alternative: stats.Greater, Resolution: 1e-3}.Paired(snn, other)
	fmt.Printf("V = %g, p = %.4f, exact %v, error %v\n", r.Plus, r.P, r.Exact, err)
	// Output: V = 33, p = 0.0195, exact true, error <nil>
}

func ExampleScores_Compare() {
	s := stats.Scores{
		Methods:  []string{"ReLU", "SNN"},
		DataSets: []string{"iris", "wine", "glass", "zoo", "yeast", "heart"},
		Values:   [][]float64{{0.92, 0.97}, {0.93, 0.99}, {0.61, 0.74}, {1.00, 0.92}, {0.617, 0.631}, {0.80, 0.82}},
	}
	comparison, err := s.Compare("SNN", stats.Wilcoxon{})
	if err != nil {
		fmt.Println(err)
		return
	}
	stats.ComparisonTable(comparison).Text(os.Stdout)
	// Output:
	// method  average rank  rank difference  won by reference  ties  lost        p
	// ------  ------------  ---------------  ----------------  ----  ----  -------
	// SNN            1.167           -0.333                 0     0     0        -
	// ReLU           1.833           +0.333                 5     0     1  3.1e-01
}

func ExampleTable_Markdown() {
	t := stats.Table{Columns: []stats.Column{{Name: "method"}, {Name: "layers"}, {Name: "AUC", Format: "%.3f"}}}
	t.Add("SNN", 8, 0.8454)
	t.Add("ResNet", 16, 0.8)
	t.Markdown(os.Stdout)
	// Output:
	// | method | layers |   AUC |
	// | ------ | -----: | ----: |
	// | SNN    |      8 | 0.845 |
	// | ResNet |     16 | 0.800 |
}

func ExampleDescribe() {
	s, _ := stats.Describe([]float64{0.981, 0.973, 0.992, 0.974})
	fmt.Println(s)
	// Output: 0.9800 ± 0.0088
}
