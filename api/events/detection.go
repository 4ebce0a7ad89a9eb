package events

import "time"

// Detection is any fact the detection service tells.
//
//sumtype:decl
type Detection interface {
	Fact
	detection()
}

// PersonRegistered: somebody is known to the fund from now on.
type PersonRegistered struct {
	PersonID string         `json:"person_id"`
	Fund     string         `json:"fund"`
	At       time.Time      `json:"at"`
	Details  Sealed[Person] `json:"details"`
}

// SeniorFlagged: an advisor says that this person, or somebody who stays anonymous, has difficulties with
// digital services. The sheet is sealed with the person's key, an anonymous one with a key of its own.
type SeniorFlagged struct {
	FlagID      string        `json:"flag_id"`
	Reference   string        `json:"reference"`           // the short code people read
	PersonID    string        `json:"person_id,omitempty"` // empty: anonymous
	Fund        string        `json:"fund"`
	Programme   string        `json:"programme"`
	Desk        string        `json:"desk"`
	Department  string        `json:"department"`
	Channel     string        `json:"channel"`
	FindingDate string        `json:"finding_date"` // a day in Paris
	AgeBand     string        `json:"age_band,omitempty"`
	Status      string        `json:"status"` // submitted
	Help        string        `json:"help"`   // none, to_refer
	LoanWanted  bool          `json:"loan_wanted"`
	LoanFirst   bool          `json:"loan_first,omitempty"`  // no equipment, for want of money: comes first when tablets are short
	GrantMeant  bool          `json:"grant_meant,omitempty"` // no equipment, for want of money, and a risk of fragility: what a programme gives for good is meant for the person
	Language    string        `json:"language,omitempty"`
	Deadline    string        `json:"deadline,omitempty"`   // day by which help is needed
	MayRefer    bool          `json:"may_refer"`            // before the review: by the programme or the deadline
	Unreviewed  bool          `json:"unreviewed,omitempty"` // the programme reviews nothing: what was observed counts at once
	Priority    string        `json:"priority,omitempty"`   // why the person comes first on a waiting list, where the programme cites the decision for it
	OneOpen     string        `json:"one_open,omitempty"`   // claim held while the flag is open; a keyed hash where it would tell an answer
	By          string        `json:"by"`                   // account of the author
	At          time.Time     `json:"at"`
	Details     Sealed[Sheet] `json:"details"`
}

// FlagValidated: the referent finds the observation right.
type FlagValidated struct {
	FlagID string    `json:"flag_id"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

// HelpReferred: a referral is open for this flag.
type HelpReferred struct {
	FlagID     string    `json:"flag_id"`
	ReferralID string    `json:"referral_id"`
	At         time.Time `json:"at"`
}

// HelpReturned: a referral ended without a seat. The last one puts the person back on the desk's list.
type HelpReturned struct {
	FlagID     string    `json:"flag_id"`
	ReferralID string    `json:"referral_id"`
	Help       string    `json:"help"` // what holds from now on: referred while others are open, else to_refer
	At         time.Time `json:"at"`
}

// HelpEnded: nothing more is done for the person under this flag, because of something told of the person.
type HelpEnded struct {
	FlagID string    `json:"flag_id"`
	Help   string    `json:"help"`   // closed; none where the flag lives on without consent to be referred
	Reason string    `json:"reason"` // deceased, moved, duplicate, objected, consent_withdrawn
	At     time.Time `json:"at"`
}

// HelpResumed: the person agrees to be referred after all.
type HelpResumed struct {
	FlagID string    `json:"flag_id"`
	Help   string    `json:"help"` // to_refer
	At     time.Time `json:"at"`
}

// FlagHandedOver: another desk is in charge, because the person lives elsewhere.
type FlagHandedOver struct {
	FlagID     string    `json:"flag_id"`
	Desk       string    `json:"desk"`
	Department string    `json:"department"`
	At         time.Time `json:"at"`
}

// Person is what is known of somebody; only ever inside Sealed.
type Person struct {
	GivenName  string   `json:"given_name"`
	FamilyName string   `json:"family_name"`
	BirthName  string   `json:"birth_name,omitempty"`
	BirthDate  string   `json:"birth_date,omitempty"` // YYYY-MM-DD, YYYY-MM or YYYY
	Sex        string   `json:"sex,omitempty"`
	Phone      string   `json:"phone,omitempty"`
	Email      string   `json:"email,omitempty"`
	Language   string   `json:"language,omitempty"`
	Address    *Address `json:"address,omitempty"`
}

// Address is where somebody lives.
type Address struct {
	Street   string `json:"street,omitempty"`
	Postcode string `json:"postcode,omitempty"`
	Insee    string `json:"insee,omitempty"`
}

// Sheet is the whole sheet as it was filled in; only ever inside Sealed. A nil answer was not given.
type Sheet struct {
	FirstContact string   `json:"first_contact,omitempty"`
	Helper       *Helper  `json:"helper,omitempty"`
	Consents     Consents `json:"consents"`
	Answers      Answers  `json:"answers"`
	Profile      Profile  `json:"profile"`
	Needs        Needs    `json:"needs"`
	Context      []string `json:"context,omitempty"`
	Hints        []string `json:"hints,omitempty"` // what the referent should look at
	ForceReason  string   `json:"force_reason,omitempty"`
}

// Helper is somebody beside the person.
type Helper struct {
	Name       string `json:"name,omitempty"`
	Relation   string `json:"relation,omitempty"`
	Phone      string `json:"phone,omitempty"`
	MayBeTold  *bool  `json:"may_be_told,omitempty"`
	CallsFirst *bool  `json:"calls_first,omitempty"`
}

// Consents is what the person agreed to.
type Consents struct {
	Study       *bool  `json:"study,omitempty"`
	Referral    *bool  `json:"referral,omitempty"`
	TextVersion string `json:"text_version,omitempty"`
	Given       string `json:"given,omitempty"`
	By          string `json:"by,omitempty"`
}

// Answers are those of the form of 2020.
type Answers struct {
	Institution      string   `json:"institution,omitempty"`
	NetworkCoverage  *bool    `json:"network_coverage,omitempty"`
	Equipment        *bool    `json:"equipment,omitempty"`
	EquipmentKinds   []string `json:"equipment_kinds,omitzero"` // [] under equipment: no kind was ticked
	FinancialProblem *bool    `json:"financial_problem,omitempty"`
	Difficulty       *bool    `json:"difficulty,omitempty"`
	DifficultyReason string   `json:"difficulty_reason,omitempty"`
	HelpPlace        []string `json:"help_place,omitempty"`
	TrainingNeed     *bool    `json:"training_need,omitempty"`
	Description      string   `json:"description,omitempty"`
}

// Profile is the situation of the person; sex, age and department stand here for an anonymous sheet.
type Profile struct {
	FamilySituation string `json:"family_situation,omitempty"`
	Occupation      string `json:"occupation,omitempty"`
	SickLeave       *bool  `json:"sick_leave,omitempty"`
	Sex             string `json:"sex,omitempty"`
	Age             *int   `json:"age,omitempty"` // whole years at the finding date
	Department      string `json:"department,omitempty"`
}

// Needs is what a workshop has to offer to suit the person.
type Needs struct {
	Deadline     string   `json:"deadline,omitempty"`
	RightsAtRisk *bool    `json:"rights_at_risk,omitempty"`
	Skills       []string `json:"skills,omitempty"`
	Access       []string `json:"access,omitempty"`
	Travel       string   `json:"travel,omitempty"`
	Availability []string `json:"availability,omitempty"`
	Modes        []string `json:"modes,omitempty"`
	LoanWanted   *bool    `json:"loan_wanted,omitempty"`
	Isolated     *bool    `json:"isolated,omitempty"`
	Precarious   *bool    `json:"precarious,omitempty"`
	GIR          *int     `json:"gir,omitempty"`
}

// Stream names the aggregate.
func (e PersonRegistered) Stream() string { return "person:" + e.PersonID }

// Stream names the aggregate.
func (e SeniorFlagged) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagValidated) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpReferred) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpReturned) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpEnded) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpResumed) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagHandedOver) Stream() string { return "flag:" + e.FlagID }

func (PersonRegistered) detection() {}
func (SeniorFlagged) detection()    {}
func (FlagValidated) detection()    {}
func (HelpReferred) detection()     {}
func (HelpReturned) detection()     {}
func (HelpEnded) detection()        {}
func (HelpResumed) detection()      {}
func (FlagHandedOver) detection()   {}
