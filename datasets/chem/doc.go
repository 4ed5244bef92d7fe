// Package chem represents a molecule as a graph of atoms and bonds, with implicit hydrogens, rings, Kekulé orders and aromaticity as in
// RDKit. The packages below it read molecules and turn them into numbers for a network.
//
// The steps from a text to the input of a network:
//
//  1. parse: smiles.Parse, sdf.NewReader and sdf.ParseMolfile read atoms and bonds; New takes them from your program
//  2. rings: New counts hydrogens and finds the smallest rings (Mol.Rings)
//  3. aromaticity: New replaces aromatic bonds by single and double ones, then marks aromatic atoms and bonds
//  4. canonical rank: smiles.Canonical orders the atoms independently of the input and writes a key;
//     standardize.Parent strips counter-ions and charges
//  5. fingerprint: fingerprint.ECFP and others count substructures, smarts.Pattern finds given ones,
//     descriptor.Compute measures the whole molecule
//
// Steps 2 and 3 are part of New, which every reader calls, so a *Mol is always complete. Imports go one way: chem imports none of the other
// packages; smiles, sdf and smarts import chem; standardize imports smiles; fingerprint imports smarts; descriptor imports fingerprint and
// smarts.
//
// A Mol never changes, so several goroutines may use it. For bad input, the error names the column, line or atom: smiles.SyntaxError,
// sdf.FormatError, AtomError, BondError. Everywhere, a nil *Mol is a molecule without atoms.
package chem
