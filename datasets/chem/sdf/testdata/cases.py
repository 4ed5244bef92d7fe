"""Prints molfiles of every kind of atom, bond and property, with what RDKit 2022.09.3 reads from each, as an SD file:

    python3 cases.py > cases.sdf
"""
from rdkit import Chem, RDLogger
from rdkit.Chem.rdMolDescriptors import CalcMolFormula

RDLogger.DisableLog("rdApp.*")


def show(name, block):
    mol = Chem.MolFromMolBlock(block)
    value = "error" if mol is None else CalcMolFormula(mol) + " " + Chem.MolToSmiles(mol)
    print(block, end="")
    print(f"> <case>\n{name}\n\n> <rdkit>\n{value}\n\n$$$$")


def atom(symbol, mass=0, charge=0, valence=0):
    return f"    0.0000    0.0000    0.0000 {symbol:3}{mass:2}{charge:3}  0  0  0{valence:3}"


def v2(name, atoms, bonds=((1, 2, 1),), properties=(), counts=None, header="v2\n\n\n"):
    lines = [counts or f"{len(atoms):3}{len(bonds):3}  0  0  0  0  0  0  0  0999 V2000"]
    lines += [a if len(a) > 9 else atom(a) for a in atoms]
    lines += [b if isinstance(b, str) else "%3d%3d%3d" % b for b in bonds]
    show(name, header + "\n".join([*lines, *properties, "M  END", ""]))


def v3(name, atoms, bonds=("1 1 2",), inside=(), after=(), counts=None):
    lines = ["BEGIN CTAB", counts or f"COUNTS {len(atoms)} {len(bonds)} 0 0 0", "BEGIN ATOM"]
    lines += [f"{i + 1} {a if ' 0 0 0 0' in a else a + ' 0 0 0 0'}" for i, a in enumerate(atoms)] + ["END ATOM"]
    lines += ["BEGIN BOND"] + [f"{i + 1} {b}" for i, b in enumerate(bonds)] + ["END BOND"] if bonds else []
    text = "".join(f"M  V30 {line}\n" for line in [*lines, *inside, "END CTAB", *after])
    show(name, "v3\n\n\n  0  0  0     0  0            999 V3000\n" + text + "M  END\n")


for s in "C BR CL CA SI R R1 R12 R99 R# R0 A Q X M L LP * AH D T Pol Du ZZ X1 Lr Uuo Og H n".split():
    v2("symbol " + s, [s, "C"])
for s in ("BR", "CL", "CA", "R", "R1", "R#", "A", "Q", "*", "D", "T", "Pol", "H", "Xx", "[C,N]", "NOT[C,N]", "[Cl,Br,I]", '"[C,N]"', '"NOT [N,C]"', "[Zz]"):
    v3("V3000 symbol " + s, [s, "C"])
for t in range(9):
    if t != 4:
        v2(f"bond {t}", ["N", "Fe"], [(1, 2, t)])
for t in (0, 1, 2, 3, 8, 9, 10):
    v3(f"V3000 bond {t}", ["N", "Fe"], [f"{t} 1 2"])
v3("V3000 bond 9 backwards", ["N", "Fe"], ["9 2 1"])
v2("zero order", ["N", "Fe"], properties=["M  ZBO  1   1   0"])
v2("order of another bond", ["N", "Fe"], properties=["M  ZBO  1   2   0"])
v2("order 2", ["N", "Fe"], properties=["M  ZBO  1   1   2"])
v2("zero order, charges", ["N", "Fe"], properties=["M  ZBO  1   1   0", "M  ZCH  2   1   1   2  -1"])
v2("zero order, hydrogens", ["N", "Fe"], properties=["M  ZBO  1   1   0", "M  HYD  2   1   2   2   3"])
v2("charge of the atom block", [atom("N", 0, 3), atom("C", 0, 5)])
v2("charge line", [atom("N", 0, 3), "C"], properties=["M  CHG  1   2   1"])
v2("charge line without entries", [atom("N", 0, 3), "C"], properties=["M  CHG  0"])
v2("two charge lines", ["C", "C"], properties=["M  CHG  1   2   1", "M  CHG  1   1  -1"])
v2("charge twice", ["C", "C"], properties=["M  CHG  2   2   1   2  -1"])
v2("radical line clears charges", [atom("N", 0, 3), atom("C", 0, 5)], properties=["M  RAD  1   2   2"])
v2("isotope line keeps charges", [atom("N", 0, 3), atom("C", 0, 5)], properties=["M  ISO  1   2  13"])
v2("isotopes", [atom("C", 1), atom("C", -1)], properties=["M  ISO  1   2  14"])
v2("isotope 0", [atom("C", 1), "C"], properties=["M  ISO  1   1   0"])
v2("isotope of D", ["D", "C"], properties=["M  ISO  1   1   3"])
for s in ("Fe", "BR", "Cl", "Se", "Pt", "Tc"):
    v2(f"mass of {s}", [atom(s, 1), "C"])
v2("hydrogens supersede the valence", [atom("N", 0, 0, 2), "B"], properties=["M  HYD  1   1   1"])
v2("no hydrogens supersede the valence", [atom("C", 0, 5, 15), "C"], properties=["M  HYD  1   1   0"])
v2("doublet in the atom block", [atom("C", 0, 4), "C"])
for n in (1, 3, 4, 5, 15):
    v2(f"valence {n}", [atom("C", 0, 0, n), "C"])
for n in (1, 2, 3, 4):
    v2(f"radical {n}", ["C", "C"], properties=[f"M  RAD  1   1   {n}"])
for p in ("CHG  2   2   1", "CHG  1   3   1", "CHG  1   0   1", "CHG  1   x   1", "CHG  1   1  20"):
    v2("wrong " + p, ["C", "C"], properties=["M  " + p])
v2("list", ["L", "C"], properties=["M  ALS   1  2 F C   N   "])
v2("list of one", ["L", "C"], properties=["M  ALS   1  1 F N   "])
v2("not list", ["L", "C"], properties=["M  ALS   1  2 T N   C   "])
v2("old list", ["L", "C"], properties=["  1 F    2   6   7"])
v2("list of another atom", ["L", "C"], properties=["M  ALS   3  2 F C   N   "])
v2("short list", ["L", "C"], properties=["M  ALS   1  5 F C   N   "])
v2("list of no element", ["L", "C"], properties=["M  ALS   1  2 F C   Zz  "])
v2("R group", ["R#", "C"], properties=["M  RGP  1   1   2"])
v2("alias", ["C", "C"], properties=["A    1", "M  CHG"])
v2("value", ["C", "C"], properties=["V    1 text"])
v2("skipped", ["C", "C"], properties=["S  SKP  1", "M  CHG  1   1   1"])
v2("unknown property", ["C", "C"], properties=["M  XXX  1   1   1"])
v2("no property", ["C", "C"], properties=["what is this"])
v2("one bond more", ["C", "C"], properties=["  2  1  1"])
v2("no atoms", [], [])
v2("header of four lines", ["C", "O"], header="one\ntwo\n\n\n")
v2("header of two lines", ["C", "O"], header="one\n\n")
v2("no version", ["C", "O"], counts="  2  1")
v2("other version", ["C", "O"], counts="  2  1  0  0  0  0  0  0  0  0999 V4000")
v2("counts of nothing", ["C", "O"], counts=" " * 39)
v2("fewer atoms than announced", ["C", "O"], counts="  3  1  0  0  0  0  0  0  0  0999 V2000")
v2("more atoms than announced", ["C", "O", "N"], counts="  2  1  0  0  0  0  0  0  0  0999 V2000")
v2("no coordinate", [atom("C").replace("0.0000", "x.0000", 1), "O"])
v2("bond with itself", ["C", "C"], [(1, 1, 1)])
v2("bond twice", ["C", "C"], [(1, 2, 1), (2, 1, 1)])
v2("bond of no atom", ["C", "C"], [(1, 3, 1)])
v2("aromatic ring", ["C"] * 6, [(i + 1, (i + 1) % 6 + 1, 4) for i in range(6)])
show("reaction", "$RXN\n\n\n\n  1  1\n$MOL\n")

for p in ("CHG=1 MASS=13", "CHG=-1", "CHG=20", "CHG=x", "CHG=", "MASS=0", "MASS=-1", "MASS=13.003", "RAD=1", "RAD=2", "RAD=3", "RAD=4", "VAL=1", "VAL=3",
          "VAL=-1", "VAL=0", "VAL=5", "VAL=15", "CFG=1", "HCOUNT=1", "SUBST=1", "chg=1", "CHG = 1", "NOTE=\"a b\" CHG=1", "NOTE=(3 1 2 3) CHG=1", "text", "CLASS=AA"):
    v3("V3000 " + p, ["C 0 0 0 0 " + p, "C"])
v3("V3000 R group", ["R# 0 0 0 0 RGROUPS=(1 2)", "C"])
v3("V3000 bond properties", ["C", "C"], ["1 1 2 CFG=1"])
v3("V3000 several ends", ["C", "*"], ["1 1 2 ENDPTS=(2 1 2) ATTACH=ANY"])
v3("V3000 continued", ["C 0 0 0 0 -\nM  V30 CHG=1", "C"])
v3("V3000 continued in a word", ["C 0 0 0 0 CH-\nM  V30 G=1", "C"])
v3("V3000 continued by nothing", ["C 0 0 0 0 -\nCHG=1", "C"])
v3("V3000 collection", ["C", "C"], inside=["BEGIN COLLECTION", "MDLV30/STEABS ATOMS=(1 1)", "END COLLECTION"])
v3("V3000 group", ["C", "C"], inside=["BEGIN SGROUP", "1 SUP 0 ATOMS=(1 1) LABEL=x", "END SGROUP"], counts="COUNTS 2 1 1 0 0")
v3("V3000 link", ["C", "C", "C"], ["1 1 2", "1 2 3"], inside=["LINKNODE 1 4 2 2 1 2 3"])
v3("V3000 template atom", ["Ala 0 0 0 0 CLASS=AA", "C"])
v3("V3000 more announced", ["C", "C"], counts="COUNTS 3 1 0 0 0")
v3("V3000 fewer announced", ["C", "C"], counts="COUNTS 1 1 0 0 0")
v3("V3000 short counts", ["C", "C"], counts="COUNTS 2 1")
v3("V3000 no atoms", [], [])
v3("V3000 one atom", ["C"], [])
v3("V3000 atom without map", ["C 0 0 0", "C"])
v3("V3000 bond with itself", ["C", "C"], ["1 1 1"])
v3("V3000 bond twice", ["C", "C"], ["1 1 2", "1 2 1"])
v3("V3000 bond of no atom", ["C", "C"], ["1 1 3"])
v3("V3000 short bond", ["C", "C"], ["1 1"])
v3("V3000 bonds first", ["C", "C"], [], inside=["BEGIN BOND", "1 1 1 2", "END BOND"], counts="COUNTS 2 1 0 0 0")
v3("V3000 charge and valence", ["N 0 0 0 0 CHG=1 VAL=4", "C"])
v3("V3000 aromatic ring", ["C"] * 6, [f"4 {i + 1} {(i + 1) % 6 + 1}" for i in range(6)])
for s in ("c1cc[nH]c1", "C[N+](C)(C)CC([O-])=O", "[13CH3][C@H](N)[O]", "C/C=C\\C#N", "[NH3]->[Cu+2]<-[NH3]", "*c1ccc([2H])cc1"):
    mol = Chem.MolFromSmiles(s)
    show("V3000 of " + s, Chem.MolToMolBlock(mol, forceV3000=True))
