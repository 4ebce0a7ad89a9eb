package projections

import (
	"fmt"
	"slices"
	"time"

	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

// edges are moments at which a month begins or ends in Paris and not in UTC.
var edges = []time.Time{
	time.Date(2021, 10, 31, 23, 30, 0, 0, time.UTC), time.Date(2021, 11, 30, 23, 30, 0, 0, time.UTC), time.Date(2021, 10, 31, 22, 30, 0, 0, time.UTC),
	time.Date(2020, 12, 31, 23, 30, 0, 0, time.UTC),
}

func aMoment(t *rapid.T, label string) time.Time {
	if n := rapid.IntRange(0, 9).Draw(t, label+" at an edge"); n < len(edges) {
		return edges[n]
	}
	return noon.AddDate(0, 0, rapid.IntRange(-50, 8).Draw(t, label))
}

func meetingsFrom(first time.Time) []events.Meeting {
	return []events.Meeting{{StartsAt: first, EndsAt: first.Add(2 * time.Hour)}, {StartsAt: first.AddDate(0, 0, 7), EndsAt: first.AddDate(0, 0, 7).Add(2 * time.Hour)}}
}

// aCourse draws sessions of several providers from their plan to their end, with those who had a seat, what was recorded of them, help on
// the spot, records that turn out to be one person, and people who are erased.
func aCourse(t *rapid.T, persons []string) *world {
	w := newWorld()
	w.tell(w.provider("provider-1", "carsat-lr", "34"))
	var sessions []events.SessionPlanned
	for n := range rapid.IntRange(1, 4).Draw(t, "sessions") {
		s := w.planned(fmt.Sprintf("session-%d", n), rapid.SampledFrom([]string{"provider-a", "provider-a", "provider-b", "provider-1"}).Draw(t, "provider"), 8)
		s.Mode = rapid.SampledFrom([]string{"in_person", "video", "webinar", "webinar"}).Draw(t, "mode")
		s.Meetings = meetingsFrom(aMoment(t, "day"))
		sessions = append(sessions, s)
		w.tell(s)
	}
	var flags []events.SeniorFlagged
	seats := map[string][]events.ReferralOpened{}
	for n := range rapid.IntRange(3, 7).Draw(t, "flags") {
		f := w.aFlag(t, n)
		f.PersonID, f.Details = persons[n], shut[events.Sheet](persons[n])
		if rapid.IntRange(0, 5).Draw(t, "anonymous") == 0 {
			f.PersonID, f.Help = "", "none"
			w.tell(f)
			flags = append(flags, f)
			continue
		}
		registered := w.registered(f.PersonID)
		registered.Fund = f.Fund
		w.tell(registered, f)
		flags = append(flags, f)
		for r := range rapid.IntRange(1, 3).Draw(t, "referrals") {
			s := rapid.SampledFrom(sessions).Draw(t, "session")
			o := w.opened(f, fmt.Sprintf("referral-%d-%d", n, r), s.SessionID, s.ProviderID)
			w.tell(o, w.requested(o))
			if rapid.IntRange(0, 9).Draw(t, "seated") > 0 {
				w.tell(w.taken(o))
				seats[s.SessionID] = append(seats[s.SessionID], o)
			}
			if rapid.IntRange(0, 6).Draw(t, "handed over") == 0 {
				w.tell(events.FlagHandedOver{FlagID: f.FlagID, Desk: "nimes", Department: "30", At: w.now})
				w.tell(events.ReferralHandedOver{ReferralID: o.ReferralID, FlagID: f.FlagID, SessionID: o.SessionID, Desk: "nimes", Department: "30", At: w.now})
			}
		}
	}
	for _, s := range sessions {
		w.runs(t, s, seats[s.SessionID])
	}
	w.actsOnTheSpot(t, flags)
	w.turnsOut(t, persons, flags)
	return w
}

// runs draws what becomes of a session.
func (w *world) runs(t *rapid.T, s events.SessionPlanned, seated []events.ReferralOpened) {
	first := s.Meetings[0].StartsAt
	for _, o := range seated {
		if rapid.IntRange(0, 9).Draw(t, "freed") == 0 {
			w.tell(events.SeatFreed{SessionID: s.SessionID, ReferralID: o.ReferralID, Reason: "date", By: o.ProviderID, At: first.AddDate(0, 0, -1)})
		}
	}
	switch rapid.IntRange(0, 9).Draw(t, "change") {
	case 0:
		first = aMoment(t, "moved to")
		w.tell(events.SessionRescheduled{SessionID: s.SessionID, Meetings: meetingsFrom(first), Insee: s.Insee, Place: s.Place, Reason: "place", RegistrationClosesAt: s.RegistrationClosesAt, Status: "open", By: s.ProviderID, At: w.now})
	case 1:
		w.tell(events.MeetingCancelled{SessionID: s.SessionID, Meeting: 1, Reason: "animator", StartsAt: first.AddDate(0, 0, 7), EndsAt: first.AddDate(0, 0, 7).Add(2 * time.Hour), By: s.ProviderID, At: w.now})
		first = first.AddDate(0, 0, 7)
	case 2, 3:
		s.Mode = rapid.SampledFrom([]string{"in_person", "webinar"}).Draw(t, "held as")
		w.tell(events.SessionAdapted{SessionID: s.SessionID, Mode: s.Mode, Reason: "health_rules", By: s.ProviderID, At: w.now})
	}
	switch rapid.IntRange(0, 9).Draw(t, "fate of the session") {
	case 0:
		w.tell(events.SessionCancelled{SessionID: s.SessionID, Reason: "animator", By: s.ProviderID, At: first.AddDate(0, 0, -1)})
		for _, o := range seated {
			w.tell(events.RequestCancelled{SessionID: s.SessionID, ReferralID: o.ReferralID, Reason: "animator", Was: "enrolled", FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, At: first.AddDate(0, 0, -1)})
		}
		return
	case 1:
		return // nothing is noted of it
	}
	if first.After(noon) {
		return
	}
	w.tell(events.SessionStarted{SessionID: s.SessionID, At: first})
	w.attends(t, s, seated)
	for _, o := range seated {
		w.parts(t, o, first)
	}
	for range rapid.IntRange(0, 2).Draw(t, "presented") {
		w.tell(events.ServicesPresented{SessionID: s.SessionID, By: s.ProviderID, At: w.now,
			Services: rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"retirement", "health_insurance", "prevention"}), 0, 3, rapid.ID).Draw(t, "services")})
	}
	switch rapid.IntRange(0, 4).Draw(t, "end") {
	case 0:
		w.tell(events.SessionStopped{SessionID: s.SessionID, Reason: "place", By: s.ProviderID, At: w.now})
	case 1, 2:
		w.tell(events.SessionClosed{SessionID: s.SessionID, By: s.ProviderID, At: w.now})
	}
}

// attends draws records of meetings, some of which replace an earlier one.
func (w *world) attends(t *rapid.T, s events.SessionPlanned, seated []events.ReferralOpened) {
	for range rapid.IntRange(0, 3).Draw(t, "records") {
		meeting := rapid.IntRange(1, 2).Draw(t, "meeting")
		r := events.AttendanceRecorded{SessionID: s.SessionID, Meeting: meeting, By: s.ProviderID, At: w.now}
		for _, o := range seated {
			list := rapid.SampledFrom([]*[]string{&r.Present, &r.Present, &r.Excused, &r.Absent, nil}).Draw(t, "was")
			if list != nil {
				*list = append(*list, o.ReferralID)
			}
		}
		w.tell(r)
		if s.Mode == "webinar" && rapid.Bool().Draw(t, "counted") {
			w.tell(events.AttendanceCounted{
				SessionID: s.SessionID, Meeting: meeting, AtHome: rapid.IntRange(0, 20).Draw(t, "at home"), By: s.ProviderID, At: w.now,
				Relays: []events.RelayCount{{PlaceID: "place-1", Present: rapid.IntRange(0, 5).Draw(t, "in a relay")}, {PlaceID: "place-2", Present: 1}},
			})
		}
	}
}

// parts draws how somebody's part ended, and what was recorded of it.
func (w *world) parts(t *rapid.T, o events.ReferralOpened, first time.Time) {
	for range rapid.IntRange(0, 2).Draw(t, "outcomes") {
		w.tell(events.OutcomeRecorded{SessionID: o.SessionID, ReferralID: o.ReferralID, By: o.ProviderID, At: w.now, Details: events.Clear(o.PersonID, anOutcome(t))})
	}
	after := first.Add(time.Duration(rapid.IntRange(0, 48).Draw(t, "hours")) * time.Hour)
	switch rapid.IntRange(0, 7).Draw(t, "part") {
	case 0:
		w.tell(events.ParticipantDropped{SessionID: o.SessionID, ReferralID: o.ReferralID, Reason: "health", By: o.ProviderID, At: after})
	case 1:
		w.tell(events.ParticipantRemoved{SessionID: o.SessionID, ReferralID: o.ReferralID, Reason: "group", By: o.ProviderID, At: after})
	case 2:
		w.tell(events.NoShow{SessionID: o.SessionID, ReferralID: o.ReferralID, At: after})
	default:
		return
	}
	if rapid.IntRange(0, 2).Draw(t, "a mistake") == 0 {
		w.tell(events.ParticipantRestored{SessionID: o.SessionID, ReferralID: o.ReferralID, Reason: "mistake", By: o.ProviderID, At: after.Add(time.Hour)})
	}
}

func anOutcome(t *rapid.T) events.Outcome {
	yes := func(label string) bool { return rapid.IntRange(0, 4).Draw(t, label) > 0 }
	gains := func(codes ...string) map[string]events.Gain {
		all := map[string]events.Gain{}
		for _, code := range codes {
			if rapid.Bool().Draw(t, code) {
				all[code] = events.Gain{Before: rapid.IntRange(0, 3).Draw(t, "before"), After: rapid.IntRange(0, 3).Draw(t, "after")}
			}
		}
		return all
	}
	return events.Outcome{
		Completed: yes("completed"), AccountCreated: yes("account"), PortalConsulted: yes("portal"), MailboxCreated: yes("mailbox"),
		Skills: gains("email", "internet"), Items: gains("email_create", "internet_search"),
	}
}

func (w *world) actsOnTheSpot(t *rapid.T, flags []events.SeniorFlagged) {
	for n := range rapid.IntRange(0, 6).Draw(t, "help on the spot") {
		f := rapid.SampledFrom(flags).Draw(t, "for")
		w.tell(events.HelpActed{
			FlagID: f.FlagID, ActID: fmt.Sprint("act-", n), Kind: rapid.SampledFrom([]string{"explained", "done_for_person", "step_by_step"}).Draw(t, "kind"),
			Mode: rapid.SampledFrom([]string{"phone", "messaging", "home"}).Draw(t, "mode"), Minutes: 5 * rapid.IntRange(0, 4).Draw(t, "minutes"),
			By: f.By, At: aMoment(t, "helped on"), Details: shut[events.Note](f.PersonID),
		})
		if rapid.IntRange(0, 5).Draw(t, "transferred") == 0 {
			w.tell(events.FlagTransferred{FlagID: f.FlagID, Desk: "sete", By: f.By, At: w.now, Details: shut[events.Note](f.PersonID)})
		}
	}
}

// turnsOut draws records that are one person, some of them by mistake, and people who are erased.
func (w *world) turnsOut(t *rapid.T, persons []string, flags []events.SeniorFlagged) {
	known := func(id string) bool {
		return slices.ContainsFunc(flags, func(f events.SeniorFlagged) bool { return f.PersonID == id })
	}
	ids := slices.DeleteFunc(slices.Clone(persons), func(id string) bool { return !known(id) })
	for len(ids) > 1 && rapid.Bool().Draw(t, "one person") {
		into, other := ids[0], ids[1]
		w.tell(events.RecordJoined{PersonID: other, WithID: into, At: w.now}, events.PersonMerged{PersonID: into, OtherID: other, By: "advisor-34", At: w.now})
		if rapid.IntRange(0, 3).Draw(t, "parted") == 0 {
			w.tell(events.RecordLeft{PersonID: other, WithID: into, At: w.now}, events.PersonParted{PersonID: into, OtherID: other, By: "advisor-34", At: w.now})
		}
		ids = ids[2:]
	}
	for _, id := range persons {
		if known(id) && rapid.IntRange(0, 7).Draw(t, "erased") == 0 {
			w.tell(events.ErasureRequested{PersonID: id, Reason: "request", By: "advisor-34", At: w.now}, events.PersonErased{PersonID: id, Reason: "request", At: w.now})
		}
	}
}
