package events

import "time"

// CampaignOpened: observations are collected under a key of their own from now on. A permanent programme has one
// campaign a month.
type CampaignOpened struct {
	CampaignID string    `json:"campaign_id"` // the programme, or <programme>.<YYYY-MM>
	Fund       string    `json:"fund"`
	Programme  string    `json:"programme"`
	Month      string    `json:"month,omitempty"` // of a permanent programme
	SubjectID  string    `json:"subject_id"`      // of the key
	At         time.Time `json:"at"`
}

// ObservationTold: what was observed, without who. It is pseudonymous until the campaign closes: the identifier is a
// keyed hash of the flag, and the answers are sealed with the campaign's key.
type ObservationTold struct {
	ObservationID string           `json:"observation_id"`
	CampaignID    string           `json:"campaign_id"`
	Fund          string           `json:"fund"`
	At            time.Time        `json:"at"`
	Details       Sealed[Observed] `json:"details"`
}

// ObservationCorrected: a mistake was seen after the validation. Details is all that is observed from now on.
type ObservationCorrected struct {
	ObservationID string           `json:"observation_id"`
	CampaignID    string           `json:"campaign_id"`
	Fund          string           `json:"fund"`
	At            time.Time        `json:"at"`
	Details       Sealed[Observed] `json:"details"`
}

// ObservationsPublished: observations of a closed campaign, in no order and without a day. From here on they are
// anonymous. Which rows were reclassified would tell whose they are, since that of a flag is told in clear: first is
// mixed among the rows of one desk, department, channel and month, so only its totals there mean something.
type ObservationsPublished struct {
	CampaignID string        `json:"campaign_id"`
	Fund       string        `json:"fund"`
	Programme  string        `json:"programme"`
	Rows       []Observation `json:"rows"`
	At         time.Time     `json:"at"`
}

// CampaignEnded: from here on nothing is observed in it any more. It is about to be closed.
type CampaignEnded struct {
	CampaignID string    `json:"campaign_id"`
	Fund       string    `json:"fund"`
	Programme  string    `json:"programme"`
	Month      string    `json:"month"`
	By         string    `json:"by"` // empty: the calendar
	At         time.Time `json:"at"`
}

// CampaignClosed: everything was published, and the campaign's key is destroyed.
type CampaignClosed struct {
	CampaignID   string    `json:"campaign_id"`
	Fund         string    `json:"fund"`
	Programme    string    `json:"programme"`
	Month        string    `json:"month,omitempty"`
	Observations int       `json:"observations"`
	By           string    `json:"by"` // empty: by the calendar
	At           time.Time `json:"at"`
}

// Observed is an observation and its day; only ever inside Sealed.
type Observed struct {
	Day string `json:"day"` // of the finding; never published
	Observation
}

// Observation is one situation as counted: inside Sealed until its campaign closes.
type Observation struct {
	Programme   string `json:"programme"`
	Month       string `json:"month"` // YYYY-MM of the finding
	Desk        string `json:"desk"`  // the unit
	Department  string `json:"department"`
	Channel     string `json:"channel"`
	Age         *int   `json:"age,omitempty"` // whole years at the finding
	Sex         string `json:"sex,omitempty"`
	Institution string `json:"institution,omitempty"`
	// First is the institution before the referent chose another.
	First            string   `json:"first,omitempty"`
	NetworkCoverage  *bool    `json:"network_coverage,omitempty"`
	Equipment        *bool    `json:"equipment,omitempty"`
	EquipmentKinds   []string `json:"equipment_kinds,omitzero"`
	FinancialProblem *bool    `json:"financial_problem,omitempty"`
	Difficulty       *bool    `json:"difficulty,omitempty"`
	DifficultyReason string   `json:"difficulty_reason,omitempty"`
	HelpPlace        []string `json:"help_place,omitempty"`
	TrainingNeed     *bool    `json:"training_need,omitempty"`
	FamilySituation  string   `json:"family_situation,omitempty"`
	Occupation       string   `json:"occupation,omitempty"`
	SickLeave        *bool    `json:"sick_leave,omitempty"`
	RightsAtRisk     *bool    `json:"rights_at_risk,omitempty"`
	Context          []string `json:"context,omitempty"`
	Keywords         []string `json:"keywords,omitempty"` // found in the description, which is not kept here
	WordList         string   `json:"word_list"`          // version
}

// What is told sealed of a situation has the same length, whatever is in it, up to a long description.
func (Observed) paddedTo() int         { return 1024 }
func (Sheet) paddedTo() int            { return 1024 }
func (Amendment) paddedTo() int        { return 1024 }
func (Reclassification) paddedTo() int { return 128 }

// Stream names the aggregate.
func (e CampaignOpened) Stream() string { return "campaign:" + e.CampaignID }

// Stream names the aggregate.
func (e ObservationTold) Stream() string { return "observation:" + e.ObservationID }

// Stream names the aggregate.
func (e ObservationCorrected) Stream() string { return "observation:" + e.ObservationID }

// Stream names the aggregate.
func (e ObservationsPublished) Stream() string { return "campaign:" + e.CampaignID }

// Stream names the aggregate.
func (e CampaignEnded) Stream() string { return "campaign:" + e.CampaignID }

// Stream of the fact.
func (e CampaignClosed) Stream() string { return "campaign:" + e.CampaignID }

func (CampaignOpened) detection()        {}
func (ObservationTold) detection()       {}
func (ObservationCorrected) detection()  {}
func (ObservationsPublished) detection() {}
func (CampaignEnded) detection()         {}
func (CampaignClosed) detection()        {}
