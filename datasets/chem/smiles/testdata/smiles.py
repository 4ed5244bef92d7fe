"""Writes rdkit_smiles.csv: the formula that RDKit gives for a text, or "error" if it does not read it.

    zcat public_oracle.csv.gz | python3 smiles.py > rdkit_smiles.csv

The texts are unusual SMILES, and those of the first column of the input with one to three symbols changed. Made with RDKit 2022.09.3.
Left out are the differences that the documentation names: molecules that RDKit cannot read again in their Kekulé structure, bonds ~, aromatic
bonds outside rings, text behind a blank, and numbers beyond the limits.
"""
import csv
import random
import re
import sys

from rdkit import Chem, RDLogger
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

RDLogger.DisableLog("rdApp.*")
random.seed(11)
UNUSUAL = r"""
C~C [Uuo] [Uub] [Uut] [Uuq] [Uup] [Uuh] [Uus] [Uun] [Uuu] [Og] [Ts] [Lv] [Cn] [Fl] [Mc] [Nh] [D] [T] C->N C<-N [Fe]<-N N->[Fe] [NH3]->[Fe] C$C C$$C
[#6] [#6H4] [#0] [#118] [#119] [#112] [#999] C%(100)CC%(100) C%(1)CC%(1) C%(01)CC%(01) C%(99999)CC%(99999) C%(100000)CC%(100000) C%00CC%00 C%01CC%01
C%1CC%1 [C@TH1](F)(Cl)(Br)I [C@TH3](F)(Cl)(Br)I [C@TH](F)(Cl)(Br)I [C@AL1](F)=C=C [C@AL3](F)=C=C F[Pt@SP1](Cl)(Br)I F[Pt@SP4](Cl)(Br)I
F[Pt@SP](Cl)(Br)I S[As@TB1](F)(Cl)(Br)N S[As@TB20](F)(Cl)(Br)N S[As@TB21](F)(Cl)(Br)N S[Co@OH1](F)(Cl)(Br)(I)N S[Co@OH30](F)(Cl)(Br)(I)N
S[Co@OH31](F)(Cl)(Br)(I)N c1cnccn#1 Oc1cccc#c1 Oc1cccc#1 c1ccccc#1 c1ccc#cc1 c1cc#ccc1 c1#cc#cc#c1 C1=CC#CC=C1 c1#ccccc1 c1=cc=cc=c1 c1-cc=cc=c1
c1c#ccs1 C1#CC=CC=C1 c1ccc2c#cccc2c1 n1#nccc1 c1cc=cc=c1 [CH5] [C+5] [C+15] [C+16] [C----] [C+++] [C++--] [999C] [1000C] [0C] [00C] [13C@H] [C@@@H]
[CH0] [CH10] [CH99] [C:0] [C:999] [C:1000] [C:9999999] [C:] [:1] [] [H] [HH] [HH2] [H2] [H][H] [H+] [H-] [1H] [2H] [H:1] [2H:1] [*H] [*H2+] * ** *=*
[*+] [R] [R1] [X] [A] [a] [Q] C&1CC&1 C!C C@C C=/C C/=C C//C C/C=C/ C\\C C-- C(-)C C(=O C.=C C(.C) C(.)C C(C.C)C .C C. C..C (C) (C)C ((C))C C((C)C)
C()C C(C)(C)C C1.C1 C1CC=1 C=1CC-1 C=1CC#1 C-1CC=1 C/1CC=1 C:1CC:1 C11 C1C1 C1CC1C1 C12CC12 cc ccc c1cc1 c1ccc1 c1cccc1 c1ccccc1 c1cccccc1 n1cccc1
[nH]1cccc1 [n]1cccc1 [n-]1cccc1 s1cccc1 p1cccc1 [pH]1cccc1 b1ccccc1 [bH]1ccccc1 [si]1ccccc1 [siH]1ccccc1 [as]1ccccc1 [te]1cccc1 [se]1cccc1 [ge]1ccccc1
[al] [sn]1ccccc1 [sb]1ccccc1 se1cccc1 si Si [Xe] [xe] Xe Na [na] [NA] CL BR cl br C:C C:1:C:C:C:C:C1 c:c C1:C:C:C:C:C:1 c1c:cccc1 [te] [cH2] c=O
O=c1cccc[nH]1 O=c1ccccn1 c1ccc[nH]c1 C[n+]1ccccc1 [n+]1ccccc1 [nH+]1ccccc1 O=n1ccccc1 [O-][n+]1ccccc1 N(=O)(=O)C CN(=O)=O C[N](=O)=O C[N+](=O)[O-]
CN=N#N C[N-][N+]#N FC(F)(F)(F)F O(C)(C)C [OH3+] Cl(C)C ClC=Cl S(C)(C)(C)C S(F)(F)(F)(F)(F)F S(F)(F)(F)(F)(F)(F)F P(F)(F)(F)(F)F I(Cl)(Cl)Cl [I-](I)I
BrBr(Br)Br [Cl](=O)(=O)(=O)O B(C)(C)(C)C [B-](C)(C)(C)C N(C)(C)(C)C [NH5] [OH4+] [He]C [Na]C [Na](C)C [Na+]C [Li](C)(C)C [Al](C)(C)(C)C [Zn](C)(C)(C)C
[H]C([H])([H])([H])[H] [H]([H])[H] C[H]C [Fe]C=O C1%10CC1CC%10 c1(c(c1)) C%(10)CC%10 C[2] {C} C^C C;C C,C C_C |C| C'C C`C C<C C>C C>>C C->->C C<->C
C=-C C-=C C-1-CC-1 C%-1 C%( C%() C%(a)CC%(a) [C [C@ [C@@ [CH [C+ [C- [C: [C:1 [13 [13] C] [[C]] [C]] [C[C]] [c+]1cccccc1 [cH+]1cccccc1 [cH-]1cccc1
[c-]1cccc1 [CH-]1C=CC=C1 c1cc[cH-]c1
""".split()
SYMBOLS = r"""
c C n N o O s S F Cl Br I P p B b [nH] [N+] [n+] [O-] [C@@H] [C@H] = # - / \ $ : ( ) 1 2 3 %10 %(12) . [Se] [se] * [H] [2H] [Na+] [#6] -> <- [Si] [si] [te] [as]
[CH2] [CH] [C] [c] [cH] [n] [B-] [P+] [S+] [s+] [o+] [C-] [c-] [cH-] [N-] [n-] [Fe] [Zn+2] [U] [Uub]
""".split()
BEYOND = {"[C+16]", "[1000C]", "[00C]", "C:C"}


def mutate(smiles):
    parts = re.findall(r"\[[^\]]*\]|Cl|Br|%\d\d|.", smiles)
    for _ in range(random.choice([1, 1, 1, 2, 3])):
        i, kind = random.randrange(len(parts)), random.random()
        if kind < 0.25 and len(parts) > 1:
            del parts[i]
        elif kind < 0.5:
            parts.insert(i, random.choice(SYMBOLS))
        elif kind < 0.8:
            parts[i] = random.choice(SYMBOLS)
        else:
            j = random.randrange(len(parts))
            parts[i], parts[j] = parts[j], parts[i]
    return "".join(parts)


def formula(smiles):
    """The formula, "error", or None for a documented difference."""
    if "~" in smiles or smiles in BEYOND:
        return None
    mol = Chem.MolFromSmiles(smiles)
    if mol is None:
        return "error"
    if any(b.GetIsAromatic() and not b.IsInRing() or str(b.GetBondType()) == "AROMATIC" and not b.GetIsAromatic() for b in mol.GetBonds()):
        return None
    kekule = Chem.Mol(mol)
    try:
        Chem.Kekulize(kekule, clearAromaticFlags=True)
    except Chem.KekulizeException:
        return None
    if Chem.MolFromSmiles(Chem.MolToSmiles(kekule, kekuleSmiles=True)) is None:
        return None
    return CalcMolFormula(mol)


source = [row["smiles"] for row in csv.DictReader(sys.stdin) if len(row["smiles"]) < 60]
rows, read, refused = csv.writer(sys.stdout, lineterminator="\n"), 0, 0
rows.writerow(["smiles", "formula"])
for smiles in UNUSUAL:
    if (f := formula(smiles)) is not None:
        rows.writerow([smiles, f])
while read < 400 or refused < 200:
    smiles = mutate(random.choice(source))
    f = formula(smiles)
    if f is None or f == "error" and refused == 200 or f != "error" and read == 400:
        continue
    read, refused = read + (f != "error"), refused + (f == "error")
    rows.writerow([smiles, f])
