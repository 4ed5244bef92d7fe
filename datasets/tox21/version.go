package tox21

// FeaturesVersion is the version of the features that a Featurizer computes. Results of other versions are not comparable.
const FeaturesVersion = featurizerVersion
