package fold

import "strings"

// spelling is how letters sound in French where the letters after them fit.
type spelling struct {
	letters string
	next    next
	sound   string
}

// next says what has to follow.
type next int

const (
	anything next = iota
	end
	soft // e, i or y
	mute // the end, or a consonant that is no m or n: what was before is a nasal vowel
)

// spellings are tried in this order. Capitals and digits are sounds that have no letter of their own:
// C as in chat, G as in gare, N as in ligne, U as in loup, 1 as in vin, 2 as in vent, 3 as in bon.
var spellings = []spelling{
	{"auld", end, "o"}, {"ault", end, "o"}, {"aulx", end, "o"}, {"eaux", end, "o"}, {"eau", anything, "o"}, {"au", anything, "o"},
	{"er", end, "e"}, {"ers", end, "e"}, {"ez", end, "e"}, {"et", end, "e"}, {"ets", end, "e"}, {"es", end, ""}, {"e", end, ""},
	{"ts", end, ""}, {"ds", end, ""}, {"dt", end, ""}, {"tz", end, "s"}, {"st", end, ""}, {"ps", end, ""}, {"tt", end, "t"},
	{"t", end, ""}, {"d", end, ""}, {"s", end, ""}, {"x", end, ""}, {"z", end, ""}, {"p", end, ""},
	{"oin", mute, "U1"}, {"ien", mute, "i1"}, {"yen", mute, "i1"}, {"ean", mute, "2"},
	{"ain", mute, "1"}, {"aim", mute, "1"}, {"ein", mute, "1"}, {"eim", mute, "1"}, {"in", mute, "1"}, {"im", mute, "1"},
	{"yn", mute, "1"}, {"ym", mute, "1"}, {"un", mute, "1"}, {"um", mute, "1"},
	{"an", mute, "2"}, {"am", mute, "2"}, {"en", mute, "2"}, {"em", mute, "2"}, {"on", mute, "3"}, {"om", mute, "3"},
	{"oeu", anything, "e"}, {"eu", anything, "e"}, {"oe", anything, "e"}, {"ae", anything, "e"}, {"ou", anything, "U"}, {"oo", anything, "U"},
	{"oi", anything, "oa"}, {"oy", anything, "oa"}, {"ai", anything, "e"}, {"ay", anything, "e"}, {"ei", anything, "e"}, {"ey", anything, "e"},
	{"sch", anything, "C"}, {"sh", anything, "C"}, {"chr", anything, "kr"}, {"chl", anything, "kl"}, {"ch", anything, "C"}, {"ph", anything, "f"}, {"h", anything, ""},
	{"sc", soft, "s"}, {"cqu", anything, "k"}, {"ck", anything, "k"}, {"cc", soft, "ks"}, {"c", soft, "s"}, {"c", anything, "k"}, {"qu", anything, "k"}, {"q", anything, "k"},
	{"gn", anything, "N"}, {"gu", soft, "G"}, {"gea", anything, "ja"}, {"geo", anything, "jo"}, {"gg", soft, "j"}, {"g", soft, "j"}, {"g", anything, "G"},
	{"jean", anything, "jan"}, {"bv", anything, "v"}, {"w", anything, "v"}, {"x", anything, "ks"}, {"z", anything, "s"}, {"y", anything, "i"},
}

// Sound is how a word that was folded sounds in French, roughly: two words of one sound are often two ways of
// writing one name. It is empty where too little is left to tell words apart.
func Sound(word string) string {
	var code strings.Builder
	last := byte(0)
	for rest := word; rest != ""; {
		sound, long := heard(rest)
		for i := range len(sound) {
			if sound[i] != last {
				code.WriteByte(sound[i])
			}
			last = sound[i]
		}
		rest = rest[long:]
	}
	if code.Len() < 2 {
		return ""
	}
	return code.String()
}

// heard is the sound of the first letters, and how many they are.
func heard(rest string) (sound string, long int) {
	for _, s := range spellings {
		if after, ok := strings.CutPrefix(rest, s.letters); ok && s.next.fits(after) {
			return s.sound, len(s.letters)
		}
	}
	return rest[:1], 1
}

func (n next) fits(after string) bool {
	switch n {
	case end:
		return after == ""
	case soft:
		return after != "" && strings.Contains("eiy", after[:1])
	case mute:
		return after == "" || !strings.Contains("aeiouymnh", after[:1])
	case anything:
	}
	return true
}
