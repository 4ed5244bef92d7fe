"""Writes rdkit_smarts.csv: how often RDKit finds patterns in molecules, or "error" for what it does not read.

    python3 smarts.py > rdkit_smarts.csv

Made with RDKit 2022.09.3. Left out are the differences that the documentation of Parse names.
"""
import csv
import sys

from rdkit import Chem, RDLogger

RDLogger.DisableLog("rdApp.*")
MOLECULES = [
    "CC(=O)Nc1ccc(cc1)[N+](=O)[O-].[Na+].[2H]C1CC1", "C[C@H](N)C(=O)O", "F/C=C/Cl", "c1ccc2[nH]c(-c3ccncc3)cc2c1",
    "OCC1OC(O)C(O)C(O)C1O", "C1CC2CCC1CC2", "[O-]S(=O)(=O)c1ccccc1", "*C#N", "C1CC12CC2", "FC(F)(F)C(Cl)Br", "c1cc[se]c1", "[13CH3][NH3+]",
]
PATTERNS = r"""
C c A a * [#6] [C,N] [!C] [!#6!#1] [C;H1] [CH3] [cH] [nH] [n;H0] [NX3;H2,H1;!$(NC=O)] [$([CX3](=O)[OX2H1])] [D1] [D2] [D3] [X4] [X3] [v4] [v3] [h] [h1] [H] [2H] [H+]
[R] [R0] [R1] [R2] [R3] [r] [r3] [r5] [r6] [!r] [x] [x2] [x3] [x4] [+] [-] [+0] [--] [13C] [13*] [0*] [2#1] [se] [Se] [#34] [Cl,Br] [CH3:1] [!!C]
CC C-C C=C C#N C~C C:C c:c c-c cc c!:c C@C C!@C C-,=C C!-C C-@C C@@C C-&@C C-;!@C *~*~* *=* C(=O)O C(=O)[O,N] C(C)(C)C CC(C)C C1CC1 *1~*~*~*~*~*~1
c1ccccc1 C%12CC%12 C%(100)CC%(100) [Na].C C.C.O C(C.O)N C1.C1 [$(CO)] [$(C(O)C)] [C$(C=O)$(CN)] [$([$(C)]C)] [!$(C~O)]C [$(C1CC1)]
[C@H](C)N [C@@H](C)N [C@](F)(Cl)Br [C@TH1H] [C@AL2] [C@SP1] [C@TB] [C@OH1] [C@;H1] [!@C] [@] [N,@@C] [@@H] F/C=C/Cl F/C=C\Cl F\C=C\Cl C/C C-/C c/c c!/c C/,=C
CQ Q [Q] [C [] C] C( C) (C)C C() C((C)C) C(.C) C. .C C..C C1CC C11 C1C1 C%0CC C%00CC%00 =C C= C=(C)C C!C C-!C [C,] [,C] [C;] [C&] [C!] [!] [C;;N] [$()] [$C] $ (C).(C) C>>C [#] [##6] [C:] [C:1:2] se [al] [k3] _C C!!-C
[*;R1;D2] [#6;R1]@[#6;R2] [O;D1]~*~[O;D1] [C;H2]([C;H2])[C;H2] N~*~*~*~N [C,c]~[N,n] [#7,#8;!H0] [$(*~[O,N]);!#6] [a;r5] [a]1[a][a][a][a]1 [n;r6] [c;R2] [C;X4;!R] [C^] *!@*@*
""".split()

rows = csv.writer(sys.stdout, lineterminator="\n")
rows.writerow(["smarts", "smiles", "matches"])
for smarts in PATTERNS:
    pattern = Chem.MolFromSmarts(smarts)
    for smiles in MOLECULES:
        matches = "error" if pattern is None else len(Chem.MolFromSmiles(smiles).GetSubstructMatches(pattern))
        rows.writerow([smarts, smiles, matches])
        if pattern is None:
            break
