package engine

import (
	"encoding/json"
	"fmt"

	"example.org/passerelle/pkg/decider"
)

// Answered reads what was kept of a command's answer: of this very command, or of the one it repeats.
func Answered[A any, S any](done decider.Done[S]) (answer A, err error) {
	if err := json.Unmarshal(done.Answer, &answer); err != nil {
		return answer, fmt.Errorf("kept answer: %w", err)
	}
	return answer, nil
}

// Value is what an optional member of a body holds, zero when it is absent or null.
func Value[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return v
}
