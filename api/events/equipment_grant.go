package events

import "time"

// Grant is any fact about what a programme gives for good, and about the hours with a coach that come with it. The
// equipment service tells them.
//
//sumtype:decl
type Grant interface {
	Fact
	grant()
}

// GrantOpened: a programme gives equipment and hours, to so many people. Told again it is renewed: a decision of its own
// says so, and those who are counted are counted anew.
type GrantOpened struct {
	Programme        string    `json:"programme"`
	Fund             string    `json:"fund"`
	Version          int       `json:"version"` // 1, 2, …
	Decision         string    `json:"decision"`
	Quota            int       `json:"quota"`                       // people
	Minutes          int       `json:"minutes"`                     // with a coach, for each
	ConnectionMonths int       `json:"connection_months,omitempty"` // 0: no connection line
	From             string    `json:"from"`                        // first day, in Paris
	To               string    `json:"to"`                          // last day
	By               string    `json:"by"`
	At               time.Time `json:"at"`
}

// EntitlementRequested: somebody asks for a person. A derogation says why, although the sheet speaks against it.
type EntitlementRequested struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	FlagID        string    `json:"flag_id"`              // under which it is asked: who sees that sees this
	Derogation    string    `json:"derogation,omitempty"` // empty: eligible by the sheet
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// EntitlementApproved: the person is one of the quota.
type EntitlementApproved struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Version       int       `json:"version"` // of the grant in whose quota the person is counted
	Minutes       int       `json:"minutes"` // promised
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// EntitlementRefused: the person gets nothing under this request.
type EntitlementRefused struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Reason        string    `json:"reason"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// EntitlementReleased: nothing was given yet, and nothing will be; the quota has the place back.
type EntitlementReleased struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Reason        string    `json:"reason"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// EntitlementEnded: the hours that are left will not be used. What was given stays given.
type EntitlementEnded struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Reason        string    `json:"reason"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// EntitlementCompleted: the item is given and the last minute was used.
type EntitlementCompleted struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	At            time.Time `json:"at"`
}

// ItemGiven: the person has an item for good. It is nobody else's any more.
type ItemGiven struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	ItemID        string    `json:"item_id"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// ItemGranted: the item of a pool was given to somebody for good, and leaves the stock. It stands in the pool's own stream,
// and is told together with ItemGiven.
type ItemGranted struct {
	Pool          string    `json:"pool"`
	ItemID        string    `json:"item_id"`
	EntitlementID string    `json:"entitlement_id"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// CoachNamed: who accompanies the person from now on, a provider or an account.
type CoachNamed struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	ProviderID    string    `json:"provider_id,omitempty"`
	Account       string    `json:"account,omitempty"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// AppointmentMade: coach and person see or ring each other. Told again of a number, it is moved.
type AppointmentMade struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Number        int       `json:"number"` // of the entitlement, from 1
	StartsAt      time.Time `json:"starts_at"`
	Minutes       int       `json:"minutes"` // planned
	Where         string    `json:"where"`   // home, place, phone, video
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// AppointmentMissed: it did not take place. It costs no minute.
type AppointmentMissed struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Number        int       `json:"number"`
	Reason        string    `json:"reason"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// MinutesUsed: so many of the person's minutes were used on a day.
type MinutesUsed struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	Number        int       `json:"number,omitempty"` // of the appointment; 0: there was none
	Minutes       int       `json:"minutes"`
	Day           string    `json:"day"` // in Paris
	Skills        []string  `json:"skills,omitempty"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// ConnectionBegun: the person has a line to the internet.
type ConnectionBegun struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	From          string    `json:"from"` // first day
	To            string    `json:"to"`   // last day
	Line          string    `json:"line,omitempty"`
	By            string    `json:"by"`
	At            time.Time `json:"at"`
}

// ConnectionEnding: the line ends in thirty days or less, and somebody should speak with the person about it.
type ConnectionEnding struct {
	Programme     string    `json:"programme"`
	EntitlementID string    `json:"entitlement_id"`
	PersonID      string    `json:"person_id"`
	To            string    `json:"to"` // last day
	At            time.Time `json:"at"`
}

// Stream names the aggregate.
func (e GrantOpened) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementRequested) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementApproved) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementRefused) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementReleased) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementEnded) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e EntitlementCompleted) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e ItemGiven) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e ItemGranted) Stream() string { return "pool:" + e.Pool }

// Stream names the aggregate.
func (e CoachNamed) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e AppointmentMade) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e AppointmentMissed) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e MinutesUsed) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e ConnectionBegun) Stream() string { return "grant:" + e.Programme }

// Stream names the aggregate.
func (e ConnectionEnding) Stream() string { return "grant:" + e.Programme }

func (GrantOpened) grant()          {}
func (EntitlementRequested) grant() {}
func (EntitlementApproved) grant()  {}
func (EntitlementRefused) grant()   {}
func (EntitlementReleased) grant()  {}
func (EntitlementEnded) grant()     {}
func (EntitlementCompleted) grant() {}
func (ItemGiven) grant()            {}
func (ItemGranted) grant()          {}
func (ItemGranted) equipment()      {} // of the pool, which evolves with it
func (CoachNamed) grant()           {}
func (AppointmentMade) grant()      {}
func (AppointmentMissed) grant()    {}
func (MinutesUsed) grant()          {}
func (ConnectionBegun) grant()      {}
func (ConnectionEnding) grant()     {}
