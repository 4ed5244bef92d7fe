package main

import (
	"regexp"
	"strings"
)

// pattern is a habit that gives a translation away.
type pattern struct {
	find   *regexp.Regexp
	unless *regexp.Regexp // uses that are good English; may be nil
	advice string
}

func re(text string) *regexp.Regexp { return regexp.MustCompile(text) }

// patterns are matched against one sentence each, without the quotes or stars it begins with.
var patterns = []pattern{
	{re(`^Of `), re(`^Of (returns|assigns|reports|course|these|those|the (\d+|two|three|four|five|six|seven|eight|nine|ten|hundred))\b`), `begin with the subject, not with "Of ..."`},
	{re(`\b[Oo]ne's\b`), nil, `write "your" for "one's"`},
	{re(`\b(is|are|was|were) to be\b`), re(`\b(aim|goal|idea|job|point|purpose|task|trick) (is|was) to be\b`), `write "must be" or an imperative for "are to be"`},
	{re(`\b(tell|tells|told|say|says|said) of\b`), nil, `write "reports" or "describes" for "tells of"`},
	{re(`^\w+ (says|tells) (that|whether|which|what|how|where|when|if)\b`), re(`^(It|He|She|This|That|Who|Nobody|Everybody|[Tt]he) `), `write "reports whether", "determines" or "means" for "X says that"`},
	{re(`\b[Aa]part\b`), re(`\b[Aa]part from\b|s apart\b|\b(far|close|wide|them|it|set|take|fall) apart\b|\b(tell|tells|told|telling|keep|keeps|kept|hold|holds|held)\b.* apart\b`), `write "separately" for "apart"`},
	{re(`^What\b[^?]*\.$`), re(`^What (follows|matters|counts|remains|happens|changed|it is|to)\b|^What's\b`), `name the thing instead of "What is ..."`},
	{re(`^[A-Za-z]\w* (is|are) what\b`), re(`^(This|That|It|These|Those|Here) `), `name the thing instead of "X is what ..."`},
	{re(`\b([Aa]llow|[Aa]llows|[Pp]ermit|[Pp]ermits|[Ee]nable|[Ee]nables) to [a-z]+\b`), nil, `write "permits -ing" or "lets you" for "allows to"`},
	{re(`\bas the case may be\b|\bin question\b|\band the like\b|\bor the like\b`), nil, `name the thing instead of "in question" or "and the like"`},
	{re(`\b([Aa]n?|[Tt]he|[Ee]ach|[Ss]everal) [a-z]+ of (yours\b|your own([.,:;)]|$| (is|are|can|has|have|that|which|on|in|at|with|by|inside|needs?|implements|records|asks|ends|trains|and|or|to)\b))`), nil, `write "your own X" for "an X of yours"`},
	{re(`\b[Bb]esides\b`), nil, `write "in addition to", "other than" or "also" for "besides"`},
	{re(`\b(is|are|was|were) told\b`), nil, `write "receives" or name who reports it`},
	{re(`\b(taken|took|use|used|stays?|leaves?|left) as (it is|they are)\b`), nil, `write "unchanged" for "as it is"`},
	{re(`\b[Mm]ade known\b|\b[Mm]akes? (it|them|\w+) known\b`), nil, `write "registers" for "makes known"`},
	{re(`-axis are\b`), nil, `a singular subject takes "is"`},
}

// check returns what is wrong with a sentence.
func check(sentence string) (advice []string) {
	sentence = strings.TrimLeft(sentence, `"'(*[`)
	for _, p := range patterns {
		if p.find.MatchString(sentence) && (p.unless == nil || !p.unless.MatchString(sentence)) {
			advice = append(advice, p.advice)
		}
	}
	return advice
}
