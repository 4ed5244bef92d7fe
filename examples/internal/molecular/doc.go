// Package molecular holds the files of examples/tox21: their networks, the featurizer of molecules, and the members of an ensemble that are no networks, such as
// the nearest neighbours. It trains, saves and reads those members and combines the predictions of all kinds, for the program and for the service.
package molecular
