package events

import "time"

// What becomes of a seat, and of those who take part. All of it is in the stream of the session.

// RequestStudied: the provider needs more time to answer.
type RequestStudied struct {
	SessionID  string     `json:"session_id"`
	ReferralID string     `json:"referral_id"`
	Until      time.Time  `json:"until"`                // the request lapses then
	HeldUntil  *time.Time `json:"held_until,omitempty"` // none: it holds no seat
	By         string     `json:"by"`
	At         time.Time  `json:"at"`
}

// AnswerReminded: the provider was asked again for its answer.
type AnswerReminded struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Times      int       `json:"times"` // 1 after a third of the time, 2 after two thirds
	At         time.Time `json:"at"`
}

// HoldEnded: the study goes on and its seat is free for others. The place among the requests is kept.
type HoldEnded struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	At         time.Time `json:"at"`
}

// SeatOffered: a seat fell free, and it is this person's turn. It is kept until the offer ends.
type SeatOffered struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	OfferID    string    `json:"offer_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	Until      time.Time `json:"until"`
	At         time.Time `json:"at"`
}

// SeatOfferPassed: not this time. The place on the waiting list stays.
type SeatOfferPassed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	OfferID    string    `json:"offer_id"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// SeatOfferNotReached: the desk has called and reached nobody. The offer goes on until it ends.
type SeatOfferNotReached struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	OfferID    string    `json:"offer_id"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// SeatOfferLapsed: nobody said anything until the offer ended.
type SeatOfferLapsed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	OfferID    string    `json:"offer_id"`
	Kept       bool      `json:"kept"` // the place on the waiting list: the first time; then the person goes to its end
	At         time.Time `json:"at"`
}

// SeatFreed: the provider has given the seat away before the session began. The request is over.
type SeatFreed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// RequestUnserved: registration closed while the person was waiting.
type RequestUnserved struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	At         time.Time `json:"at"`
}

// RequestCancelled: the session does not take place, or does not go on.
type RequestCancelled struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Reason     string    `json:"reason"`
	Was        string    `json:"was"` // held, queued, enrolled, waitlisted, offered
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	At         time.Time `json:"at"`
}

// ParticipantDropped: somebody who took part stays away from now on.
type ParticipantDropped struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ParticipantRemoved: the provider has taken somebody out of a session that has begun.
type ParticipantRemoved struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ParticipantRestored: what ended the part of somebody in a running session was a mistake.
type ParticipantRestored struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// NoShow: somebody with a seat never came.
type NoShow struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	By         string    `json:"by,omitempty"` // empty: seen from the attendance
	At         time.Time `json:"at"`
}

// OutcomeRecorded: what the session has brought to somebody. A later record takes the place of the one before.
type OutcomeRecorded struct {
	SessionID  string          `json:"session_id"`
	ReferralID string          `json:"referral_id"`
	By         string          `json:"by"`
	At         time.Time       `json:"at"`
	Details    Sealed[Outcome] `json:"details"`
}

// RequestHandedOver: another desk speaks for the person from now on.
type RequestHandedOver struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Desk       string    `json:"desk"`
	At         time.Time `json:"at"`
}

// AlternativeHeld: a seat is kept for somebody whose own session does not take place, until they were asked. It is no
// request: nobody is enrolled by it.
type AlternativeHeld struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"` // the cancelled one
	OfferID    string    `json:"offer_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	Until      time.Time `json:"until"`
	At         time.Time `json:"at"`
}

// AlternativeEnded: the seat that was kept is free again, or becomes the seat that the person has asked for.
type AlternativeEnded struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"` // the cancelled one
	OfferID    string    `json:"offer_id"`
	FlagID     string    `json:"flag_id"`
	Reason     string    `json:"reason"`       // asked, refused, lapsed, forgone, closed, cancelled
	By         string    `json:"by,omitempty"` // who said no for the person
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e RequestStudied) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e AnswerReminded) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e HoldEnded) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatOffered) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatOfferPassed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatOfferNotReached) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatOfferLapsed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatFreed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestUnserved) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestCancelled) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e ParticipantDropped) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e ParticipantRemoved) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e ParticipantRestored) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e NoShow) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e OutcomeRecorded) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestHandedOver) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e AlternativeHeld) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e AlternativeEnded) Stream() string { return "session:" + e.SessionID }

func (RequestStudied) workshop()      {}
func (AnswerReminded) workshop()      {}
func (HoldEnded) workshop()           {}
func (SeatOffered) workshop()         {}
func (SeatOfferPassed) workshop()     {}
func (SeatOfferNotReached) workshop() {}
func (SeatOfferLapsed) workshop()     {}
func (SeatFreed) workshop()           {}
func (RequestUnserved) workshop()     {}
func (RequestCancelled) workshop()    {}
func (ParticipantDropped) workshop()  {}
func (ParticipantRemoved) workshop()  {}
func (ParticipantRestored) workshop() {}
func (NoShow) workshop()              {}
func (OutcomeRecorded) workshop()     {}
func (RequestHandedOver) workshop()   {}
func (AlternativeHeld) workshop()     {}
func (AlternativeEnded) workshop()    {}

// Outcome is what a session has brought to somebody; only ever inside Sealed.
type Outcome struct {
	Completed       bool            `json:"completed"`
	AccountCreated  bool            `json:"account_created"`
	PortalConsulted bool            `json:"portal_consulted"`
	MailboxCreated  bool            `json:"mailbox_created"`
	Skills          map[string]Gain `json:"skills"` // by family
	Items           map[string]Gain `json:"items"`  // by item of a family
}

// Gain is what somebody could do before and after: 0 cannot, 1 with help, 2 alone, 3 helps others.
type Gain struct {
	Before int `json:"before"`
	After  int `json:"after"`
}
