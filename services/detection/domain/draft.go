package domain

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"example.org/passerelle/pkg/refusal"
)

// DraftFaults finds social security numbers in a sheet that is not finished: in texts, in numbers, in names of members.
// They are kept in no form, so in no draft either.
func DraftFaults(sheet map[string]any) refusal.Faults {
	s := sheetOfDraft{}
	s.look("sheet", sheet)
	return s.faults
}

type sheetOfDraft struct{ sheet }

func (s *sheetOfDraft) look(path string, value any) {
	switch v := value.(type) {
	case string:
		s.text(path, v)
	case float64:
		s.text(path, strconv.FormatFloat(v, 'f', -1, 64))
	case []any:
		for i, item := range v {
			s.look(fmt.Sprintf("%s[%d]", path, i), item)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if before := len(s.faults); before == 0 {
				s.text(path, name)
			}
			s.look(path+"."+name, v[name])
		}
	}
}

func (s *sheetOfDraft) text(path, text string) {
	before := len(s.faults)
	s.nirInText(path, text)
	if fault := NIRNotHere(path, text); fault != nil && len(s.faults) == before {
		s.faults = append(s.faults, *fault)
	}
}
