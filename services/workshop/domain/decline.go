package domain

import (
	"slices"
	"strings"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

var declineReasons = []string{
	"not_reachable", "absent", "in_employment", "in_training", "not_eligible", "not_mobile", "not_interested", "incompatible",
	"session_full", "duplicate", "level", "access_need", "language", "dates", "session_not_open", "other",
}

// Decline is a provider's no, with a reason. The message is about the person and sealed with their key.
type Decline struct {
	SessionID, ReferralID, ProviderID string
	Reason                            string
	Message                           string
	By                                string
	At                                time.Time
}

// Decide ends the request and passes its hold on.
func (d Decline) Decide(w Workshop) ([]events.Workshop, error) {
	r, err := w.asked(d.ReferralID, d.ProviderID)
	if err != nil {
		return nil, err
	}
	if err := d.faults().OrNil(); err != nil {
		return nil, err
	}
	switch {
	case r.answer == Declined:
		return nil, nil
	case r.answer == Enrolled, r.waits():
		return nil, ErrAnsweredYes
	case !r.open():
		return nil, ErrRequestEnded
	}
	declined := events.RequestDeclined{SessionID: d.SessionID, ReferralID: d.ReferralID, Reason: d.Reason, By: d.By, At: d.At}
	if d.Message != "" {
		declined.Message = events.Clear(r.personID, events.Message{Text: d.Message})
	}
	t := w.decide(d.SessionID, d.At)
	t.tell(declined)
	return t.done()
}

func (d Decline) faults() refusal.Faults {
	var faults refusal.Faults
	if !slices.Contains(declineReasons, d.Reason) {
		faults = append(faults, refusal.Fault{Field: "reason", Code: "not_in_list", Detail: "Choose one of the reasons of the list."})
	}
	if d.Reason == "other" && strings.TrimSpace(d.Message) == "" {
		faults = append(faults, refusal.Fault{Field: "message", Code: "required", Detail: "Say in a few words why; the desk reads it to the person."})
	}
	return faults
}
