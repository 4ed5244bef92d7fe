package main

// paperRank is an average rank among the 24 methods of the paper's tables A12 and A13.
type paperRank struct{ small, large float64 }

// paperRanks are those of the methods that we have: on 75 tasks of fewer than 1,000 rows (A12) and on the 46 others (A13). Methods
// that are no networks stand for a group: the paper ranks its best member, which is NNge, Weka's NaiveBayes, SimpleLogistic, rpart2, RRFglobal and
// LibSVM.
var paperRanks = map[string]paperRank{
	"snn":        {9.6, 5.8},
	"msrainit":   {11.0, 7.1},
	"batchnorm":  {12.6, 9.7},
	"layernorm":  {11.3, 7.2},
	"weightnorm": {13.0, 8.7},
	"highway":    {11.5, 7.9},
	"resnet":     {12.3, 8.4},
	"knn":        {14.0, 14.1},
	"naivebayes": {14.6, 17.9},
	"logistic":   {9.9, 12.4},
	"tree":       {13.6, 15.5},
	"forest":     {9.6, 6.6},
	"svm":        {9.3, 6.1},
}

// paperDepths are the average numbers of hidden layers, or of blocks, that the paper's search chose on 121 tasks, as far as it gives them. Those of the
// networks that are not here are between 6.0 and 7.5.
var paperDepths = map[string]float64{"snn": 10.8, "resnet": 6.35}
