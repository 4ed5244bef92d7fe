package optim

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
)

// Describe returns the name and all settings of a rule, with defaults filled in, such as "adam: rate 0.001, beta1 0.9, ...". Two rules of
// this package have equal descriptions if and only if they are equivalent. Checkpoints store the description, so that a resumed run can
// report what has changed. For your own rule, Describe lists the exported fields.
func Describe(rule Rule) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%T", rule)
		}
	}()
	rule, err := valueOfRule(rule)
	if err != nil {
		return "none"
	}
	if c, ok := rule.(ClipNorm); ok {
		return fmt.Sprintf("clip norm: max %v, rule (%s)", c.Max, Describe(c.Rule))
	}
	if a, ok := rule.(AllRows); ok {
		return fmt.Sprintf("all rows: rule (%s)", Describe(a.Rule))
	}
	var fields []string
	if s, ok := rule.(interface{ settings() []setting }); ok && reflect.TypeOf(rule).PkgPath() == reflect.TypeFor[Adam]().PkgPath() {
		for _, s := range s.settings() {
			fields = append(fields, fmt.Sprintf("%s %v", s.name, s.value))
		}
		return rule.Name() + ": " + strings.Join(fields, ", ")
	}
	return fmt.Sprintf("%T of %s: %s", rule, rule.Name(), strings.Join(exported(reflect.ValueOf(rule)), ", "))
}

// exported lists the exported fields of a struct that are numbers, strings, bools, pointers to these, or rules.
func exported(v reflect.Value) (fields []string) {
	if v = reflect.Indirect(v); v.Kind() != reflect.Struct {
		return nil
	}
	for i := range v.NumField() {
		f, x := v.Type().Field(i), v.Field(i)
		if !f.IsExported() {
			continue
		}
		if r, ok := x.Interface().(Rule); ok {
			fields = append(fields, fmt.Sprintf("%s (%s)", f.Name, Describe(r)))
			continue
		}
		if x.Kind() == reflect.Pointer && x.IsNil() {
			fields = append(fields, f.Name+" default")
			continue
		}
		switch x = reflect.Indirect(x); x.Kind() {
		case reflect.Func, reflect.Chan, reflect.Pointer, reflect.Interface, reflect.UnsafePointer, reflect.Map, reflect.Struct:
		default:
			fields = append(fields, fmt.Sprintf("%s %v", f.Name, x.Interface()))
		}
	}
	return fields
}

// DescribeFormer returns the description of a rule from the form in which checkpoints of version 0.1 store it: "*train.Adam{Rate 0.001,
// Beta1 0, Beta2 0, Eps 0, L2 0}", where 0 meant the default. ok is false if text does not have this form.
func DescribeFormer(text string) (description string, ok bool) {
	rule, rest, ok := parseFormer(text, 0)
	if !ok || rest != "" {
		return "", false
	}
	return Describe(rule), true
}

// parseFormer reads a rule at the beginning of text. A ClipNorm may hold another, up to a depth.
func parseFormer(text string, depth int) (rule Rule, rest string, ok bool) {
	text, ok = strings.CutPrefix(text, "*train.")
	name, text, ok2 := strings.Cut(text, "{")
	if !ok || !ok2 || depth > 8 {
		return nil, "", false
	}
	if name == "ClipNorm" {
		text, ok = strings.CutPrefix(text, "Optimizer ")
		if !ok {
			return nil, "", false
		}
		inner, text, ok := parseFormer(text, depth+1)
		text, ok2 := strings.CutPrefix(text, ", Max ")
		number, rest, ok3 := strings.Cut(text, "}")
		limit, err := strconv.ParseFloat(number, 64)
		return ClipNorm{Rule: inner, Max: limit}, rest, ok && ok2 && ok3 && err == nil
	}
	fields, rest, ok := strings.Cut(text, "}")
	for _, n := range known() {
		if t := reflect.TypeOf(n.make(0, 0)); t.Kind() == reflect.Struct && t.Name() == name && ok {
			v := reflect.New(t).Elem()
			for _, field := range strings.Split(fields, ", ") {
				if !setField(v, field) {
					return nil, "", false
				}
			}
			return v.Interface().(Rule), rest, true
		}
	}
	return nil, "", false
}

// setField sets a field of a rule from "Name value".
func setField(rule reflect.Value, text string) bool {
	name, value, ok := strings.Cut(text, " ")
	f := rule.FieldByName(name)
	if !ok || !f.IsValid() || !f.CanSet() {
		return false
	}
	if f.Kind() == reflect.Bool {
		on, err := strconv.ParseBool(value)
		f.SetBool(on)
		return err == nil
	}
	x, err := strconv.ParseFloat(value, 64)
	switch p := f.Addr().Interface().(type) {
	case *float64:
		*p = x
	case **float64:
		if x != 0 {
			*p = &x
		}
	default:
		return false
	}
	return err == nil
}
