package engine

import (
	"encoding/json"
	"fmt"
	"time"

	"example.org/passerelle/pkg/decider"
)

// Answered reads what was kept of a command's answer: of this very command, or of the one it repeats.
func Answered[A any, S any](done decider.Done[S]) (answer A, err error) {
	if err := json.Unmarshal(done.Answer, &answer); err != nil {
		return answer, fmt.Errorf("kept answer: %w", err)
	}
	return answer, nil
}

var paris = func() *time.Location {
	location, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		panic(err) // time/tzdata is in the binary
	}
	return location
}()

// Day is the day in Paris at a moment: YYYY-MM-DD.
func Day(at time.Time) string { return at.In(paris).Format(time.DateOnly) }
