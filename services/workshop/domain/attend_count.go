package domain

import (
	"fmt"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/refusal"
)

// counts says whether people were counted who followed the meeting from afar.
func (c Attend) counts() bool { return len(c.Relays) > 0 || c.AtHome != nil }

// countFaults: who follows from afar is counted, in a room that was named for it or at home.
func (c Attend) countFaults(w Workshop) (faults refusal.Faults) {
	add := func(wrong bool, field, code, detail string) {
		if wrong {
			faults = append(faults, refusal.Fault{Field: field, Code: code, Detail: detail})
		}
	}
	add(c.AtHome != nil && w.Mode == "in_person", "at_home", "not_at_a_distance", "Nobody follows this session from home.")
	add(c.AtHome != nil && *c.AtHome < 0, "at_home", "negative", "The number cannot be below zero.")
	for i, r := range c.Relays {
		field := fmt.Sprintf("relays[%d].", i)
		known := slices.ContainsFunc(w.relays, func(of relay) bool { return of.placeID == r.PlaceID })
		twice := slices.ContainsFunc(c.Relays[:i], func(of events.RelayCount) bool { return of.PlaceID == r.PlaceID })
		add(!known || twice, field+"place_id", "not_a_relay", "The session is not followed from this place, or it is named twice.")
		add(r.Present < 0, field+"present", "negative", "The number cannot be below zero.")
	}
	return faults
}

func (c Attend) counted() events.AttendanceCounted {
	told := events.AttendanceCounted{SessionID: c.SessionID, Meeting: c.Meeting, Relays: c.Relays, By: c.By, At: c.At}
	if c.AtHome != nil {
		told.AtHome = *c.AtHome
	}
	if told.Relays == nil {
		told.Relays = []events.RelayCount{}
	}
	return told
}
