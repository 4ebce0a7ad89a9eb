package events

import "time"

// ProgrammeSet: under which rules people are flagged and referred from now on. What was flagged before keeps the rules
// of its day. What stands now stands whole in the last such fact.
type ProgrammeSet struct {
	Fund        string    `json:"fund"`
	Programme   string    `json:"programme"`
	Version     int       `json:"version"` // 1, 2, …
	Decision    string    `json:"decision"`
	Name        string    `json:"name"`
	Kind        string    `json:"kind"` // campaign, permanent, none: counts nothing
	TakesFlags  bool      `json:"takes_flags"`
	Opens       []Opening `json:"opens"`
	Closes      string    `json:"closes,omitempty"` // last finding date
	AgeOver     int       `json:"age_over"`         // strictly, in whole years at the finding; 0: any adult
	LowestGIR   int       `json:"lowest_gir"`       // below it a hint; 0: any
	ReviewFirst bool      `json:"review_first"`     // a referral needs a validated flag
	Reviewed    bool      `json:"reviewed"`         // else an observation counts at submission
	OneOpen     string    `json:"one_open"`         // person, person_and_institution
	Desks       []string  `json:"desks"`            // that take part; none: all of the fund
	TextVersion string    `json:"text_version"`     // of the information
	Text        string    `json:"text"`             // read to the person
	Priority    *Priority `json:"priority,omitempty"`
	Closed      bool      `json:"closed,omitempty"` // its campaign is closed: it is as it is, and takes no flag
	By          string    `json:"by"`
	At          time.Time `json:"at"`
}

// Priority is who comes first on the waiting lists under a programme, and which decision says so.
type Priority struct {
	Criteria []string `json:"criteria"` // isolated, precarious, no_network; the first that holds is told
	Decision string   `json:"decision"`
}

// Opening is a department where a programme begins on a day.
type Opening struct {
	Department string `json:"department,omitempty"` // empty: any other
	From       string `json:"from"`                 // finding date
}

// Stream names the aggregate.
func (e ProgrammeSet) Stream() string { return "programme:" + e.Programme }

func (ProgrammeSet) access() {}
