package events

import "time"

// ValidationBegun: a referent validates several flags at once, under a key of the request. Which ones stands nowhere: what
// is typed as an identifier may be anything.
type ValidationBegun struct {
	ValidationID string    `json:"validation_id"`
	Asked        int       `json:"asked"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// FlagsValidated: all of them were decided, each by a fact of its own or refused. Whoever asks again under the key is
// answered as then.
type FlagsValidated struct {
	ValidationID string    `json:"validation_id"`
	Validated    int       `json:"validated"`
	Failed       int       `json:"failed"`
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// Stream names the aggregate.
func (e ValidationBegun) Stream() string { return "validation:" + e.ValidationID }

// Stream names the aggregate.
func (e FlagsValidated) Stream() string { return "validation:" + e.ValidationID }

func (ValidationBegun) detection() {}
func (FlagsValidated) detection()  {}
