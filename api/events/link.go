package events

import "time"

// A signed link lets a provider answer one request without an account. What stands in the link is never told: only a
// hash of it, by which it is found again.

// LinkIssued: a desk may hand a link to the provider. A former link of the same request is void from then on.
type LinkIssued struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	LinkID     string    `json:"link_id"`
	Hash       string    `json:"hash"`             // SHA-256 of what stands in the link, in hexadecimal
	Renews     string    `json:"renews,omitempty"` // the link that it takes the place of
	Until      time.Time `json:"until"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// LinkOpened: whoever has the link gave the session's code too, and saw whom the request is about.
type LinkOpened struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	LinkID     string    `json:"link_id"`
	At         time.Time `json:"at"`
}

// LinkCodeMissed: whoever has the link gave another code. After too many the link is locked.
type LinkCodeMissed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	LinkID     string    `json:"link_id"`
	Times      int       `json:"times"` // one after the other, from 1
	Locked     bool      `json:"locked"`
	At         time.Time `json:"at"`
}

// LinkUsed: the provider has answered by the link. The answer itself was told just before, in the same decision.
type LinkUsed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	LinkID     string    `json:"link_id"`
	Answer     string    `json:"answer"` // enrolled, waitlisted, in_study, declined
	At         time.Time `json:"at"`
}

// LinkAsked: whoever has a link that is over or locked asks the desk for another one.
type LinkAsked struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	LinkID     string    `json:"link_id"`
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e LinkIssued) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e LinkOpened) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e LinkCodeMissed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e LinkUsed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e LinkAsked) Stream() string { return "session:" + e.SessionID }

func (LinkIssued) workshop()     {}
func (LinkOpened) workshop()     {}
func (LinkCodeMissed) workshop() {}
func (LinkUsed) workshop()       {}
func (LinkAsked) workshop()      {}
