"""Writes RDKit's descriptors and atom pairs of molecules as CSV.

    python3 descriptors.py < molecules.smi | gzip > rdkit_descriptors.csv.gz

The input has one SMILES a line. The columns of the output are smiles, RDKit's descriptors under their names (without Ipc)
to ten digits, empty where RDKit fails, and atom_pairs (identifier:count, separated by spaces). SMILES that RDKit does
not read are left out.
"""

import csv
import math
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem import Descriptors, rdMolDescriptors

RDLogger.DisableLog("rdApp.*")
DESCRIPTORS = [(name, f) for name, f in Descriptors.descList if name != "Ipc"]


def value(f, mol):
    try:
        v = f(mol)
    except Exception:
        return ""
    return "" if math.isnan(v) else f"{v:.10g}"


out = csv.writer(sys.stdout, lineterminator="\n")
out.writerow(["smiles"] + [name for name, _ in DESCRIPTORS] + ["atom_pairs"])
for line in sys.stdin:
    smiles = line.rstrip("\n")
    mol = Chem.MolFromSmiles(smiles)
    if mol is None or mol.GetNumAtoms() == 0:
        continue
    pairs = rdMolDescriptors.GetAtomPairFingerprint(mol).GetNonzeroElements()
    out.writerow(
        [smiles]
        + [value(f, mol) for _, f in DESCRIPTORS]
        + [" ".join(f"{k}:{n}" for k, n in sorted(pairs.items()))]
    )
