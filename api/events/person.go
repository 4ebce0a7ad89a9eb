package events

import "time"

// PersonCorrected: what was known of somebody was wrong or has changed. Details is all that is known from now on.
type PersonCorrected struct {
	PersonID string         `json:"person_id"`
	Fund     string         `json:"fund"`
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
	Details  Sealed[Person] `json:"details"`
}

// PersonMoved: somebody lives elsewhere. Details is all that is known from now on.
type PersonMoved struct {
	PersonID   string         `json:"person_id"`
	Fund       string         `json:"fund"`
	Desk       string         `json:"desk"` // that looks after the place; empty: it is another fund's
	Department string         `json:"department"`
	From       string         `json:"from"` // day
	By         string         `json:"by"`
	At         time.Time      `json:"at"`
	Details    Sealed[Person] `json:"details"`
}

// PersonMerged: two records are one person. Both keys live on.
type PersonMerged struct {
	PersonID string    `json:"person_id"` // that goes on
	OtherID  string    `json:"other_id"`  // that is shown with it
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// RecordJoined: from now on this record is shown with another one, and commands about the person go there. It is told
// together with PersonMerged.
type RecordJoined struct {
	PersonID string    `json:"person_id"` // this record
	WithID   string    `json:"with_id"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// RecordLeft: this record stands alone again. It is told together with PersonParted.
type RecordLeft struct {
	PersonID string    `json:"person_id"`
	WithID   string    `json:"with_id"` // with which it was shown
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// PersonParted: the merge was a mistake.
type PersonParted struct {
	PersonID string    `json:"person_id"`
	OtherID  string    `json:"other_id"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// PersonLinked: two people belong together, such as a couple with one phone; or no longer do.
type PersonLinked struct {
	PersonID string    `json:"person_id"`
	OtherID  string    `json:"other_id"`
	Kind     string    `json:"kind"` // household
	Ended    bool      `json:"ended"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// WishesNoted: how the person wants to be met. Details is all wishes from now on.
type WishesNoted struct {
	PersonID string         `json:"person_id"`
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
	Details  Sealed[Wishes] `json:"details"`
}

// ConsentNoted: the person was informed and agreed, or takes it back.
type ConsentNoted struct {
	PersonID    string    `json:"person_id"`
	Kind        string    `json:"kind"` // study, referral, sms, email, letter, phone
	Given       bool      `json:"given"`
	TextVersion string    `json:"text_version,omitempty"`
	Channel     string    `json:"channel"` // oral, signed, letter, phone, email
	ToldBy      string    `json:"told_by"` // person, guardian, helper
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// PersonObjected: the person does not want to be kept here; open help ends and the privacy officer decides.
type PersonObjected struct {
	PersonID string    `json:"person_id"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// DeathTold: nothing is sent to this person from now on, and what is open ends.
type DeathTold struct {
	PersonID string        `json:"person_id"`
	By       string        `json:"by"`
	At       time.Time     `json:"at"`
	Details  Sealed[Death] `json:"details"`
}

// DeathUndone: it was a mistake.
type DeathUndone struct {
	PersonID string    `json:"person_id"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// ErasureRequested: the person is hidden everywhere from now on, and the key is destroyed on a day.
type ErasureRequested struct {
	PersonID string    `json:"person_id"`
	Reason   string    `json:"reason"` // request, error, retention
	EraseAt  time.Time `json:"erase_at"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// ErasureUndone: the privacy officer lets the person stay.
type ErasureUndone struct {
	PersonID string    `json:"person_id"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// PersonErased: from here on nobody reads what was known; the key is destroyed after this is told.
type PersonErased struct {
	PersonID string    `json:"person_id"`
	Reason   string    `json:"reason"`
	At       time.Time `json:"at"`
}

// Wishes is how somebody wants to be met; only ever inside Sealed.
type Wishes struct {
	PaperOnly  bool     `json:"paper_only"`
	NoCalls    []string `json:"no_calls,omitempty"` // half-days: mon_am …
	Helper     *Helper  `json:"helper,omitempty"`
	HelperOnly bool     `json:"helper_only"` // ring the helper, not the person
	Note       string   `json:"note,omitempty"`
}

// Death is what was told of it; only ever inside Sealed.
type Death struct {
	On     string `json:"on,omitempty"` // day, month or year
	ToldBy string `json:"told_by,omitempty"`
}

// Stream names the aggregate.
func (e PersonCorrected) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonMoved) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonMerged) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e RecordJoined) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e RecordLeft) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonParted) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonLinked) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e WishesNoted) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e ConsentNoted) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonObjected) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e DeathTold) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e DeathUndone) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e ErasureRequested) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e ErasureUndone) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e PersonErased) Stream() string { return "person:" + e.PersonID }

func (PersonCorrected) detection()  {}
func (PersonMoved) detection()      {}
func (PersonMerged) detection()     {}
func (RecordJoined) detection()     {}
func (RecordLeft) detection()       {}
func (PersonParted) detection()     {}
func (PersonLinked) detection()     {}
func (WishesNoted) detection()      {}
func (ConsentNoted) detection()     {}
func (PersonObjected) detection()   {}
func (DeathTold) detection()        {}
func (DeathUndone) detection()      {}
func (ErasureRequested) detection() {}
func (ErasureUndone) detection()    {}
func (PersonErased) detection()     {}
