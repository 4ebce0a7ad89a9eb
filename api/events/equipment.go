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
	Pool      string    `json:"pool"`
	ItemID    string    `json:"item_id"`
	Kind      string    `json:"kind"`
	AssetTag  string    `json:"asset_tag"`
	Serial    string    `json:"serial,omitempty"`    // the maker's number
	Condition string    `json:"condition,omitempty"` // good, worn, damaged
	By        string    `json:"by"`
	At        time.Time `json:"at"`
}

// TabletKept: an item of the pool is set aside for the days of a session. Told again of a loan, it is another item from
// now on, or other days.
type TabletKept struct {
	Pool       string    `json:"pool"`
	ItemID     string    `json:"item_id"`
	LoanID     string    `json:"loan_id"`
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	From       string    `json:"from"`            // first day, in Paris
	To         string    `json:"to"`              // last day
	First      bool      `json:"first,omitempty"` // without equipment for want of money: comes first when tablets are short
	Own        int       `json:"own,omitempty"`   // number among the provider's own participants, who have no referral
	At         time.Time `json:"at"`
}

// TabletLacking: none is free on these days; the person waits in the pool's queue and keeps the seat. Told of a loan that
// had a tablet, that one is not there any more.
type TabletLacking struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"` // the loan it becomes when a tablet is there
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	First      bool      `json:"first,omitempty"` // as of TabletKept
	Own        int       `json:"own,omitempty"`
	At         time.Time `json:"at"`
}

// TabletReleased: a tablet that was only kept, or waited for, is not needed: the seat is given back, the person is
// erased, or the days are over.
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
	Pool        string    `json:"pool"`
	LoanID      string    `json:"loan_id"`
	ItemID      string    `json:"item_id"`
	ReferralID  string    `json:"referral_id"`
	PersonID    string    `json:"person_id"`
	From        string    `json:"from,omitempty"` // the day it was handed over, in Paris
	To          string    `json:"to,omitempty"`   // the last day, on which it is back
	Condition   string    `json:"condition,omitempty"`
	Accessories []string  `json:"accessories,omitempty"` // that went with it
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// TabletReturned: the tablet came back. It is not lent again before ItemReset.
type TabletReturned struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	Condition  string    `json:"condition,omitempty"`
	Incomplete bool      `json:"incomplete,omitempty"` // something that went with it did not come back
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// TabletSwapped: the person has another tablet in hand; the one before came back.
type TabletSwapped struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"` // that the person has now
	WasID      string    `json:"was_id"`  // that came back
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	Condition  string    `json:"condition"` // of the one that came back
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// LoanExtended: the person may keep the tablet until another day.
type LoanExtended struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	To         string    `json:"to"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// LoanLate: the tablet is not back. On the first day the person is called, on the eighth written to, and on the
// twenty-first who looks after the pool decides.
type LoanLate struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	Kind       string    `json:"kind"` // call, letter, decision
	To         string    `json:"to"`   // the day on which it was due
	At         time.Time `json:"at"`
}

// LoanLost: the tablet does not come back. The loan stays open until it is written off, or the tablet turns up.
type LoanLost struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	Reason     string    `json:"reason"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// LoanWrittenOff: the loan has ended without its tablet.
type LoanWrittenOff struct {
	Pool       string    `json:"pool"`
	LoanID     string    `json:"loan_id"`
	ItemID     string    `json:"item_id"`
	ReferralID string    `json:"referral_id"`
	PersonID   string    `json:"person_id"`
	Decision   string    `json:"decision"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// ItemReset: accounts and photos are removed, or it is back from repair: it can be lent.
type ItemReset struct {
	Pool   string    `json:"pool"`
	ItemID string    `json:"item_id"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ItemSentToRepair: the item is lent to nobody until ItemReset.
type ItemSentToRepair struct {
	Pool   string    `json:"pool"`
	ItemID string    `json:"item_id"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ItemRetired: the item is lent to nobody any more. Its tag and serial number stay taken.
type ItemRetired struct {
	Pool   string    `json:"pool"`
	ItemID string    `json:"item_id"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// StocktakeTaken: somebody has looked at what is there. What is missing is lent to nobody until it is found, and what was
// lost and is found is there again once it is reset.
type StocktakeTaken struct {
	Pool        string    `json:"pool"`
	StocktakeID string    `json:"stocktake_id"`
	Found       []string  `json:"found"`      // items
	Missing     []string  `json:"missing"`    // items that should be there
	Unexpected  []string  `json:"unexpected"` // items that are there, and should be lent, lost or retired
	UnknownTags []string  `json:"unknown_tags"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// ItemFound: what was lost or missing is there again. What was lost is not lent before ItemReset.
type ItemFound struct {
	Pool   string    `json:"pool"`
	ItemID string    `json:"item_id"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ItemTransferred: the item went to another pool, which tells ItemReceived in the same moment. Its tag and serial number
// stay taken.
type ItemTransferred struct {
	Pool   string    `json:"pool"`
	ItemID string    `json:"item_id"`
	ToPool string    `json:"to_pool"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// ItemReceived: the item came from another pool, in the state it had there.
type ItemReceived struct {
	Pool     string    `json:"pool"`
	ItemID   string    `json:"item_id"`
	FromPool string    `json:"from_pool"`
	Kind     string    `json:"kind"`
	AssetTag string    `json:"asset_tag"`
	Serial   string    `json:"serial,omitempty"`
	Status   string    `json:"status"` // available, to_reset, repair
	By       string    `json:"by"`
	At       time.Time `json:"at"`
}

// Stream names the aggregate.
func (e ItemFound) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemTransferred) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemReceived) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e TabletSwapped) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e LoanExtended) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e LoanLate) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e LoanLost) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e LoanWrittenOff) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemReset) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemSentToRepair) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e ItemRetired) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e StocktakeTaken) Stream() string { return "pool:" + e.Pool }

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

func (TabletSwapped) equipment()    {}
func (LoanExtended) equipment()     {}
func (LoanLate) equipment()         {}
func (LoanLost) equipment()         {}
func (LoanWrittenOff) equipment()   {}
func (ItemReset) equipment()        {}
func (ItemSentToRepair) equipment() {}
func (ItemRetired) equipment()      {}
func (StocktakeTaken) equipment()   {}
func (ItemFound) equipment()        {}
func (ItemTransferred) equipment()  {}
func (ItemReceived) equipment()     {}
