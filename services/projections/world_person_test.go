package projections

import (
	"pgregory.net/rapid"

	"example.org/passerelle/api/events"
)

// persons draws what may be told of people, in an order that the rules allow.
func (w *world) persons(t *rapid.T, ids []string, referrals map[string]events.ReferralOpened) {
	joined, dead := map[string]string{}, map[string]bool{}
	for range rapid.IntRange(0, 8).Draw(t, "told of people") {
		id := rapid.SampledFrom(ids).Draw(t, "person")
		other := rapid.SampledFrom(ids).Draw(t, "other person")
		if joined[id] != "" {
			if rapid.Bool().Draw(t, "parted") {
				w.tell(events.RecordLeft{PersonID: "person-" + id, WithID: "person-" + joined[id], At: w.now},
					events.PersonParted{PersonID: "person-" + joined[id], OtherID: "person-" + id, At: w.now})
				delete(joined, id)
			}
			continue
		}
		if dead[id] {
			w.tell(events.DeathUndone{PersonID: id, By: "advisor-34", At: w.now})
			delete(dead, id)
			continue
		}
		f := w.flagged("flag-"+id, "person-"+id, "montpellier", "advisor-34")
		o, sent := referrals[id]
		person := "person-" + id
		switch rapid.IntRange(0, 8).Draw(t, "what is told") {
		case 0:
			w.tell(events.PersonCorrected{PersonID: person, Fund: "carsat-lr", By: "advisor-34", At: w.now, Details: shut[events.Person](person)})
		case 1:
			w.tell(events.PersonMoved{PersonID: person, Fund: "carsat-lr", Desk: "nimes", Department: "30", At: w.now, Details: shut[events.Person](person)})
			w.tell(events.FlagHandedOver{FlagID: f.FlagID, Desk: "nimes", Department: "30", At: w.now})
			if sent {
				w.tell(events.ReferralHandedOver{ReferralID: o.ReferralID, FlagID: f.FlagID, Desk: "nimes", Department: "30", At: w.now})
			}
		case 2:
			if other == id || joined[other] != "" || dead[other] {
				continue
			}
			w.tell(events.RecordJoined{PersonID: "person-" + other, WithID: person, At: w.now}, events.PersonMerged{PersonID: person, OtherID: "person-" + other, At: w.now})
			joined[other] = id
		case 3:
			w.tell(events.PersonLinked{PersonID: person, OtherID: "person-" + other, Kind: "household", Ended: rapid.Bool().Draw(t, "link ended"), At: w.now})
		case 4:
			w.tell(events.WishesNoted{PersonID: person, By: "advisor-34", At: w.now, Details: shut[events.Wishes](person)})
		case 5:
			given := rapid.Bool().Draw(t, "given")
			w.tell(events.ConsentNoted{PersonID: person, Kind: "referral", Given: given, Channel: "oral", ToldBy: "person", By: "advisor-34", At: w.now})
			if given {
				w.tell(events.HelpResumed{FlagID: f.FlagID, Help: "to_refer", At: w.now})
			} else {
				w.tell(events.HelpEnded{FlagID: f.FlagID, Help: "none", Reason: "consent_withdrawn", At: w.now})
			}
		case 6:
			w.tell(events.PersonObjected{PersonID: person, By: "privacy-lr", At: w.now})
		default:
			w.tell(events.DeathTold{PersonID: person, By: "advisor-34", At: w.now, Details: shut[events.Death](person)})
			w.tell(events.HelpReturned{FlagID: f.FlagID, ReferralID: o.ReferralID, Help: "to_refer", At: w.now}) // on its way
			w.tell(events.HelpEnded{FlagID: f.FlagID, Help: "closed", Reason: "deceased", At: w.now})
			dead[id] = true
		}
	}
}
