"""Writes what RDKit perceives in molecules, and their Morgan identifiers, as CSV.

    python3 rings.py < molecules.smi | gzip > rdkit_rings.csv.gz

The input has one SMILES a line. The columns of the output are smiles, atoms, formula, ring_sizes (of the symmetrized SSSR,
rising), aromatic (one digit per atom), morgan_r0 to morgan_r2 (GetMorganFingerprint, identifier:count).
SMILES that RDKit does not read are left out.
"""

import csv
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem import rdMolDescriptors

RDLogger.DisableLog("rdApp.*")
out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["smiles", "atoms", "formula", "ring_sizes", "aromatic"] + [f"morgan_r{r}" for r in range(3)])
for line in sys.stdin:
    smiles = line.rstrip("\n")
    mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        continue
    prints = [rdMolDescriptors.GetMorganFingerprint(mol, r).GetNonzeroElements() for r in range(3)]
    out.writerow(
        [smiles, mol.GetNumAtoms(), rdMolDescriptors.CalcMolFormula(mol)]
        + [" ".join(str(n) for n in sorted(len(r) for r in mol.GetRingInfo().AtomRings()))]
        + ["".join(str(int(a.GetIsAromatic())) for a in mol.GetAtoms())]
        + [" ".join(f"{k}:{n}" for k, n in sorted(p.items())) for p in prints]
    )
