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
	Slot       int       `json:"slot"`                    // which of the flag's places for open referrals it takes, from 1
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
	Desk       string    `json:"desk"`
	Department string    `json:"department"`
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

func (ReferralOpened) referral()     {}
func (ReferralAnswered) referral()   {}
func (ReferralWithdrawn) referral()  {}
func (ReferralHandedOver) referral() {}
