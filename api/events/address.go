package events

import "time"

// AddressGiven: the person was told of a place that has no sessions here. A call comes two weeks later.
type AddressGiven struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	PlaceID    string    `json:"place_id"`
	Fund       string    `json:"fund"`
	Programme  string    `json:"programme"`
	Desk       string    `json:"desk"`
	Department string    `json:"department"`
	Follows    string    `json:"follows,omitempty"` // an earlier referral that ended without a seat
	Slot       int       `json:"slot"`              // as of ReferralOpened
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// AddressFollowedUp: what came of an address. Who could not be reached is a result too.
type AddressFollowedUp struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	Result     string    `json:"result"` // helped, not_helped, did_not_go, closed_place, unreachable
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// PlaceLinkIssued: the desk has a link by which the place says what came of the address, without an account.
type PlaceLinkIssued struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	LinkID     string    `json:"link_id"`
	Hash       string    `json:"hash"`             // of what stands in the link
	Renews     string    `json:"renews,omitempty"` // the link that is void now
	Until      time.Time `json:"until"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// PlaceLinkOpened: the right code was given for the link.
type PlaceLinkOpened struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	LinkID     string    `json:"link_id"`
	At         time.Time `json:"at"`
}

// PlaceLinkCodeMissed: a wrong code was given for the link.
type PlaceLinkCodeMissed struct {
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	LinkID     string    `json:"link_id"`
	Times      int       `json:"times"` // in a row
	Locked     bool      `json:"locked"`
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e PlaceLinkIssued) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e PlaceLinkOpened) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e PlaceLinkCodeMissed) Stream() string { return "referral:" + e.ReferralID }

func (PlaceLinkIssued) referral()     {}
func (PlaceLinkOpened) referral()     {}
func (PlaceLinkCodeMissed) referral() {}

// Stream names the aggregate.
func (e AddressGiven) Stream() string { return "referral:" + e.ReferralID }

// Stream names the aggregate.
func (e AddressFollowedUp) Stream() string { return "referral:" + e.ReferralID }

func (AddressGiven) referral()      {}
func (AddressFollowedUp) referral() {}
