package projections

import (
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/projections/rest"
)

// lines are those of a list of the day, as "kind reference by".
func lines(today rest.Today) (list []string) {
	for _, l := range today.Items {
		text := l.Kind + " " + l.Reference + " " + the(l.By)
		if l.Overdue {
			text += " late"
		}
		list = append(list, text)
	}
	return list
}

// TestASessionThatMeetsAWishStandsOnTheList: one that was there before is no hit, a new one is, the oldest wish first; once it is full it is none.
func TestASessionThatMeetsAWishStandsOnTheList(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("before", "provider-a", 3))
	wish := func(id string, at time.Time) {
		f := h.senior(id, "Souhaite", "montpellier", "advisor-34")
		h.hear(events.HelpWished{FlagID: id, Help: "wished", By: "advisor-34", At: at, Details: events.Clear(f.PersonID, events.Wish{Skills: []string{"internet"}, WithinKm: 15})})
	}
	wish("flag-2", noon.Add(2*time.Hour))
	wish("flag-1", noon.Add(3*time.Hour))
	list := func() []string { return lines(see[rest.Today](h, "advisor-34", "/desks/montpellier/today")) }
	if got := list(); !slices.Equal(got, []string{"wish R-flag-1 2021-12-15", "wish R-flag-2 2021-12-15"}) {
		t.Error("what was there before is not what they wait for:", got)
	}
	one, far := h.planned("new", "provider-a", 1), h.planned("far", "provider-a", 1)
	one.At, far.At, far.Insee = noon.Add(4*time.Hour), noon.Add(4*time.Hour), "30189"
	h.hear(one, far)
	if got := list(); !slices.Equal(got, []string{"wish_hit R-flag-2 2021-11-15", "wish_hit R-flag-1 2021-11-15"}) {
		t.Error("the older wish comes first:", got)
	}
	if about := the(see[rest.Today](h, "advisor-34", "/desks/montpellier/today").Items[0].About); about != "new" {
		t.Error(about)
	}
	other := h.opened(h.senior("flag-3", "Prend", "montpellier", "advisor-34"), "referral-3", "new", "provider-a")
	h.hear(other, events.HelpReferred{FlagID: "flag-3", ReferralID: other.ReferralID, At: noon}, h.requested(other), h.held(other))
	if got := list(); !slices.Equal(got, []string{"wish R-flag-1 2021-12-15", "wish R-flag-2 2021-12-15"}) {
		t.Error("it is full:", got)
	}
}

// TestF6_TheLastSeatsAreOneListWithTheOldestWishFirst: seventy-two hours before registration closes, of sessions with a free
// seat, and only for the desk that asks.
func TestF6_TheLastSeatsAreOneListWithTheOldestWishFirst(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	soon, later, full := h.planned("soon", "provider-a", 2), h.planned("later", "provider-a", 2), h.planned("full", "provider-a", 1)
	soon.RegistrationClosesAt, full.RegistrationClosesAt = noon.Add(72*time.Hour), noon.Add(time.Hour)
	later.RegistrationClosesAt = noon.Add(72*time.Hour + time.Second)
	h.hear(soon, later, full)
	for id, hours := range map[string]time.Duration{"flag-1": 3, "flag-2": 2} {
		f := h.senior(id, "Souhaite", "montpellier", "advisor-34")
		h.hear(events.HelpWished{FlagID: id, Help: "wished", By: "advisor-34", At: noon.Add(hours * time.Hour), Details: events.Clear(f.PersonID, events.Wish{Skills: []string{"internet"}, WithinKm: 15})})
	}
	o := h.opened(h.senior("flag-3", "Prend", "montpellier", "advisor-34"), "referral-3", "full", "provider-a")
	h.hear(o, h.requested(o), h.held(o), events.HelpReferred{FlagID: "flag-3", ReferralID: o.ReferralID, At: noon})
	h.clock.Set(noon)
	got := see[rest.LastSeats](h, "advisor-34", "/sessions/last-seats?desk=montpellier").Items
	if len(got) != 1 || got[0].SessionID != "soon" || got[0].Free != 2 || len(got[0].People) != 2 || got[0].People[0].FlagID != "flag-2" {
		t.Fatalf("%+v", got)
	}
	if got := see[rest.LastSeats](h, "advisor-34b", "/sessions/last-seats?desk=beziers").Items; len(got) != 0 {
		t.Errorf("another desk: %+v", got)
	}
}

// TestWhoComesBackStandsOnTheListOfTheDay: who comes back stands on it at once, who waits for a provider does not, and what is late comes first.
func TestWhoComesBackStandsOnTheListOfTheDay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 3))
	fresh, asked := h.senior("flag-1", "Nouvelle", "montpellier", "advisor-34"), h.senior("flag-2", "Attend", "montpellier", "advisor-34")
	wished := h.senior("flag-3", "Souhaite", "montpellier", "advisor-34")
	h.senior("flag-4", "Ailleurs", "beziers", "advisor-34b")
	o := h.opened(asked, "referral-2", "session-1", "provider-a")
	h.hear(o, events.HelpReferred{FlagID: asked.FlagID, ReferralID: o.ReferralID, At: noon}, h.requested(o), h.held(o),
		events.HelpWished{FlagID: wished.FlagID, Help: "wished", By: "advisor-34", At: noon, Details: events.Clear(wished.PersonID, events.Wish{Skills: []string{"internet"}, WithinKm: 15})},
		events.FlagTakenUp{FlagID: fresh.FlagID, AssignedTo: "advisor-34", By: "advisor-34", At: noon})
	today := see[rest.Today](h, "advisor-34", "/desks/montpellier/today")
	if got := lines(today); !slices.Equal(got, []string{"to_refer R-flag-1 2021-11-29", "wish R-flag-3 2021-12-15"}) {
		t.Error(got)
	}
	if first := today.Items[0]; !first.Mine || first.Who != "advisor-34" || first.Person.FamilyName != "Nouvelle" || today.Counts["mine"] != 1 || today.Counts["wish"] != 1 {
		t.Errorf("%+v %v", first, today.Counts)
	}
	h.hear(h.declined(o))
	today = see[rest.Today](h, "advisor-34", "/desks/montpellier/today")
	if got := lines(today); !slices.Equal(got, []string{"back R-flag-2 2021-11-18", "to_refer R-flag-1 2021-11-29", "wish R-flag-3 2021-12-15"}) {
		t.Error("the same moment, before detection has heard of it:", got)
	}
	if back := today.Items[0]; back.Why != "declined" || the(back.About) != "dates" || the(back.ReferralID) != "referral-2" {
		t.Errorf("%+v", back)
	}
	h.clock.Set(noon.AddDate(0, 0, 20))
	if got := lines(see[rest.Today](h, "advisor-34", "/desks/montpellier/today")); got[0] != "back R-flag-2 2021-11-18 late" || got[2] != "wish R-flag-3 2021-12-15" {
		t.Error(got)
	}
	for account, status := range map[string]int{"advisor-34b": 404, "provider-a": 403, "evaluator-34": 404, "referent-34": 200} {
		if got := h.get(account, "/desks/montpellier/today", nil).StatusCode; got != status {
			t.Errorf("%s: %d", account, got)
		}
	}
}

func TestWhatIsDoneForThePersonIsOnTheFlag(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Aidée", "montpellier", "advisor-34")
	note := func(text string) events.Sealed[events.Note] {
		return events.Clear(f.PersonID, events.Note{Text: text})
	}
	h.hear(events.FlagTakenUp{FlagID: f.FlagID, AssignedTo: "advisor-30", By: "advisor-30", At: noon}, // who does not work there any more
		events.HelpActed{FlagID: f.FlagID, ActID: "a1", Kind: "explained", Mode: "phone", Minutes: 10, By: "advisor-34", At: noon, Details: note("Messagerie inventée")},
		events.HelpWished{FlagID: f.FlagID, Help: "wished", By: "advisor-34", At: noon, Details: events.Clear(f.PersonID, events.Wish{Modes: []string{"phone"}})})
	flag := see[rest.Flag](h, "advisor-34", "/flags/flag-1")
	if flag.Help != "wished" || flag.AssignedTo != nil || flag.NextStep.What != "offer" || flag.NextStep.Who != "montpellier" || flag.Wish.Modes[0] != "phone" || flag.Wish.WithinKm != nil {
		t.Errorf("%+v", flag)
	}
	if act := flag.HelpActs[0]; *act.Topic != "Messagerie inventée" || *act.Minutes != 10 {
		t.Errorf("%+v", act)
	}
	h.hear(events.FlagClosed{FlagID: f.FlagID, Help: "closed", Outcome: "helped", By: "advisor-34", At: noon, Details: note("Sait faire")})
	flag = see[rest.Flag](h, "advisor-34", "/flags/flag-1")
	if *flag.Outcome != "helped" || *flag.ClosingNote != "Sait faire" || flag.Wish != nil || flag.NextStep.What != "none" {
		t.Errorf("%+v", flag)
	}
	h.hear(events.FlagReopened{FlagID: f.FlagID, Help: "to_refer", By: "advisor-34", At: noon, Details: note("A rappelé")},
		events.FlagTransferred{FlagID: f.FlagID, Desk: "beziers", By: "advisor-34", At: noon, Details: note("Habite plus près")})
	if got := h.get("advisor-34", "/flags/flag-1", nil).StatusCode; got != 404 {
		t.Error("the desk that gave it away reads on:", got)
	}
	h.hear(events.FlagTakenUp{FlagID: f.FlagID, AssignedTo: "advisor-34b", By: "advisor-34b", At: noon})
	list := see[rest.FlagPage](h, "advisor-34b", "/flags?assigned_to=advisor-34b")
	if len(list.Items) != 1 || list.Items[0].NextStep.Who != "advisor-34b" || list.Items[0].Outcome != nil {
		t.Errorf("%+v", list.Items)
	}
	if other := see[rest.FlagPage](h, "advisor-34b", "/flags?assigned_to=advisor-34"); len(other.Items) != 0 {
		t.Errorf("%+v", other.Items)
	}
}

// TestHelpThatEndsByItselfHasAnOutcomeAndNoNote: nobody wrote one.
func TestHelpThatEndsByItselfHasAnOutcomeAndNoNote(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Opposée", "montpellier", "advisor-34")
	h.hear(events.HelpEnded{FlagID: f.FlagID, Help: "closed", Reason: "objected", At: noon})
	if flag := see[rest.Flag](h, "advisor-34", "/flags/flag-1"); *flag.Outcome != "refused_by_person" || flag.ClosingNote != nil {
		t.Errorf("%+v", flag)
	}
}

// TestP26TheDeskThatIsToldSeesWhomToRingAndNothingOfTheSheet: what the social service knows stays there.
func TestP26TheDeskThatIsToldSeesWhomToRingAndNothingOfTheSheet(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Signalée", "nievre", "advisor-58")
	h.hear(events.SignalSent{FlagID: f.FlagID, SignalID: "s1", FromDesk: "nievre", Desk: "cote-dor", By: "advisor-58", At: noon,
		Details: events.Clear(f.PersonID, events.Signal{Topic: "retirement_rights", Message: "Relevé imaginaire"})})
	page := see[rest.SignalPage](h, "advisor-21", "/desks/cote-dor/signals")
	if len(page.Items) != 1 || page.Items[0].Person.FamilyName != "Signalée" || *page.Items[0].Topic != "retirement_rights" || page.Items[0].AnswerBy != "2021-11-22" || page.Items[0].Phone == nil {
		t.Fatalf("%+v", page.Items)
	}
	for path, status := range map[string]int{"/flags/flag-1": 404, "/persons/" + f.PersonID: 404, "/desks/nievre/signals": 404, "/desks/nievre/today": 404} {
		if got := h.get("advisor-21", path, nil).StatusCode; got != status {
			t.Errorf("%s: %d", path, got)
		}
	}
	if got := lines(see[rest.Today](h, "advisor-21", "/desks/cote-dor/today")); !slices.Equal(got, []string{"signal R-flag-1 2021-11-22"}) {
		t.Error(got)
	}
	h.clock.Set(noon.AddDate(0, 0, 8))
	if got := lines(see[rest.Today](h, "advisor-58", "/desks/nievre/today")); !slices.Contains(got, "signal_late R-flag-1 2021-11-22 late") {
		t.Error("five working days are over, and nobody is reminded:", got)
	}
	h.hear(events.SignalAnswered{FlagID: f.FlagID, SignalID: "s1", Answer: "done", By: "advisor-21", At: noon.AddDate(0, 0, 8), Details: events.Clear(f.PersonID, events.Note{Text: "Rendez-vous inventé"})})
	flag := see[rest.Flag](h, "advisor-58", "/flags/flag-1")
	if s := flag.Signals[0]; s.Status != "done" || *s.Answer != "Rendez-vous inventé" || s.Overdue {
		t.Errorf("%+v", s)
	}
	h.hear(events.ErasureRequested{PersonID: f.PersonID, Reason: "request", At: h.now})
	if page := see[rest.SignalPage](h, "advisor-21", "/desks/cote-dor/signals"); len(page.Items) != 0 {
		t.Errorf("%+v", page.Items)
	}
}

func TestD6_AnAgencyOfTheSameDepartmentListsAndReadsItsOwn(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.senior("flag-1", "Montpelliéraine", "montpellier", "advisor-34")
	h.senior("flag-2", "Biterroise", "beziers", "advisor-34b")
	for account, reference := range map[string]string{"advisor-34": "R-flag-1", "advisor-34b": "R-flag-2"} {
		list := see[rest.FlagPage](h, account, "/flags")
		if len(list.Items) != 1 || list.Items[0].Reference != reference {
			t.Errorf("%s: %+v", account, list.Items)
		}
	}
	if got := h.get("advisor-34", "/flags/flag-2", nil).StatusCode; got != 404 {
		t.Error(got)
	}
}

func TestD5_AnEvaluatorReadsOnlyTheirOwnFlags(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.senior("flag-1", "Conseillée", "montpellier", "advisor-34")
	h.senior("flag-2", "Évaluée", "montpellier", "evaluator-34")
	if got := h.get("evaluator-34", "/flags/flag-1", nil).StatusCode; got != 404 {
		t.Error(got)
	}
	if got := h.get("evaluator-34", "/flags/flag-2", nil).StatusCode; got != 200 {
		t.Error(got)
	}
}

// TestADeadlineIsOnTheListWhereSomethingIsLeftToDo: nothing is left for who did not agree to be referred.
func TestADeadlineIsOnTheListWhereSomethingIsLeftToDo(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for id, help := range map[string]string{"flag-1": "to_refer", "flag-2": "none"} {
		f := h.flagged(id, "", "montpellier", "advisor-34")
		f.Help, f.Unreviewed, f.MayRefer, f.Deadline = help, true, true, "2021-11-17"
		h.hear(f)
	}
	today := see[rest.Today](h, "advisor-34", "/desks/montpellier/today")
	if got := lines(today); !slices.Equal(got, []string{"deadline R-flag-1 2021-11-17"}) {
		t.Error(got)
	}
}
