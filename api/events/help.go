package events

import "time"

// FlagClosed: nothing more is done under this flag, and what came of it is said.
type FlagClosed struct {
	FlagID  string       `json:"flag_id"`
	Help    string       `json:"help"`    // closed
	Outcome string       `json:"outcome"` // code
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Note] `json:"details"`
}

// FlagReopened: the closing was too early.
type FlagReopened struct {
	FlagID  string       `json:"flag_id"`
	Help    string       `json:"help"` // none, to_refer
	OneOpen string       `json:"one_open,omitempty"`
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Note] `json:"details"`
}

// HelpWished: nothing offered suits the person. Details say what would.
type HelpWished struct {
	FlagID  string       `json:"flag_id"`
	Help    string       `json:"help"` // wished
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Wish] `json:"details"`
}

// HelpActed: somebody was helped on the spot.
type HelpActed struct {
	FlagID  string       `json:"flag_id"`
	ActID   string       `json:"act_id"`
	Kind    string       `json:"kind"` // step_by_step, done_for_person, intermediary, explained
	Mode    string       `json:"mode"` // counter, phone, video, messaging, home
	Minutes int          `json:"minutes"`
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Note] `json:"details"` // the topic
}

// SignalSent: a desk tells another one about somebody who needs it. What the social service knows beyond stays there.
type SignalSent struct {
	FlagID   string         `json:"flag_id"`
	SignalID string         `json:"signal_id"`
	FromDesk string         `json:"from_desk"`
	Desk     string         `json:"desk"` // that is told
	Deadline string         `json:"deadline,omitempty"`
	By       string         `json:"by"`
	At       time.Time      `json:"at"`
	Details  Sealed[Signal] `json:"details"`
}

// SignalAnswered: the other desk says how far it is. Details is what was done, or why not.
type SignalAnswered struct {
	FlagID   string       `json:"flag_id"`
	SignalID string       `json:"signal_id"`
	Answer   string       `json:"answer"` // received, done, refused
	By       string       `json:"by"`
	At       time.Time    `json:"at"`
	Details  Sealed[Note] `json:"details"`
}

// FlagTransferred: somebody gives the flag to another desk. Details is the reason.
type FlagTransferred struct {
	FlagID  string       `json:"flag_id"`
	Desk    string       `json:"desk"`
	By      string       `json:"by"`
	At      time.Time    `json:"at"`
	Details Sealed[Note] `json:"details"`
}

// FlagTakenUp: somebody of the desk looks after it.
type FlagTakenUp struct {
	FlagID     string    `json:"flag_id"`
	AssignedTo string    `json:"assigned_to"` // account; empty: the whole desk again
	By         string    `json:"by"`
	At         time.Time `json:"at"`
}

// RefusalCounted: somebody did not want to take part in the study. Nothing else is kept.
type RefusalCounted struct {
	RefusalID   string    `json:"refusal_id"`
	Fund        string    `json:"fund"`
	Programme   string    `json:"programme"`
	Desk        string    `json:"desk"`
	FindingDate string    `json:"finding_date"`
	At          time.Time `json:"at"`
}

// EnquiryCounted: somebody asked only where there is something. Nothing else is kept.
type EnquiryCounted struct {
	EnquiryID string    `json:"enquiry_id"`
	Fund      string    `json:"fund"`
	Desk      string    `json:"desk"`
	Insee     string    `json:"insee"` // commune about which was asked
	Topic     string    `json:"topic"` // code
	At        time.Time `json:"at"`
}

// Wish is what would suit somebody; only ever inside Sealed.
type Wish struct {
	Skills       []string `json:"skills,omitempty"`
	Modes        []string `json:"modes,omitempty"`
	WithinKm     int      `json:"within_km,omitempty"` // 0: anywhere
	Availability []string `json:"availability,omitempty"`
}

// Signal is what one desk tells another of somebody; only ever inside Sealed.
type Signal struct {
	Topic   string `json:"topic"`
	Message string `json:"message,omitempty"`
}

// Stream names the aggregate.
func (e FlagClosed) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagReopened) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpWished) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e HelpActed) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e SignalSent) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e SignalAnswered) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagTransferred) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e FlagTakenUp) Stream() string { return "flag:" + e.FlagID }

// Stream names the aggregate.
func (e RefusalCounted) Stream() string { return "refusal:" + e.RefusalID }

// Stream names the aggregate.
func (e EnquiryCounted) Stream() string { return "enquiry:" + e.EnquiryID }

func (FlagClosed) detection()      {}
func (FlagReopened) detection()    {}
func (HelpWished) detection()      {}
func (HelpActed) detection()       {}
func (SignalSent) detection()      {}
func (SignalAnswered) detection()  {}
func (FlagTransferred) detection() {}
func (FlagTakenUp) detection()     {}
func (RefusalCounted) detection()  {}
func (EnquiryCounted) detection()  {}
