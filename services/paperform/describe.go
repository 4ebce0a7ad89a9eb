package paperform

// Description is what somebody who fills in a table has to know of a column.
type Description struct {
	Name  string
	Must  bool
	Kind  string   // text, yes_no, one, several, number or day
	Words []string // of the list, in the form's order; none where any word will do
}

var kindNames = map[kind]string{text: "text", yesNo: "yes_no", code: "one", many: "several", number: "number", day: "day"}

// Describe tells of all columns, in the form's order.
func Describe() []Description {
	list := make([]Description, len(columns))
	for i, c := range columns {
		list[i] = Description{Name: c.name, Must: c.must, Kind: kindNames[c.kind]}
		said := map[string]bool{}
		for _, one := range lists[c.list] {
			if !said[one.Code] {
				list[i].Words = append(list[i].Words, one.Label)
			}
			said[one.Code] = true
		}
	}
	return list
}
