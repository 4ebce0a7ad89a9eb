package domain

import (
	"fmt"
	"maps"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// Presence is how somebody was at a meeting: present, excused or absent.
type Presence struct{ ReferralID, Status string }

// Attend records who was at a meeting. A second record of a meeting takes the place of the first.
type Attend struct {
	Change

	Meeting      int // from 1
	Participants []Presence
	OwnPresent   int    // of the provider's own public, by number
	Counted      *Count // of those whom nobody knows by name; nil: nobody was counted
}

// Count is how many followed a session at a distance, from home and from its relays.
type Count struct {
	AtHome int
	Relays []events.RelayCount
}

// Decide also says who never came: absent, without excuse, from the first two meetings, or from the only one. Somebody
// of whom that was said and who is present after all takes part again.
func (c Attend) Decide(w Workshop) ([]events.Workshop, error) {
	if err := c.known(w); err != nil {
		return nil, err
	}
	switch {
	case !w.begun(c.At):
		return nil, ErrNotBegun
	case !w.TakesPlace(c.Meeting):
		return nil, ErrNoMeeting
	case c.At.Before(w.plan.Meetings[c.Meeting-1].StartsAt):
		return nil, ErrNotBegun
	}
	if err := c.faults(w).OrNil(); err != nil {
		return nil, err
	}
	t := w.decide(c.SessionID, c.At)
	t.start()
	t.tell(c.record())
	if c.Counted != nil {
		t.tell(events.AttendanceCounted{SessionID: c.SessionID, Meeting: c.Meeting, AtHome: c.Counted.AtHome, Relays: orNone(c.Counted.Relays), By: c.By, At: c.At})
	}
	t.comeAndGone()
	return t.facts, nil
}

func (c Attend) faults(w Workshop) (faults refusal.Faults) {
	seen := map[string]bool{}
	for i, p := range c.Participants {
		field := fmt.Sprintf("participants[%d].", i)
		if r := w.find(p.ReferralID); r == nil || !r.tookPart() || seen[p.ReferralID] {
			faults = append(faults, refusal.Fault{Field: field + "referral_id", Code: "not_a_participant", Detail: "This person has no seat on the session, or is named twice."})
		}
		if !slices.Contains([]string{"present", "excused", "absent"}, p.Status) {
			faults = append(faults, refusal.Fault{Field: field + "status", Code: "not_in_list", Detail: "Somebody is present, excused or absent."})
		}
		seen[p.ReferralID] = true
	}
	if c.OwnPresent < 0 {
		faults = append(faults, refusal.Fault{Field: "own_present", Code: "negative", Detail: "The number cannot be below zero."})
	}
	if c.Counted != nil {
		faults = append(faults, c.Counted.faults(w)...)
	}
	return faults
}

// faults: only who follows from afar is counted, in places that were named for it.
func (c Count) faults(w Workshop) (faults refusal.Faults) {
	if w.Mode == "in_person" || w.Mode == "phone" {
		faults = append(faults, refusal.Fault{Field: "counted", Code: "not_counted", Detail: "Here everybody is known by name. Only a session that is followed from afar is counted."})
	}
	if c.AtHome < 0 {
		faults = append(faults, refusal.Fault{Field: "counted.at_home", Code: "negative", Detail: "The number cannot be below zero."})
	}
	seen := map[string]bool{}
	for i, r := range c.Relays {
		field := fmt.Sprintf("counted.relays[%d].", i)
		if !slices.ContainsFunc(w.relays, func(known relay) bool { return known.placeID == r.PlaceID }) || seen[r.PlaceID] {
			faults = append(faults, refusal.Fault{Field: field + "place_id", Code: "unknown_relay", Detail: "The session is not followed from this place, or it is named twice."})
		}
		if r.Present < 0 {
			faults = append(faults, refusal.Fault{Field: field + "present", Code: "negative", Detail: "The number cannot be below zero."})
		}
		seen[r.PlaceID] = true
	}
	return faults
}

// Attended is what was recorded of a meeting.
type Attended struct {
	events.AttendanceRecorded

	Counted *events.AttendanceCounted // nil: everybody is known by name
}

// Attendance is what was recorded, meeting by meeting.
func (w Workshop) Attendance() (list []Attended) {
	for _, n := range slices.Sorted(maps.Keys(w.attendance)) {
		one := Attended{AttendanceRecorded: w.attendance[n]}
		if c, ok := w.counts[n]; ok {
			one.Counted = &c
		}
		list = append(list, one)
	}
	return list
}

func (w Workshop) counted(e events.AttendanceCounted) Workshop {
	w.counts = maps.Clone(w.counts)
	if w.counts == nil {
		w.counts = map[int]events.AttendanceCounted{}
	}
	w.counts[e.Meeting] = e
	return w
}

func (c Attend) record() events.AttendanceRecorded {
	lists := map[string][]string{"present": {}, "excused": {}, "absent": {}}
	for _, p := range c.Participants {
		lists[p.Status] = append(lists[p.Status], p.ReferralID)
	}
	return events.AttendanceRecorded{
		SessionID: c.SessionID, Meeting: c.Meeting, Present: lists["present"], Excused: lists["excused"], Absent: lists["absent"],
		OwnPresent: c.OwnPresent, By: c.By, At: c.At,
	}
}

// tookPart: somebody who had a seat when the session began.
func (r *request) tookPart() bool {
	return r != nil && (r.answer == Enrolled || r.answer == NoShow || r.answer == Dropped)
}

func (w Workshop) attended(e events.AttendanceRecorded) Workshop {
	w.attendance = maps.Clone(w.attendance)
	if w.attendance == nil {
		w.attendance = map[int]events.AttendanceRecorded{}
	}
	w.attendance[e.Meeting] = e
	w.counts = maps.Clone(w.counts)
	delete(w.counts, e.Meeting) // a new count follows, if there is one
	return w
}

// present says at how many meetings somebody was.
func (w Workshop) present(referralID string) (n int) {
	for _, meeting := range w.attendance {
		n += count(slices.Contains(meeting.Present, referralID))
	}
	return n
}

// missed says whether somebody was absent from each of the first two meetings, or from the only one.
func (w Workshop) missed(referralID string) bool {
	looked := 0
	for i := range w.plan.Meetings {
		if !w.TakesPlace(i + 1) {
			continue
		}
		if !slices.Contains(w.attendance[i+1].Absent, referralID) {
			return false
		}
		if looked++; looked == 2 {
			break
		}
	}
	return true
}

func (t *telling) comeAndGone() {
	for _, r := range t.requests {
		switch {
		case r.answer == Enrolled && t.missed(r.referralID) && t.present(r.referralID) == 0:
			t.tell(events.NoShow{SessionID: t.sessionID, ReferralID: r.referralID, At: t.at})
		case r.answer == NoShow && t.present(r.referralID) > 0:
			t.tell(events.ParticipantRestored{SessionID: t.sessionID, ReferralID: r.referralID, Reason: "attended", By: "", At: t.at})
		}
	}
}
