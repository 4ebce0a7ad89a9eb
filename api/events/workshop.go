package events

import "time"

// Workshop is any fact the workshop service tells.
//
//sumtype:decl
type Workshop interface {
	Fact
	workshop()
}

// SessionPlanned: a provider offers seats. Title and place describe the session, never a person.
type SessionPlanned struct {
	SessionID            string    `json:"session_id"`
	ProviderID           string    `json:"provider_id"`
	Title                string    `json:"title"`
	Mode                 string    `json:"mode"`
	Skills               []string  `json:"skills"`
	Insee                string    `json:"insee,omitempty"`
	Place                string    `json:"place,omitempty"`
	Capacity             int       `json:"capacity"` // 0 in a webinar: no limit
	Minimum              int       `json:"minimum"`
	Meetings             []Meeting `json:"meetings"`
	Languages            []string  `json:"languages"`
	Accessible           bool      `json:"accessible"`
	LendsEquipment       bool      `json:"lends_equipment"`
	Labelled             bool      `json:"labelled"`
	ProjectID            string    `json:"project_id,omitempty"`
	Programmes           []string  `json:"programmes"`
	Audience             Audience  `json:"audience"`
	CostCents            int       `json:"cost_cents"`
	Transport            string    `json:"transport"`
	Level                string    `json:"level,omitempty"`
	RegistrationClosesAt time.Time `json:"registration_closes_at"`
	Booking              string    `json:"booking"` // on_request, immediate
	ImmediateSeats       int       `json:"immediate_seats"`
	WaitingLimit         *int      `json:"waiting_limit,omitempty"`
	AssessmentRequired   bool      `json:"assessment_required"`
	Status               string    `json:"status"` // draft, open, running, closed
	By                   string    `json:"by"`
	At                   time.Time `json:"at"`
}

// Meeting is one of the days of a session.
type Meeting struct {
	StartsAt time.Time `json:"starts_at"`
	EndsAt   time.Time `json:"ends_at"`
}

// Audience is who a session is for; zero means everybody.
type Audience struct {
	AgeMinimum int `json:"age_minimum,omitempty"`
	GIR        int `json:"gir,omitempty"`
}

// SeatRequested: a referral has reached the session. SeatHeld, RequestQueued, SeatTaken, WaitingListJoined or
// RequestDeclined follows in the same decision.
type SeatRequested struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	Desk       string    `json:"desk"`
	LoanWanted bool      `json:"loan_wanted"`
	Together   string    `json:"together_with,omitempty"` // the referral of somebody who comes along: both have a seat, or both wait
	MayPart    bool      `json:"may_be_parted,omitempty"` // of two who come together: one may come without the other
	Priority   string    `json:"priority,omitempty"`      // why they come first, where a programme cites the decision for it
	RelayID    string    `json:"relay_id,omitempty"`      // the place from which they follow it
	AnswerBy   time.Time `json:"answer_by"`               // the request lapses then
	At         time.Time `json:"at"`
}

// SeatHeld: a free seat waits for the provider's answer.
type SeatHeld struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Until      time.Time `json:"until"`
	At         time.Time `json:"at"`
}

// RequestQueued: no seat is free; the provider may still say yes.
type RequestQueued struct {
	SessionID   string    `json:"session_id"`
	ReferralID  string    `json:"referral_id"`
	WouldBeRank int       `json:"would_be_rank"`
	At          time.Time `json:"at"`
}

// SeatTaken: the provider said yes and one place is kept.
type SeatTaken struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	FlagID     string    `json:"flag_id"`
	PersonID   string    `json:"person_id"`
	ProviderID string    `json:"provider_id"`
	LoanWanted bool      `json:"loan_wanted"`
	From       string    `json:"from"` // day of the first meeting, in Paris
	To         string    `json:"to"`   // day of the last one
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// WaitingListJoined: the provider said yes and no place was free.
type WaitingListJoined struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	Rank       int       `json:"rank"` // at that moment, from 1
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// RequestDeclined: the provider said no, or the session takes no requests.
type RequestDeclined struct {
	SessionID  string          `json:"session_id"`
	ReferralID string          `json:"referral_id"`
	Reason     string          `json:"reason"`
	By         string          `json:"by,omitempty"` // empty: the session takes no requests
	At         time.Time       `json:"at"`
	Message    Sealed[Message] `json:"message"`
}

// Message is a text about a person; only ever inside Sealed.
type Message struct {
	Text string `json:"text"`
}

// RequestLapsed: nobody answered in time.
type RequestLapsed struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	At         time.Time `json:"at"`
}

// RequestWithdrawn: the request was taken back.
type RequestWithdrawn struct {
	SessionID  string    `json:"session_id"`
	ReferralID string    `json:"referral_id"`
	At         time.Time `json:"at"`
}

// ProviderRegistered: an organisation of this department may hold sessions from now on. What stands in clear is what
// everybody may know of it; telephone and e-mail may lead to one person who works there, and are sealed.
type ProviderRegistered struct {
	ProviderID string                  `json:"provider_id"`
	Name       string                  `json:"name"`
	Fund       string                  `json:"fund"`
	Department string                  `json:"department"`
	Insee      string                  `json:"insee"`
	Street     string                  `json:"street,omitempty"`
	By         string                  `json:"by"`
	At         time.Time               `json:"at"`
	Contact    Sealed[ProviderContact] `json:"contact"` // none where nothing was given
}

// ProviderContact is how a provider is reached; only ever inside Sealed.
type ProviderContact struct {
	Phone string `json:"phone,omitempty"`
	Email string `json:"email,omitempty"`
}

// Stream names the aggregate.
func (e SessionPlanned) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatRequested) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatHeld) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestQueued) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e SeatTaken) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e WaitingListJoined) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestDeclined) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestLapsed) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e RequestWithdrawn) Stream() string { return "session:" + e.SessionID }

// Stream names the aggregate.
func (e ProviderRegistered) Stream() string { return "provider:" + e.ProviderID }

func (SessionPlanned) workshop()     {}
func (SeatRequested) workshop()      {}
func (SeatHeld) workshop()           {}
func (RequestQueued) workshop()      {}
func (SeatTaken) workshop()          {}
func (WaitingListJoined) workshop()  {}
func (RequestDeclined) workshop()    {}
func (RequestLapsed) workshop()      {}
func (RequestWithdrawn) workshop()   {}
func (ProviderRegistered) workshop() {}
