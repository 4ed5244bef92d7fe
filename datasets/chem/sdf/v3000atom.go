package sdf

import (
	"strconv"
	"strings"

	"github.com/selfnorm/selfnorm/datasets/chem"
)

// atom reads a line of the atom block: number, type, three coordinates, atom map, properties.
func (t *tableV3000) atom(words []string) error {
	if len(words) > 2 && strings.EqualFold(words[1], "NOT") { // NOT [C,N] without quotes
		words = append([]string{words[0], words[1] + words[2]}, words[3:]...)
	}
	if len(words) < 6 {
		return t.errorf("expected an atom: number, type, x, y, z, map")
	}
	number, err := strconv.Atoi(words[0])
	if err != nil || number < 0 {
		return t.errorf("%s is no number of an atom", quote([]byte(words[0])))
	}
	if _, ok := t.index[number]; ok {
		return t.errorf("second atom %d", number)
	}
	if len(t.atoms) == t.numAtoms {
		return t.errorf("more than the %d atoms announced", t.numAtoms)
	}
	for _, w := range words[2:5] {
		if _, err := strconv.ParseFloat(w, 64); err != nil {
			return t.errorf("expected an atom, but %s is no coordinate", quote([]byte(w)))
		}
	}
	a := chem.Atom{}
	if err := t.atomType(&a, words[1]); err != nil {
		return err
	}
	valence := int8(0)
	for _, w := range words[6:] {
		if err := t.atomProperty(&a, &valence, w); err != nil {
			return err
		}
	}
	t.index[number] = int32(len(t.atoms))
	t.addAtom(a, valence)
	return nil
}

// atomType reads a symbol or a list such as [C,N], NOT[C,N] or "NOT [C,N]".
func (t *tableV3000) atomType(a *chem.Atom, text string) error {
	text = strings.Trim(text, `"`)
	list, not := text, false
	if len(text) > 3 && strings.EqualFold(text[:3], "NOT") {
		list, not = strings.TrimSpace(text[3:]), true
	}
	if inner, ok := strings.CutPrefix(list, "["); ok {
		symbols := strings.Split(strings.TrimSuffix(inner, "]"), ",")
		for k, s := range symbols {
			symbols[k] = strings.TrimSpace(s)
		}
		return t.list(a, not, symbols)
	}
	return t.symbol(a, text)
}

// atomProperty reads KEY=value.
func (t *tableV3000) atomProperty(a *chem.Atom, valence *int8, text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return t.errorf("expected KEY=value, but found %s", quote([]byte(text)))
	}
	switch key = strings.ToUpper(key); key {
	case "CHG", "RAD":
		n, err := t.value(key, value)
		if err != nil {
			return err
		}
		return t.set(a, key, n)
	case "MASS":
		x, err := strconv.ParseFloat(value, 64) // RDKit takes an exact mass for a mass number too
		if err != nil || !(x >= 0 && x < 1000) {
			return t.errorf("MASS %s is not between 0 and 999", quote([]byte(value)))
		}
		return t.set(a, "ISO", int(x))
	case "VAL":
		n, err := t.value(key, value)
		if err != nil {
			return err
		}
		switch {
		case n == -1:
			*valence = 15 // as in V2000: no bonds to hydrogens
		case n < 0 || n > 15:
			return t.errorf("VAL %d is not between -1 and 15", n)
		default:
			*valence = int8(n)
		}
	case "RGROUPS":
		words := strings.Fields(strings.Trim(value, "()"))
		if len(words) < 2 {
			return t.errorf("RGROUPS: expected (1 number), but found %s", quote([]byte(value)))
		}
		n, err := t.value(key, words[1])
		if err != nil {
			return err
		}
		return t.set(a, "RGP", n)
	case "HCOUNT", "SUBST", "UNSAT", "RBCNT":
		if value != "0" {
			t.note("the query %s is ignored", key)
		}
	}
	return nil
}

// value reads a number; a missing one is 0.
func (t *tableV3000) value(key, text string) (int, error) {
	if text == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, t.errorf("%s: %s is no number", key, quote([]byte(text)))
	}
	return n, nil
}

// bondLater keeps a line of the bond block.
func (t *tableV3000) bondLater(words []string) error {
	if len(words) < 4 {
		return t.errorf("expected a bond: number, type, two atoms")
	}
	if len(t.bondWords) == t.numBonds {
		return t.errorf("more than the %d bonds announced", t.numBonds)
	}
	t.bondWords = append(t.bondWords, words[:4])
	t.bondAt = append(t.bondAt, t.next)
	return nil
}

// bondOf reads number, type and two atoms.
func (t *tableV3000) bondOf(words []string) error {
	var v [4]int
	for k, w := range words {
		var err error
		if v[k], err = strconv.Atoi(w); err != nil {
			return t.errorf("expected a bond, but %s is no number", quote([]byte(w)))
		}
	}
	begin, ok := t.index[v[2]]
	end, too := t.index[v[3]]
	switch {
	case !ok || !too:
		return t.errorf("bond between atoms %d and %d, but there is no such atom", v[2], v[3])
	case begin == end:
		return t.errorf("bond of atom %d with itself", v[2])
	}
	return t.bond(v[1], begin, end)
}
