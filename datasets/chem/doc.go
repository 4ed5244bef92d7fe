// Package chem reads molecules and turns them into numbers for a network.
//
// ParseSMILES and SDFReader give a Mol, completed and with rings and aromaticity perceived the way the RDKit does.
package chem
