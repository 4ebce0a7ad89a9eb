package projections

import (
	"net/http"
	"runtime"
	"slices"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

// TestTheStoryIsSeenByEveryone follows one senior from the flag to the tablet.
func TestTheStoryIsSeenByEveryone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Exemplaire", "montpellier", "advisor-34")
	flag := see[rest.Flag](h, "advisor-34", "/flags/flag-1")
	if flag.NextStep.What != "refer" || flag.NextStep.Who != "montpellier" || flag.Person.FamilyName != "Exemplaire" || flag.Erased {
		t.Fatalf("%+v", flag)
	}
	if *flag.Answers.Description != "N'a jamais ouvert sa messagerie inventée" || flag.ReviewHints[0] != "help_place" || *flag.Helper.Name != "Anselme Exemplaire" {
		t.Fatalf("the sheet: %+v", flag)
	}
	h.hear(h.planned("session-1", "provider-a", 1), events.ItemRegistered{Pool: "provider-a", ItemID: "item-1", Kind: "tablet", AssetTag: "T1", By: "provider-a", At: h.now})
	h.hear(events.FlagValidated{FlagID: "flag-1", By: "referent-34", At: h.now})

	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o, events.HelpReferred{FlagID: "flag-1", ReferralID: "referral-1", At: h.now})
	r := see[rest.Referral](h, "advisor-34", "/referrals/referral-1")
	if r.Status != "requested" || r.Seat != "pending" || r.NextStep.What != "answer" || the(r.NextStep.By) != "2021-12-15" {
		t.Fatalf("before the session has spoken: %+v", r)
	}
	h.hear(h.requested(o), h.held(o))
	r = see[rest.Referral](h, "advisor-34", "/referrals/referral-1")
	if r.Seat != "held" || r.HeldUntil == nil || *r.NextStep.By != "2021-11-25" || r.NextStep.Who != "provider-a" || *r.SessionTitle != "Premiers pas session-1" {
		t.Fatalf("held: %+v", r)
	}
	inbox := see[rest.InboxPage](h, "provider-a", "/providers/provider-a/inbox")
	if len(inbox.Items) != 1 || inbox.Items[0].Person.FamilyName != "Exemplaire" || inbox.Items[0].Seat != "held" || inbox.Next != nil {
		t.Fatalf("inbox: %+v", inbox)
	}
	if me := see[rest.Me](h, "provider-a", "/me"); me.Counts.ToAnswer != 1 {
		t.Fatalf("%+v", me)
	}
	if s := see[rest.Session](h, "advisor-34", "/sessions/session-1"); s.Held != 1 || *s.Free != 0 || s.CapacityStatus != "waitlist" || s.Status != "open" {
		t.Fatalf("session: %+v", s)
	}

	h.hear(h.taken(o))
	r = see[rest.Referral](h, "provider-a", "/referrals/referral-1")
	if r.Status != "enrolled" || r.Seat != "taken" || r.HeldUntil != nil || r.NextStep.What != "attend" || *r.NextStep.By != "2021-12-06" {
		t.Fatalf("a yes is seen before the referral service has heard of it: %+v", r)
	}
	h.hear(h.kept(o, "item-1"))
	r = see[rest.Referral](h, "advisor-34", "/referrals/referral-1")
	if r.Loan == nil || *r.Loan.ItemID != "item-1" || r.Loan.Status != "kept" {
		t.Fatalf("%+v", r.Loan)
	}
	want := []string{"opened", "seat_requested", "seat_held", "seat_taken", "tablet_kept"}
	if got := whats(r.History); !slices.Equal(got, want) {
		t.Fatalf("history %v, not %v", got, want)
	}
	ways := map[string][]string{
		"advisor-34": {"flag done", "review done", "referral done", "seat done", "tablet done", "session open", "outcome open"},
		"provider-a": {"flag done", "referral done", "seat done", "tablet done", "session open", "outcome open"}, // what was reviewed is not theirs to know
	}
	for account, want := range ways {
		var journey []string
		for _, step := range see[rest.Referral](h, account, "/referrals/referral-1").Journey {
			journey = append(journey, step.Stage+" "+step.State)
		}
		if !slices.Equal(journey, want) {
			t.Fatalf("journey for %s: %v", account, journey)
		}
	}
	h.everyOtherPage()
}

func (h *house) everyOtherPage() {
	h.t.Helper()
	participants := see[rest.ParticipantPage](h, "provider-a", "/sessions/session-1/participants")
	if len(participants.Items) != 1 || participants.Items[0].Status != "enrolled" || participants.Items[0].Rank != nil || participants.Items[0].Loan == nil {
		h.t.Fatalf("%+v", participants)
	}
	if items := see[rest.ItemPage](h, "provider-a", "/equipment/items?status=kept"); len(items.Items) != 1 || items.Items[0].AssetTag != "T1" {
		h.t.Fatalf("%+v", items)
	}
	if items := see[rest.ItemPage](h, "equipment-lr", "/equipment/items?status=available"); len(items.Items) != 0 {
		h.t.Fatalf("%+v", items)
	}
	if loans := see[rest.LoanPage](h, "equipment-lr", "/equipment/loans?pool=provider-a&status=kept&session_id=session-1"); len(loans.Items) != 1 {
		h.t.Fatalf("%+v", loans)
	}
	flag := see[rest.Flag](h, "referent-34", "/flags/flag-1")
	if flag.Help != "referred" || flag.NextStep.What != "attend" || len(flag.Referrals) != 1 || flag.Referrals[0].Status != "enrolled" {
		h.t.Fatalf("%+v", flag)
	}
	if got, want := whats(flag.History), []string{"flagged", "validated", "referred"}; !slices.Equal(got, want) {
		h.t.Fatalf("history %v", got)
	}
	person := see[rest.Person](h, "advisor-34", "/persons/"+*flag.PersonID)
	if person.Details.Phone == nil || len(person.Flags) != 1 || len(person.Referrals) != 1 || len(person.Loans) != 1 {
		h.t.Fatalf("%+v", person)
	}
	if codes := see[rest.Codes](h, "advisor-34", "/codes"); len(codes.Lists) == 0 || codes.Lists[0].Codes[0].Label != "Agence retraite" {
		h.t.Fatalf("%+v", codes)
	}
	for _, path := range []string{"/flags?status=validated&help=referred&programme=reperage-lr&desk=montpellier&department=34&channel=agency",
		"/referrals?status=enrolled&session_id=session-1&desk=montpellier",
		"/sessions?provider_id=provider-a&status=open&insee=34172&within_km=0&skills=email,internet&mode=in_person&language=fr&from=2021-12-06"} {
		if page := see[struct{ Items []any }](h, "advisor-34", path); len(page.Items) != 1 {
			h.t.Errorf("%s gives %d", path, len(page.Items))
		}
	}
	for _, path := range []string{"/flags?status=submitted", "/flags?unit=nievre", "/flags?assigned_to=advisor-34", "/flags?older_than=0",
		"/referrals?status=waitlisted", "/sessions?free=true", "/sessions?skills=office", "/sessions?from=2021-12-07", "/sessions?status=running"} {
		if page := see[struct{ Items []any }](h, "advisor-34", path); len(page.Items) != 0 {
			h.t.Errorf("%s gives %d", path, len(page.Items))
		}
	}
}

func whats(history []rest.HistoryLine) (list []string) {
	for _, l := range history {
		list = append(list, l.What)
	}
	return list
}

func TestRanksAreThePresentOnes(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	var all []events.ReferralOpened
	for _, n := range []string{"1", "2", "3", "4"} {
		o := h.opened(h.senior("flag-"+n, "Fictif"+n, "montpellier", "advisor-34"), "referral-"+n, "session-1", "provider-a")
		h.hear(o, h.requested(o))
		all = append(all, o)
	}
	h.hear(h.held(all[0]), h.queued(all[1]), h.queued(all[2]), h.queued(all[3]))
	h.ranks("would be", []int{0, 1, 2, 3})
	h.hear(h.taken(all[0]))
	h.hear(h.ranked(all[2])) // the third is asked first
	h.ranks("asked third, yes first", []int{0, 2, 1, 3})
	h.hear(h.ranked(all[1]), h.ranked(all[3]))
	h.ranks("all wait", []int{0, 2, 1, 3})
	h.hear(events.RequestWithdrawn{SessionID: "session-1", ReferralID: "referral-3", At: h.now})
	h.ranks("the first has gone", []int{0, 1, 0, 2})
	page := see[rest.ParticipantPage](h, "provider-a", "/sessions/session-1/participants?limit=1")
	for i, want := range []int{0, 1, 2} {
		if rank := page.Items[0].Rank; (rank == nil) != (want == 0) || rank != nil && *rank != want {
			t.Fatalf("participant %d has rank %v", i, rank)
		}
		if page.Next != nil {
			page = see[rest.ParticipantPage](h, "provider-a", "/sessions/session-1/participants?limit=1&cursor="+*page.Next)
		}
	}
}

// ranks compares rank or would_be_rank, on the list and on the page of each.
func (h *house) ranks(when string, want []int) {
	h.t.Helper()
	list := see[rest.ReferralPage](h, "advisor-34", "/referrals").Items
	for i, w := range want {
		one := see[rest.Referral](h, "advisor-34", "/referrals/referral-"+string(rune('1'+i)))
		line := list[len(list)-1-i]
		if got := rankIn(one.Rank, one.WouldBeRank); got != w || rankIn(line.Rank, line.WouldBeRank) != w {
			h.t.Fatalf("%s: %s has rank %d, on the list %d, not %d", when, one.ID, got, rankIn(line.Rank, line.WouldBeRank), w)
		}
	}
}

func rankIn(rank, wouldBe *int) int {
	switch {
	case rank != nil:
		return *rank
	case wouldBe != nil:
		return *wouldBe
	}
	return 0
}

func TestARefusalIsReadWithItsMessage(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	o := h.opened(h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), "referral-1", "session-1", "provider-a")
	declined := h.declined(o)
	declined.Message = events.Clear(o.PersonID, events.Message{Text: "Le mardi ne convient pas à cette personne inventée"})
	h.hear(o, events.HelpReferred{FlagID: o.FlagID, ReferralID: o.ReferralID, At: h.now}, h.requested(o), h.held(o), declined)
	r := see[rest.Referral](h, "advisor-34", "/referrals/referral-1")
	if r.Status != "declined" || *r.Reason != "dates" || *r.Message != "Le mardi ne convient pas à cette personne inventée" || r.NextStep.What != "refer" {
		t.Fatalf("%+v", r)
	}
	if flag := see[rest.Flag](h, "advisor-34", "/flags/flag-1"); flag.NextStep.What != "refer" {
		t.Fatalf("the desk refers again before detection has heard of it: %+v", flag.NextStep)
	}
}

func TestAnETagIsTheVersionThatActionsCommand(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	f := h.senior("flag-1", "Fictif", "montpellier", "advisor-34")
	o := h.opened(f, "referral-1", "session-1", "provider-a")
	h.hear(o)
	h.hear(h.requested(o), h.held(o), events.ReferralAnswered{ReferralID: o.ReferralID, FlagID: o.FlagID, Answer: "enrolled", At: h.now})
	for path, want := range map[string]string{ // versions of a test's stream count all of its service
		"/flags/flag-1": web.ETag("flag", 2), "/persons/" + f.PersonID: web.ETag("person", 1),
		"/referrals/referral-1": web.ETag("referral", 2), "/sessions/session-1": web.ETag("session", 3),
	} {
		if got := h.get("advisor-34", path, nil).Header.Get("ETag"); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
}

func TestASessionRunsAndEndsByTheClock(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	for days, want := range map[int]string{20: "open", 21: "running", 27: "running", 40: "closed"} {
		h.clock.Set(noon.AddDate(0, 0, days).Add(time.Minute))
		if s := see[rest.Session](h, "advisor-34", "/sessions/session-1"); s.Status != want {
			t.Errorf("after %d days: %s", days, s.Status)
		}
		if page := see[rest.SessionPage](h, "advisor-34", "/sessions?status="+want); len(page.Items) != 1 {
			t.Errorf("after %d days: not on the list of %s", days, want)
		}
	}
}

func TestAnUnknownIdentifierIsANotFoundOnceEverythingIsHeard(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, path := range []string{"/flags/none", "/persons/none", "/referrals/none", "/sessions/none"} {
		if got := h.get("advisor-34", path, nil).StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: %d", path, got)
		}
	}
	o := h.opened(h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), "referral-1", "session-1", "provider-a")
	h.tellers["referral"].Tell(h.sealed(o)) // nobody waits until the board has heard it
	if got := h.get("advisor-34", "/referrals/referral-1", nil).StatusCode; got != http.StatusOK {
		t.Fatalf("just opened: %d", got)
	}
}

func TestWaitingForAnAnswerEndsWithTheSessionsWord(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 1))
	o := h.opened(h.senior("flag-1", "Fictif", "montpellier", "advisor-34"), "referral-1", "session-1", "provider-a")
	h.hear(o)
	answer := make(chan rest.Referral)
	go func() {
		var r rest.Referral
		h.get("advisor-34", "/referrals/referral-1?wait=answered", &r)
		answer <- r
	}()
	for h.projector.Hub.Waiting() == 0 {
		select {
		case r := <-answer:
			t.Fatalf("did not wait: %+v", r)
		case <-h.ctx.Done():
			t.Fatal("nobody waits")
		default:
			runtime.Gosched()
		}
	}
	h.tellers["workshop"].Tell(h.planned("session-2", "provider-b", 1)) // somebody else's fact
	h.tellers["workshop"].Tell(h.requested(o), h.held(o))
	if r := <-answer; r.Seat != "held" {
		t.Fatalf("%+v", r)
	}
}
