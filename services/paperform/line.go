package paperform

import (
	"regexp"
	"strconv"
	"strings"

	"example.org/passerelle/pkg/fold"
)

// Sheet is the body of POST /flags for a line. A line without a name, first name or birth date is an anonymous one.
func Sheet(programme string, cells map[string]string) map[string]any {
	sheet := map[string]any{"programme": programme}
	for _, c := range columns {
		if value := c.read(cells[c.name]); value != nil && len(c.path) > 0 {
			put(sheet, c.path, value)
		}
	}
	person, named := sheet["person"].(map[string]any)
	profile, _ := sheet["profile"].(map[string]any)
	if named && profile["sex"] != nil {
		person["sex"] = profile["sex"]
		delete(profile, "sex")
	}
	return sheet
}

// Line is a sheet as it is kept, as a line: the other way round.
func Line(key string, sheet map[string]any) []string {
	cells := make([]string, len(columns))
	for i, c := range columns {
		cells[i] = c.write(get(sheet, c.path))
		if c.name == Key {
			cells[i] = key
		}
		if c.name == "sexe" && cells[i] == "" {
			cells[i] = c.write(get(sheet, []string{"person", "sex"}))
		}
	}
	return cells
}

func put(tree map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		below, there := tree[name].(map[string]any)
		if !there {
			below = map[string]any{}
			tree[name] = below
		}
		tree = below
	}
	tree[path[len(path)-1]] = value
}

func get(tree map[string]any, path []string) (value any) {
	value = tree
	for _, name := range path {
		below, _ := value.(map[string]any)
		value = below[name]
	}
	return value
}

func dotted(path []string) string { return strings.Join(path, ".") }

// nothing is a set that was answered and holds nothing: no box was ticked.
const nothing = "aucun"

// read gives nil for a cell that is empty: not answered.
func (c column) read(cell string) any {
	short := strings.TrimSpace(cell)
	switch {
	case short == "":
		return nil
	case c.kind == yesNo:
		return truth(short)
	case c.kind == code:
		return c.code(short)
	case c.kind == many:
		return c.set(short)
	case c.kind == number:
		if n, err := strconv.Atoi(short); err == nil {
			return n
		}
		return short
	case c.kind == day:
		return french.ReplaceAllString(short, "$3-$2-$1")
	case c.name == "description":
		return cell
	}
	return short
}

var french = regexp.MustCompile(`^([0-9]{2})/([0-9]{2})/([0-9]{4})$`)

func truth(word string) any {
	switch fold.Text(word) {
	case "oui", "o", "yes", "true", "vrai", "1", "x":
		return true
	case "non", "n", "no", "false", "faux", "0":
		return false
	}
	return word
}

func (c column) code(word string) string {
	for _, one := range lists[c.list] {
		if one.Code == word || fold.Text(one.Label) == fold.Text(word) {
			return one.Code
		}
	}
	return word
}

func (c column) set(cell string) []any {
	set := []any{}
	if fold.Text(cell) == nothing {
		return set
	}
	for word := range strings.SplitSeq(cell, "|") {
		set = append(set, c.code(strings.TrimSpace(word)))
	}
	return set
}

func (c column) write(value any) string {
	switch v := value.(type) {
	case string:
		return v
	case bool:
		if v {
			return "oui"
		}
		return "non"
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case []any:
		words := make([]string, len(v))
		for i, word := range v {
			words[i], _ = word.(string)
		}
		if len(words) == 0 {
			return nothing
		}
		return strings.Join(words, "|")
	}
	return ""
}
