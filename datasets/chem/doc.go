// Package chem reads molecules and turns them into numbers for a network.
//
// ParseSMILES, ParseMolfile and SDFReader give a Mol: a graph of atoms and bonds, completed with implicit hydrogens, rings,
// Kekulé orders and aromaticity the way the RDKit does. Mol.Parent strips salts and charges, Mol.CanonicalSMILES is a key
// that does not depend on how a molecule was written.
//
// ECFP, FCFP and AtomPairs count substructures, MACCS and ParseSMARTS look for given ones, Descriptors and
// Autocorrelation2D measure the whole molecule.
//
// A Mol is never changed after parsing, so it may be used by several goroutines. Bad input is an error that names the
// column, line or atom: SyntaxError, FormatError, AtomError.
package chem
