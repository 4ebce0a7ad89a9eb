package portal

import "slices"

// unknownFirst puts the answer that is not known first: a list shows its first entry until somebody chooses.
func unknownFirst(list []choice) []choice {
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b choice) int { return len(min(a.Value, "1")) - len(min(b.Value, "1")) })
	return sorted
}
