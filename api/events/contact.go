package events

import "time"

// What was said with a person, and what the desk is asked to say. Calls about a referral are in its own stream, the
// conversation is in one of the person.

// ReferralDated: the person has a seat, and the session meets then, or then instead.
type ReferralDated struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	SessionID  string    `json:"session_id"`
	StartsAt   time.Time `json:"starts_at"` // of the first meeting
	EndsAt     time.Time `json:"ends_at"`   // of the last one
	At         time.Time `json:"at"`
}

// CallAsked: the desk is to ring the person about a referral.
type CallAsked struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	Kind       string    `json:"kind"`  // address, reminder, three_months
	Until      time.Time `json:"until"` // it is late then
	At         time.Time `json:"at"`
}

// ReferralUndone: its end was a mistake, and it goes on. A seat that was given away meanwhile stays given.
type ReferralUndone struct {
	ReferralID string       `json:"referral_id"`
	FlagID     string       `json:"flag_id"`
	PersonID   string       `json:"person_id"`
	SessionID  string       `json:"session_id,omitempty"`
	PlaceID    string       `json:"place_id,omitempty"`
	Desk       string       `json:"desk"`
	LoanWanted bool         `json:"loan_wanted"`
	Status     string       `json:"status"` // requested again, or advised
	Slot       int          `json:"slot"`
	RelayID    string       `json:"relay_id,omitempty"` // as of ReferralOpened
	Priority   string       `json:"priority,omitempty"`
	By         string       `json:"by"`
	At         time.Time    `json:"at"`
	Details    Sealed[Note] `json:"details"` // why
}

// ContactNoted: somebody of a desk has spoken with the person, or tried to, or the person has.
type ContactNoted struct {
	ContactID string       `json:"contact_id"`
	PersonID  string       `json:"person_id"`
	Desk      string       `json:"desk"`
	Direction string       `json:"direction"` // in, out
	Channel   string       `json:"channel"`
	Outcome   string       `json:"outcome"`
	AboutID   string       `json:"about_id,omitempty"` // a referral, flag, letter, loan or offer
	NextAt    *time.Time   `json:"next_at,omitempty"`  // when to ring again
	By        string       `json:"by"`
	At        time.Time    `json:"at"`
	Details   Sealed[Note] `json:"details"` // what was said
}

// LetterAsked: nobody was reached on three different half-days, so the person is written to.
type LetterAsked struct {
	LetterID string    `json:"letter_id"`
	PersonID string    `json:"person_id"`
	Desk     string    `json:"desk"`
	Until    time.Time `json:"until"` // it is late then
	At       time.Time `json:"at"`
}

// LetterDue: the person is to be written to about a referral. Of several, the last one is to be sent.
type LetterDue struct {
	LetterID   string    `json:"letter_id"`
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	Kind       string    `json:"kind"`  // seat: there is one; moved: the session meets then instead
	Until      time.Time `json:"until"` // it is late then
	At         time.Time `json:"at"`
}

// LetterSent: a letter about a referral was printed and has left.
type LetterSent struct {
	LetterID   string    `json:"letter_id"`
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// CloseAsked: nothing was heard since the letter; the desk decides whether help goes on.
type CloseAsked struct {
	LetterID string    `json:"letter_id"`
	PersonID string    `json:"person_id"`
	Desk     string    `json:"desk"`
	Until    time.Time `json:"until"`
	At       time.Time `json:"at"`
}

// Stream names the aggregate.
func (e ReferralDated) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e CallAsked) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e ReferralUndone) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e ContactNoted) Stream() string { return "contact:" + e.PersonID }

// Stream names the aggregate.
func (e LetterAsked) Stream() string { return "contact:" + e.PersonID }

// Stream names the aggregate.
func (e LetterDue) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e LetterSent) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e CloseAsked) Stream() string { return "contact:" + e.PersonID }

func (ReferralDated) referral()  {}
func (CallAsked) referral()      {}
func (ReferralUndone) referral() {}
func (ContactNoted) referral()   {}
func (LetterAsked) referral()    {}
func (LetterDue) referral()      {}
func (LetterSent) referral()     {}
func (CloseAsked) referral()     {}
