package domain

import (
	"time"

	"example.org/passerelle/api/events"
)

// Validation is one request to validate several flags, as far as it was told.
type Validation struct{ Begun, Ended bool }

// EvolveValidation is it after a fact.
func EvolveValidation(v Validation, fact events.Detection) Validation {
	_, ended := fact.(events.FlagsValidated)
	return Validation{Begun: true, Ended: v.Ended || ended}
}

// BeginValidation takes the key of a request before any of its flags is decided, so that no other request can.
type BeginValidation struct {
	ValidationID string
	Asked        int
	By           string
	At           time.Time
}

// Decide begins it.
func (c BeginValidation) Decide(Validation) ([]events.Detection, error) {
	return tell(events.ValidationBegun{ValidationID: c.ValidationID, Asked: c.Asked, By: c.By, At: c.At})
}

// EndValidation keeps what became of the flags: from here on the request has one answer.
type EndValidation struct {
	ValidationID      string
	Validated, Failed int
	By                string
	At                time.Time
}

// Decide ends it.
func (c EndValidation) Decide(Validation) ([]events.Detection, error) {
	return tell(events.FlagsValidated{ValidationID: c.ValidationID, Validated: c.Validated, Failed: c.Failed, By: c.By, At: c.At})
}
