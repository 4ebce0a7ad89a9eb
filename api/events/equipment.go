package events

import "time"

// Equipment is any fact the equipment service tells.
//
//sumtype:decl
type Equipment interface {
	Fact
	equipment()
}

// ItemRegistered: a pool has one more item.
type ItemRegistered struct {
	Pool     string    `json:"pool"`
	ItemID   string    `json:"item_id"`
	Kind     string    `json:"kind"`
	AssetTag string    `json:"asset_tag"`
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// TabletKept: an item of the pool is set aside for the days of a session.
type TabletKept struct {
	Pool       string    `json:"pool"`
	ItemID     string    `json:"item_id"`
	LoanID     string    `json:"loan_id"`
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	From       string    `json:"from"` // first day, in Paris
	To         string    `json:"to"`   // last day
	At         time.Time `json:"at"`
}

// TabletLacking: none is free on these days; the person waits in the pool's queue and keeps the seat.
type TabletLacking struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"` // the loan it becomes when a tablet is there
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	At         time.Time `json:"at"`
}

// TabletReleased: a tablet that was only kept, or waited for, is not needed: the seat is given back, or the person
// is erased.
type TabletReleased struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id,omitempty"` // empty: none was kept yet
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	At         time.Time `json:"at"`
}

// TabletHandedOver: the person has the tablet in hand.
type TabletHandedOver struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// TabletReturned: the tablet came back.
type TabletReturned struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// Stream names the aggregate.
func (e TabletReleased) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e TabletHandedOver) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e TabletReturned) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemRegistered) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e TabletKept) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e TabletLacking) Stream() string { return "pool:" + e.Pool }

func (ItemRegistered) equipment() {}
func (TabletKept) equipment()     {}
func (TabletLacking) equipment()  {}

func (TabletReleased) equipment()   {}
func (TabletHandedOver) equipment() {}
func (TabletReturned) equipment()   {}
