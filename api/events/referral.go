package events

import "time"

// Referral is any fact the referral service tells.
//
//sumtype:decl
type Referral interface {
	Fact
	referral()
}

// ReferralOpened: an advisor asks for a seat for this person on this session.
type ReferralOpened struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	SessionID  string    `json:"session_id"`
	ProviderID string    `json:"provider_id"`
	Fund       string    `json:"fund"`
	Programme  string    `json:"programme"`
	Desk       string    `json:"desk"`
	Department string    `json:"department"`
	LoanWanted bool      `json:"loan_wanted"`
	Language   string    `json:"language,omitempty"`
	Deadline   string    `json:"deadline,omitempty"`
	Follows    string    `json:"follows,omitempty"`       // an earlier referral that ended without a seat
	Together   string    `json:"together_with,omitempty"` // a referral of somebody who comes along
	MayPart    bool      `json:"may_be_parted,omitempty"` // of two who come together: one may come without the other
	Slot       int       `json:"slot"`                    // which of the flag's places for open referrals it takes, from 1
	RelayID    string    `json:"relay_id,omitempty"`      // the place from which the person follows a session at a distance
	Priority   string    `json:"priority,omitempty"`      // why the person comes first on a waiting list, where a programme cites the decision for it
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ReferralAnswered: the session has answered for good, or given a rank.
type ReferralAnswered struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	Answer     string    `json:"answer"` // enrolled, waitlisted, declined, expired
	Reason     string    `json:"reason,omitempty"`
	At         time.Time `json:"at"`
}

// ReferralWithdrawn: the person or the advisor takes the request back.
type ReferralWithdrawn struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	SessionID  string    `json:"session_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ReferralHandedOver: another desk is in charge of it from now on, because it is in charge of the flag.
type ReferralHandedOver struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	SessionID  string    `json:"session_id,omitempty"` // it is asked there; none: to a place, or told before sessions heard of it
	Desk       string    `json:"desk"`
	Department string    `json:"department"`
	At         time.Time `json:"at"`
}

// AlternativeSought: the session of somebody does not take place. These suit them next, the best first; the first with a
// free seat keeps one until the person was rung. Nobody is referred by it.
type AlternativeSought struct {
	ReferralID string    `json:"referral_id"` // that was cancelled
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	SessionIDs []string  `json:"session_ids"`
	At         time.Time `json:"at"`
}

// AlternativeForgone: the seat that was kept for somebody is not wanted any more: they were sent elsewhere, or help has ended.
type AlternativeForgone struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	SessionID  string    `json:"session_id"` // where it is kept
	Reason     string    `json:"reason"`     // referred, help_ended
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e ReferralOpened) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e ReferralAnswered) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e ReferralWithdrawn) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e ReferralHandedOver) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e AlternativeSought) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e AlternativeForgone) Stream() string { return "referral:" + e.ReferralID }

func (ReferralOpened) referral()     {}
func (ReferralAnswered) referral()   {}
func (ReferralWithdrawn) referral()  {}
func (ReferralHandedOver) referral() {}
func (AlternativeSought) referral()  {}
func (AlternativeForgone) referral() {}
