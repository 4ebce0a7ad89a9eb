package communes

import "strings"

// Folded is a name as Search compares it: small letters without accents, one space between words, all saints alike.
func Folded(name string) string { return strings.TrimPrefix(string(fold(nil, name)), " ") }

// Named gives the communes that have this very name or had it, within a department, or everywhere where that is empty.
func Named(name, department string) (list []Commune) {
	folded := string(fold(nil, name))
	if folded == "" {
		return nil
	}
	x, f, needle := names(), france(), "\n"+folded+"\n"
	text, line, seen := x.text, 0, map[int]bool{}
	if strings.HasPrefix(text, needle[1:]) {
		list = append(list, f.communes[x.lines[0].commune])
	}
	for at := 0; ; at++ {
		next := strings.Index(text[at:], needle)
		if next < 0 {
			return list
		}
		at += next
		for line+1 < len(x.starts) && x.starts[line] <= at {
			line++
		}
		i := x.lines[line].commune
		if c := f.communes[i]; !seen[i] && (department == "" || c.Department == department) {
			seen[i], list = true, append(list, c)
		}
	}
}
