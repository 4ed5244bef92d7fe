package classics_test

import (
	"fmt"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/classics"
)

func ExampleIris() {
	set, err := classics.Iris()
	if err != nil {
		panic(err)
	}
	fmt.Println(set.FeatureNames, set.Classes)
	fmt.Println(len(set.Rows(datasets.Train)), len(set.Rows(datasets.Test)))
	// Output:
	// [sepal length sepal width petal length petal width] [setosa versicolor virginica]
	// 120 30
}
