package projections

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/projections/rest"
)

// joined says that two records are one person from now on.
func (h *house) joined(into, other string) {
	h.t.Helper()
	h.hear(events.RecordJoined{PersonID: other, WithID: into, At: h.now}, events.PersonMerged{PersonID: into, OtherID: other, By: "advisor-34", At: h.now})
}

func (h *house) parted(from, other string) {
	h.t.Helper()
	h.hear(events.RecordLeft{PersonID: other, WithID: from, At: h.now}, events.PersonParted{PersonID: from, OtherID: other, By: "advisor-34", At: h.now})
}

func TestThePageOfAPersonShowsWhatWasToldOfThem(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.senior("flag-1", "Exemplaire", "montpellier", "advisor-34")
	near, far := h.senior("flag-2", "Proche", "montpellier", "advisor-34"), h.senior("flag-3", "Lointain", "nimes", "advisor-30")
	link := func(other string) events.PersonLinked {
		return events.PersonLinked{PersonID: f.PersonID, OtherID: other, Kind: "household", At: h.now}
	}
	consent := func(kind string, given bool) events.ConsentNoted {
		return events.ConsentNoted{PersonID: f.PersonID, Kind: kind, Given: given, TextVersion: "v3", Channel: "signed", ToldBy: "guardian", By: "advisor-34", At: h.now}
	}
	h.hear(
		link(near.PersonID), link(far.PersonID), consent("sms", true), consent("referral", true), consent("referral", false),
		events.WishesNoted{PersonID: f.PersonID, At: h.now, Details: events.Clear(f.PersonID, events.Wishes{
			PaperOnly: true, NoCalls: []string{"mon_am"}, HelperOnly: true, Helper: &events.Helper{Name: "Dominique Fictif"}, Note: "Parler lentement",
		})},
		events.PersonObjected{PersonID: f.PersonID, At: h.now},
		events.DeathTold{PersonID: f.PersonID, At: h.now, Details: events.Clear(f.PersonID, events.Death{On: "2021-11", ToldBy: "La fille imaginaire"})},
	)
	p := see[rest.Person](h, "advisor-34", "/persons/"+f.PersonID)
	if w := p.Wishes; w == nil || !w.PaperOnly || !w.HelperOnly || *w.Note != "Parler lentement" || *w.Helper.Name != "Dominique Fictif" || !slices.Equal(w.NoCalls, []string{"mon_am"}) {
		t.Errorf("%+v", p.Wishes)
	}
	if c := p.Consents; len(c) != 2 || c[0].Kind != "referral" || c[0].Given || *c[0].TextVersion != "v3" || c[0].ToldBy != "guardian" || !c[1].Given {
		t.Errorf("%+v", p.Consents)
	}
	names := map[string]bool{}
	for _, l := range p.Links {
		names[l.PersonID] = l.Person != nil
	}
	if len(names) != 2 || !names[near.PersonID] || names[far.PersonID] {
		t.Errorf("%+v", p.Links)
	}
	if !p.Deceased || !p.Objected || *p.Death.On != "2021-11" || *p.Death.ToldBy != "La fille imaginaire" {
		t.Errorf("%+v", p)
	}
}

func TestSomebodyCorrectedOrMovedIsShownAndFoundAsIsRight(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	f := h.somebody(1, "montpellier", "advisor-34", events.Person{GivenName: "Camille", FamilyName: "Faux", Phone: "0465713401"})
	h.hear(events.PersonCorrected{PersonID: f.PersonID, Fund: "carsat-lr", At: h.now, Details: events.Clear(f.PersonID, events.Person{
		GivenName: "Camille", FamilyName: "Exemple", BirthDate: "1950", Phone: "0465713402",
	})})
	found := []string{referenceCode(1)}
	for body, want := range map[string][]string{
		`{"name": "faux"}`: {}, `{"phone": "0465713401"}`: {}, `{"name": "exemple", "phone": "0465713402", "birth_date": "1950-03"}`: found,
	} {
		if got := h.codes("advisor-34", body); !slices.Equal(got, want) {
			t.Errorf("%s: %v", body, got)
		}
	}
	h.hear(events.PersonMoved{PersonID: f.PersonID, Fund: "carsat-lr", Desk: "nimes", Department: "30", At: h.now, Details: events.Clear(f.PersonID, events.Person{
		GivenName: "Camille", FamilyName: "Exemple", Phone: "0465713403", Address: &events.Address{Insee: "30189"},
	})}, events.FlagHandedOver{FlagID: f.FlagID, Desk: "nimes", Department: "30", At: h.now})
	if got := h.get("advisor-34", "/persons/"+f.PersonID, nil).StatusCode; got != http.StatusNotFound {
		t.Error("the desk before still reads the person:", got)
	}
	p := see[rest.Person](h, "advisor-30", "/persons/"+f.PersonID)
	if *p.Details.Phone != "0465713403" || *p.Details.Address.Insee != "30189" || p.Flags[0].Desk != "nimes" {
		t.Errorf("%+v", p)
	}
	if got := h.codes("advisor-30", `{"phone": "0465713403"}`); !slices.Equal(got, found) {
		t.Error(got)
	}
	if got := h.get("advisor-30", "/persons/"+f.PersonID, nil).Header.Get("ETag"); got != web.ETag("person", 4) { // versions of a test's stream count all of its service
		t.Error(got)
	}
	h.rebuiltAlike()
}

// rebuiltAlike compares the marks and the board with those of new generations.
func (h *house) rebuiltAlike() {
	h.t.Helper()
	for _, model := range []*projection.Projector{h.people, h.projector} {
		if different, err := model.Verify(h.ctx); err != nil || different != nil {
			h.t.Error(different, err)
		}
	}
}

func TestMergedRecordsAreOnePersonEverywhere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	one := h.somebody(1, "montpellier", "advisor-34", events.Person{GivenName: "Camille", FamilyName: "Exemple", Phone: "0465713401"})
	two := h.somebody(2, "montpellier", "advisor-34", events.Person{GivenName: "Camille", FamilyName: "Fictif", Phone: "0465713402"})
	three := h.somebody(3, "beziers", "advisor-34b", events.Person{GivenName: "Camille", FamilyName: "Modèle"})
	o := h.opened(two, "referral-2", "session-1", "provider-a")
	h.hear(h.planned("session-1", "provider-a", 1), o, h.requested(o), h.held(o))
	h.joined(two.PersonID, three.PersonID)
	h.joined(one.PersonID, two.PersonID)
	for _, id := range []string{one.PersonID, two.PersonID, three.PersonID} {
		p := see[rest.Person](h, "advisor-34", "/persons/"+id)
		if p.ID != one.PersonID || p.Details.FamilyName != "Exemple" || len(p.Flags) != 2 || len(p.Referrals) != 1 || len(p.Merged) != 2 || len(p.Records) != 2 || p.Records[0].Person == nil || len(p.Records[0].References)+len(p.Records[1].References) != 1 {
			t.Errorf("%+v", p)
		}
	}
	for _, body := range []string{`{"name": "exemple"}`, `{"name": "fictif"}`, `{"phone": "0465713402"}`, `{"name": "modele"}`, `{"name": "camille"}`} {
		_, found, _ := h.asks("advisor-34", body)
		if len(found.Items) != 1 || *found.Items[0].PersonID != one.PersonID || found.Items[0].Person.FamilyName != "Exemple" {
			t.Errorf("%s: %+v", body, found.Items)
		}
	}
	if flag := see[rest.Flag](h, "advisor-34", "/flags/"+two.FlagID); *flag.PersonID != one.PersonID || *flag.Person.Phone != "0465713401" {
		t.Errorf("%+v", flag)
	}
	inbox := see[rest.InboxPage](h, "provider-a", "/providers/provider-a/inbox")
	if len(inbox.Items) != 1 || inbox.Items[0].Person.FamilyName != "Exemple" || *inbox.Items[0].Contact.Phone != "0465713401" {
		t.Errorf("the provider rings the wrong number: %+v", inbox.Items)
	}
	h.parted(one.PersonID, two.PersonID)
	if p := see[rest.Person](h, "advisor-34", "/persons/"+three.PersonID); p.ID != two.PersonID || len(p.Flags) != 1 {
		t.Errorf("what was shown with the second record stays with it: %+v", p)
	}
	if got := h.codes("advisor-34", `{"name": "camille"}`); len(got) != 2 {
		t.Error(got)
	}
	h.rebuiltAlike()
}

// TestAfterADeathNobodyIsToCall: whatever stood before, and whatever is on its way, there is nothing to do for the dead.
func TestAfterADeathNobodyIsToCall(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.hear(h.planned("session-1", "provider-a", 20))
	var dead []events.SeniorFlagged
	var late [][]events.Fact
	for n := range 8 {
		f := h.senior(fmt.Sprintf("flag-%d", n), "Défunt", "montpellier", "advisor-34")
		o := h.opened(f, fmt.Sprintf("referral-%d", n), "session-1", "provider-a")
		all := []events.Fact{o, h.requested(o), h.held(o), events.HelpReferred{FlagID: f.FlagID, ReferralID: o.ReferralID, At: h.now}, h.taken(o),
			events.ReferralAnswered{ReferralID: o.ReferralID, FlagID: f.FlagID, Answer: "enrolled", At: h.now},
			events.HelpReturned{FlagID: f.FlagID, ReferralID: o.ReferralID, Help: "to_refer", At: h.now}}
		for _, fact := range all[:n] {
			h.hear(fact)
		}
		h.hear(events.DeathTold{PersonID: f.PersonID, At: h.now, Details: events.Clear(f.PersonID, events.Death{})})
		dead, late = append(dead, f), append(late, append(all[n:], events.HelpEnded{FlagID: f.FlagID, Help: "closed", Reason: "deceased", At: h.now}))
	}
	h.nobodyCalls(dead)
	for i := range 8 {
		for _, facts := range late {
			if i < len(facts) {
				h.hear(facts[i])
			}
		}
		h.nobodyCalls(dead)
	}
	h.hear(events.DeathUndone{PersonID: dead[0].PersonID, At: h.now})
	h.nobodyCalls(dead[:1]) // what ended stays ended
	if p := see[rest.Person](h, "advisor-34", "/persons/"+dead[0].PersonID); p.Deceased || p.Death != nil {
		t.Errorf("%+v", p)
	}
}

// nobodyCalls looks at every list of a desk and of the provider.
func (h *house) nobodyCalls(dead []events.SeniorFlagged) {
	h.t.Helper()
	for _, help := range []string{"to_refer", "referred"} {
		if page := see[rest.FlagPage](h, "advisor-34", "/flags?help="+help); len(page.Items) != 0 {
			h.t.Errorf("to call: %+v", page.Items)
		}
	}
	if me := see[rest.Me](h, "advisor-34", "/me"); me.Counts.ToRefer != 0 {
		h.t.Errorf("%+v", me.Counts)
	}
	_, found, _ := h.asks("advisor-34", `{"name": "defunt"}`)
	for _, p := range found.Items {
		if p.NextStep.What != "none" && p.Deceased {
			h.t.Errorf("%+v", p)
		}
	}
	for _, f := range dead {
		if flag := see[rest.Flag](h, "advisor-34", "/flags/"+f.FlagID); flag.Help != "closed" || flag.NextStep.What == "refer" {
			h.t.Errorf("%+v", flag.NextStep)
		}
	}
	for _, line := range see[rest.InboxPage](h, "provider-a", "/providers/provider-a/inbox").Items {
		if line.Contact != nil {
			h.t.Errorf("the provider is to ring: %+v", line)
		}
	}
}
