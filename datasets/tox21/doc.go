// Package tox21 loads the Tox21 Data Challenge of 2014: twelve toxicity assays (seven nuclear receptors, five stress
// responses) over 12,060 training and 647 test compounds, as used by DeepTox (Mayr et al. 2016) and by the paper on
// self-normalizing networks (Klambauer et al. 2017).
//
//	data, err := tox21.Load(ctx, tox21.Options{})       // compounds: molecules, labels, official split; built in
//	raw, err := tox21.Compute(ctx, data.Mols(), nil, 0) // substructure counts and descriptors
//	fit, val, err := data.ValidationSplit(0)            // no parent molecule on both sides
//	f, err := raw.Fit(fit)                              // columns and scale from these compounds only
//	features, err := f.Features(raw)
//	set, err := data.Set(features, f.Names())
//
// datasets.Open("tox21", ...) does this in one call, fitted on all training compounds. The name "tox21-descriptors" opens the official
// descriptor matrices instead, which require files.
//
// The compounds are embedded in the program (data/README.md gives their origin); a folder with the published files takes precedence.
//
// # Compounds that cannot be read
//
// A few drawings are not valid molecules. Such compounds stay in [Data], with a nil Mol and the reason, and are listed in Set.Skipped. They
// are excluded from training and validation. Those of the test part stay in the evaluation, because published results are on all 647 rows;
// their prediction is the share of actives among the training compounds ([Data.BaseRates], [Data.FillUnreadable]).
package tox21
