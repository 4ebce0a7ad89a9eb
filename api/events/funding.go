package events

import "time"

// Funding is any fact the funding service tells. All of a fund are in one stream: so no two decisions ever spend the
// same euro. Money is in cents.
//
//sumtype:decl
type Funding interface {
	Fact
	funding()
}

// EnvelopeOpened: so much money of one source may be committed in these days.
type EnvelopeOpened struct {
	Fund        string    `json:"fund"`
	EnvelopeID  string    `json:"envelope_id"`
	Label       string    `json:"label"`
	Source      string    `json:"source"`
	From        string    `json:"from"`
	To          string    `json:"to,omitempty"` // the last day; empty: open-ended
	AmountCents int       `json:"amount_cents"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// CallOpened: organisations may propose projects in these days.
type CallOpened struct {
	Fund           string    `json:"fund"`
	CallID         string    `json:"call_id"`
	Label          string    `json:"label"`
	Opens          string    `json:"opens"`
	Closes         string    `json:"closes"`
	Sources        []string  `json:"sources,omitempty"`
	TargetPeople   int       `json:"target_people,omitempty"`
	TabletCents    int       `json:"tablet_cents,omitempty"`     // for each tablet; 0: no subsidy of tablets
	TabletCapCents int       `json:"tablet_cap_cents,omitempty"` // for each structure under this call
	By             string    `json:"by"`
	At             time.Time `json:"at"`
}

// StructureNoted: an organisation that asks for money, or had some. Of a provider it has the provider's identifier.
type StructureNoted struct {
	Fund        string    `json:"fund"`
	StructureID string    `json:"structure_id"`
	Label       string    `json:"label"`
	Networks    []string  `json:"networks,omitempty"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// ProjectProposed: a structure asks for money under a call.
type ProjectProposed struct {
	Fund         string    `json:"fund"`
	CallID       string    `json:"call_id"`
	ProjectID    string    `json:"project_id"`
	StructureID  string    `json:"structure_id"`
	Label        string    `json:"label"`
	CostCents    int       `json:"cost_cents"`  // in all
	AskedCents   int       `json:"asked_cents"` // of that
	TargetPeople int       `json:"target_people,omitempty"`
	Tablets      int       `json:"tablets,omitempty"`
	Criteria     []string  `json:"criteria,omitempty"` // whom it puts first: precarious, isolated, no_network
	By           string    `json:"by"`
	At           time.Time `json:"at"`
}

// AgendaItem is what a committee talks about.
type AgendaItem struct {
	Kind      string `json:"kind"` // decision or presentation
	Label     string `json:"label"`
	ProjectID string `json:"project_id,omitempty"`
}

// CommitteeConvened: the committee sits on a day.
type CommitteeConvened struct {
	Fund        string       `json:"fund"`
	CommitteeID string       `json:"committee_id"`
	Date        string       `json:"date"`
	Agenda      []AgendaItem `json:"agenda,omitempty"`
	By          string       `json:"by"`
	At          time.Time    `json:"at"`
}

// ProjectVoted: what the committee thinks of a project. A later vote on the same project replaces the one before.
type ProjectVoted struct {
	Fund        string    `json:"fund"`
	CommitteeID string    `json:"committee_id"`
	ProjectID   string    `json:"project_id"`
	Answer      string    `json:"answer"`                 // favourable, reduced, postponed, unfavourable
	AmountCents int       `json:"amount_cents,omitempty"` // promised until a decision commits it
	EnvelopeID  string    `json:"envelope_id,omitempty"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// MinutesFiled: the minutes of a committee have a reference.
type MinutesFiled struct {
	Fund        string    `json:"fund"`
	CommitteeID string    `json:"committee_id"`
	Filed       string    `json:"filed"` // reference
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// DecisionLine is one part of what was decided.
type DecisionLine struct {
	Label        string `json:"label"`
	AmountCents  int    `json:"amount_cents"`
	ProjectID    string `json:"project_id,omitempty"`
	Source       string `json:"source,omitempty"`
	Nature       string `json:"nature,omitempty"`      // action, equipment, accompaniment, partnership
	EnvelopeID   string `json:"envelope_id,omitempty"` // that it is committed of
	TargetPeople int    `json:"target_people,omitempty"`
}

// FundingDecided: money is committed, by a dated decision whose lines add up.
type FundingDecided struct {
	Fund        string         `json:"fund"`
	DecisionID  string         `json:"decision_id"`
	CommitteeID string         `json:"committee_id,omitempty"`
	Date        string         `json:"date"`
	TotalCents  int            `json:"total_cents"`
	Lines       []DecisionLine `json:"lines"`
	By          string         `json:"by"`
	At          time.Time      `json:"at"`
}

// TabletsSubsidised: a structure may buy tablets with money that was decided.
type TabletsSubsidised struct {
	Fund        string    `json:"fund"`
	SubsidyID   string    `json:"subsidy_id"`
	CallID      string    `json:"call_id"`
	StructureID string    `json:"structure_id"`
	Tablets     int       `json:"tablets"`
	AmountCents int       `json:"amount_cents"`
	DecisionID  string    `json:"decision_id"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// ProjectReported: what a project has reached. A later report replaces the one before.
type ProjectReported struct {
	Fund       string    `json:"fund"`
	ProjectID  string    `json:"project_id"`
	ReportID   string    `json:"report_id"`
	Reached    int       `json:"reached"` // people who were there once or more
	Finished   int       `json:"finished"`
	Autonomous int       `json:"autonomous"` // with an account, a mailbox, and the portal seen
	Held       int       `json:"held"`       // sessions
	Final      bool      `json:"final"`
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// PaymentMade: money of a line of a decision was paid.
type PaymentMade struct {
	Fund        string    `json:"fund"`
	PaymentID   string    `json:"payment_id"`
	DecisionID  string    `json:"decision_id"`
	Line        int       `json:"line"` // from 1
	AmountCents int       `json:"amount_cents"`
	Date        string    `json:"date"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// RecoveryAsked: money that was paid has to come back.
type RecoveryAsked struct {
	Fund        string    `json:"fund"`
	RecoveryID  string    `json:"recovery_id"`
	DecisionID  string    `json:"decision_id"`
	Line        int       `json:"line"`
	AmountCents int       `json:"amount_cents"`
	Reason      string    `json:"reason"`
	Date        string    `json:"date"`
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// Stream names the aggregate.
func (e EnvelopeOpened) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e CallOpened) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e StructureNoted) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e ProjectProposed) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e CommitteeConvened) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e ProjectVoted) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e MinutesFiled) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e FundingDecided) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e TabletsSubsidised) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e ProjectReported) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e PaymentMade) Stream() string { return "budget:" + e.Fund }

// Stream names the aggregate.
func (e RecoveryAsked) Stream() string { return "budget:" + e.Fund }

func (EnvelopeOpened) funding()    {}
func (CallOpened) funding()        {}
func (StructureNoted) funding()    {}
func (ProjectProposed) funding()   {}
func (CommitteeConvened) funding() {}
func (ProjectVoted) funding()      {}
func (MinutesFiled) funding()      {}
func (FundingDecided) funding()    {}
func (TabletsSubsidised) funding() {}
func (ProjectReported) funding()   {}
func (PaymentMade) funding()       {}
func (RecoveryAsked) funding()     {}
