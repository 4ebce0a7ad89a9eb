// Package reference is what every service knows without hearing it: code lists, the form of a flag, communes and
// working days. It is pure.
package reference

// DepartmentOf is the department of a commune by its INSEE code: two characters, or three overseas.
func DepartmentOf(insee string) string {
	if len(insee) != 5 {
		return ""
	}
	if insee[:2] == "97" || insee[:2] == "98" {
		return insee[:3]
	}
	return insee[:2]
}
