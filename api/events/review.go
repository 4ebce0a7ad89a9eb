package events

import "time"

// FlagReturned: the referent asks the author again. Details say what and about which fields.
type FlagReturned struct {
	FlagID  string           `json:"flag_id"`
	By      string           `json:"by"`
	At      time.Time        `json:"at"`
	Details Sealed[Question] `json:"details"`
}

// FlagAmended: the author has answered, and the flag waits for the review again. Details is the whole sheet from now on.
type FlagAmended struct {
	FlagID     string            `json:"flag_id"`
	Status     string            `json:"status"` // submitted
	LoanWanted bool              `json:"loan_wanted"`
	LoanFirst  bool              `json:"loan_first,omitempty"`  // no equipment, for want of money: comes first when tablets are short
	GrantMeant bool              `json:"grant_meant,omitempty"` // no equipment, for want of money, and a risk of fragility: what a programme gives for good is meant for the person
	Deadline   string            `json:"deadline,omitempty"`
	MayRefer   bool              `json:"may_refer"`
	Unreviewed bool              `json:"unreviewed,omitempty"`
	Priority   string            `json:"priority,omitempty"` // as of SeniorFlagged
	OneOpen    string            `json:"one_open,omitempty"`
	By         string            `json:"by"`
	At         time.Time         `json:"at"`
	Details    Sealed[Amendment] `json:"details"`
}

// FlagReclassified: the referent puts the flag under another institution, or under several.
type FlagReclassified struct {
	FlagID  string                   `json:"flag_id"`
	OneOpen string                   `json:"one_open,omitempty"`
	By      string                   `json:"by"`
	At      time.Time                `json:"at"`
	Details Sealed[Reclassification] `json:"details"`
}

// FlagDismissed: the referent finds that this is no observation.
type FlagDismissed struct {
	FlagID  string       `json:"flag_id"`
	Reason  string       `json:"reason"` // not_digital, duplicate, incoherent, outside_scope
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Note] `json:"details"`
}

// FlagWithdrawn: the author takes the observation back before it was reviewed.
type FlagWithdrawn struct {
	FlagID string    `json:"flag_id"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ReviewReminded: nobody has reviewed, or answered the referent, in time.
type ReviewReminded struct {
	FlagID string    `json:"flag_id"`
	Reason string    `json:"reason"` // unreviewed: 7 days; unanswered: 14 days
	At     time.Time `json:"at"`
}

// Question is what a referent asks the author; only ever inside Sealed.
type Question struct {
	Reason string   `json:"reason"`
	Fields []string `json:"fields,omitempty"` // such as answers.difficulty_reason
}

// Amendment is a corrected sheet and what its author says to it; only ever inside Sealed.
type Amendment struct {
	Sheet Sheet  `json:"sheet"`
	Note  string `json:"note,omitempty"`
}

// Reclassification keeps both values; only ever inside Sealed.
type Reclassification struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Note is free text about somebody; only ever inside Sealed.
type Note struct {
	Text string `json:"text,omitempty"`
}

// Stream names the aggregate.
func (e FlagReturned) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagAmended) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagReclassified) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagDismissed) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagWithdrawn) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e ReviewReminded) Stream() string { return "flag:" + e.FlagID }

func (FlagReturned) detection()     {}
func (FlagAmended) detection()      {}
func (FlagReclassified) detection() {}
func (FlagDismissed) detection()    {}
func (FlagWithdrawn) detection()    {}
func (ReviewReminded) detection()   {}
