package projections

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/sample"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// said is a call of a desk, with what was written of it.
func (w *world) said(person, id, desk, text string) events.ContactNoted {
	return events.ContactNoted{
		ContactID: id, PersonID: person, Desk: desk, Direction: "out", Channel: "phone", Outcome: "reached", By: "someone of " + desk, At: w.now,
		Details: events.Clear(person, events.Note{Text: text}),
	}
}

func (h *house) contactsOf(account, person string) []rest.PersonContact {
	h.t.Helper()
	return see[rest.Person](h, account, "/persons/"+person).Contacts
}

// TestThePageOfAPersonTellsEveryContact: calls, what was left as a word, letters that left or came back; with the desk, who it was, and the
// referral it was about.
func TestThePageOfAPersonTellsEveryContact(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	person, next := o.PersonID, noon.AddDate(0, 0, 2)
	about := func(id, about, channel, direction, outcome string) events.ContactNoted {
		c := h.said(person, id, "montpellier", "")
		c.AboutID, c.Channel, c.Direction, c.Outcome, c.Details = about, channel, direction, outcome, events.Sealed[events.Note]{}
		return c
	}
	called := about("c1", o.ReferralID, "phone", "out", "call_back")
	called.NextAt = &next
	letter := o.ReferralID + ".1"
	h.hear(called)
	h.hear(about("c2", "session-1."+o.ReferralID+".1", "phone", "out", "left_word"))
	h.hear(events.LetterDue{LetterID: letter, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: person, Desk: o.Desk, Kind: "seat", Until: next, At: h.now},
		events.LetterSent{LetterID: letter, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: person, Desk: o.Desk, By: "advisor-34", At: h.now})
	h.hear(about("c4", letter, "letter", "in", "returned"))
	h.hear(h.said(person, "c5", "montpellier", "Rappellera quand elle aura parlé à sa fille imaginaire"))
	got := h.contactsOf("advisor-34", person)
	want := []string{
		"phone out reached", "letter in returned " + o.ReferralID, "letter out sent " + o.ReferralID, "phone out left_word " + o.ReferralID, "phone out call_back " + o.ReferralID,
	}
	for i, c := range got {
		if line := strings.TrimSpace(fmt.Sprint(c.Channel, " ", c.Direction, " ", c.Outcome, " ", the(c.ReferralID))); i >= len(want) || line != want[i] || c.Desk != "montpellier" || c.By == "" {
			t.Errorf("%d: %s of %s by %s", i, line, c.Desk, c.By)
		}
	}
	if len(got) != len(want) || !strings.Contains(the(got[0].Note), "fille imaginaire") || !got[4].NextAt.Equal(next) {
		t.Fatalf("%+v", got)
	}
	if flag := see[rest.Flag](h, "advisor-34", "/flags/"+o.FlagID); len(flag.Contacts) != len(want) || the(flag.Contacts[1].ReferralID) != o.ReferralID {
		t.Errorf("the flag tells otherwise: %+v", flag.Contacts)
	}
	if n := h.queries(func() { h.contactsOf("advisor-34", person) }); n > 9 {
		t.Errorf("a person costs %d queries", n)
	}
	h.rebuiltAlike()
}

// TestAPrintedLetterBreaksNoPromiseToRing: the seat's letter leaves, and the call that somebody asked for still stands on the list.
func TestAPrintedLetterBreaksNoPromiseToRing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	o := h.group(1)[0]
	next := noon.AddDate(0, 0, 1)
	called := h.said(o.PersonID, "c1", "montpellier", "")
	called.Outcome, called.NextAt = "call_back", &next
	h.hear(called)
	letter := o.ReferralID + ".1"
	h.hear(events.LetterDue{LetterID: letter, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, Kind: "seat", Until: next, At: h.now},
		events.LetterSent{LetterID: letter, ReferralID: o.ReferralID, FlagID: o.FlagID, PersonID: o.PersonID, Desk: o.Desk, By: "advisor-34", At: h.now})
	h.clock.Set(next)
	if got := h.today(); got.Counts["call_back"] != 1 {
		t.Error(lines(got))
	}
}

// overheard is somebody whom an agency, another agency and a unit of the social service look after, an evaluator flagged, and with whom each
// of the three has spoken.
func overheard(h *house) (person string, flags []events.SeniorFlagged, told []events.ContactNoted) {
	f := h.somebody(1, "montpellier", "evaluator-34", events.Person{GivenName: "Camille", FamilyName: "Exemple"})
	for n, desk := range []string{"montpellier", "beziers", "nievre", "nevers"} {
		one := f
		if n > 0 {
			at, _ := sample.Directory().Desk(desk)
			one.FlagID, one.Reference, one.Desk, one.Fund, one.Department, one.By = fmt.Sprint("flag-of-", desk), referenceCode(n+1), desk, at.Fund, at.Departments[0], "someone"
			one.Details = events.Clear(f.PersonID, events.Sheet{})
			h.hear(one)
		}
		flags = append(flags, one)
		told = append(told, h.said(f.PersonID, "said at "+desk, desk, "Un mot inventé de "+desk))
		h.hear(told[n])
	}
	return f.PersonID, flags, told
}

// misheard are the accounts that hear other contacts of a person, or other words, than the rule says: one's own side of the secrecy only, and
// the words only where one may speak with the person. It reads the facts.
func (h *house) misheard(accounts []directory.Account, person string, flags []events.SeniorFlagged, told []events.ContactNoted) (wrong []string) {
	h.t.Helper()
	unit := func(desk string) bool { d, _ := sample.Directory().Desk(desk); return d.Kind == directory.KindUnit }
	for _, a := range accounts {
		var want []string
		for _, c := range slices.Backward(told) {
			reads, speaks := false, false
			for _, f := range flags {
				at := policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.By}
				if unit(f.Desk) == unit(c.Desk) {
					reads = reads || policy.Can(a, policy.ReadPerson, at) == policy.Allowed
					speaks = speaks || policy.Can(a, policy.NoteContact, at) == policy.Allowed
				}
			}
			if reads {
				want = append(want, fmt.Sprint(c.Desk, " with words: ", speaks))
			}
		}
		var p rest.Person
		if status := h.get(a.ID, "/persons/"+person, &p).StatusCode; status != http.StatusOK {
			if len(want) > 0 {
				wrong = append(wrong, fmt.Sprint(a.ID, ": ", status))
			}
			continue
		}
		var got []string
		for _, c := range p.Contacts {
			got = append(got, fmt.Sprint(c.Desk, " with words: ", c.Note != nil))
		}
		if !slices.Equal(got, want) {
			wrong = append(wrong, fmt.Sprintf("%s hears %v, not %v", a.ID, got, want))
		}
	}
	return wrong
}

// withTwoSides is a directory with somebody who works at an agency, and somebody who works at a unit and an agency.
func withTwoSides(more ...events.Access) *directory.Directory {
	facts := sample.Facts(sample.Day)
	at := func(id, account, desk string) events.Access {
		return events.MembershipGranted{
			MembershipID: id, Fund: "carsat-bfc", Account: account, Role: string(directory.Advisor),
			Scope: events.Scope{Kind: directory.ScopeDesk, ID: desk}, From: sample.Since, At: sample.Day,
		}
	}
	return directory.Of(append(append(facts, at("m1", "drawn-agency", "nevers"), at("m2", "drawn-both", "nevers"), at("m3", "drawn-both", "nievre")), more...)...)
}

// within serves with another directory.
func (h *house) within(d *directory.Directory) {
	c := h.config()
	c.Directory = func() *directory.Directory { return d }
	h.mount(c)
}

func TestWhatTheSocialServiceSaidIsForItsOwnPeople(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	person, flags, told := overheard(h)
	d := withTwoSides()
	h.within(d)
	for _, wrong := range h.misheard(d.Accounts(sample.Day), person, flags, told) {
		t.Error(wrong)
	}
	heard := func(account string) (desks []string) {
		for _, c := range h.contactsOf(account, person) {
			desks = append(desks, c.Desk)
		}
		return desks
	}
	if got := heard("drawn-agency"); slices.Contains(got, "nievre") || len(got) != 3 {
		t.Error("an agency:", got)
	}
	if got := heard("advisor-58"); !slices.Equal(got, []string{"nievre"}) {
		t.Error("the unit:", got)
	}
	if got := heard("drawn-both"); len(got) != 4 {
		t.Error("who works at both:", got)
	}
	for _, c := range h.contactsOf("evaluator-34", person) {
		if c.Note != nil {
			t.Errorf("who only flagged reads what was said: %+v", c)
		}
	}
}

// TestAnAgencyThatHearsTheSocialServiceIsFound: a service that takes the unit for an agency tells its words, and the comparison sees it.
func TestAnAgencyThatHearsTheSocialServiceIsFound(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	person, flags, told := overheard(h)
	unit, _ := sample.Directory().Desk("nievre")
	d := withTwoSides(events.DeskSet{Fund: unit.Fund, Desk: unit.ID, Kind: "agency", Name: unit.Name, Departments: unit.Departments, Phone: unit.Phone, At: sample.Day})
	h.within(d)
	if wrong := h.misheard(d.Accounts(sample.Day), person, flags, told); !slices.ContainsFunc(wrong, func(s string) bool { return strings.HasPrefix(s, "drawn-agency") }) {
		t.Error("not found:", wrong)
	}
}

// TestWhatWasSaidWithSomebodyErasedIsGone also where their record was shown with another one, and whatever comes in late.
func TestWhatWasSaidWithSomebodyErasedIsGone(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	stays, leaves := h.somebody(1, "montpellier", "advisor-34", named("Camille", "Exemple")), h.somebody(2, "montpellier", "advisor-34", named("Camille", "Fictif"))
	h.hear(h.said(stays.PersonID, "c1", "montpellier", "Reste"), h.said(leaves.PersonID, "c2", "montpellier", "Part"))
	h.joined(stays.PersonID, leaves.PersonID)
	if got := h.contactsOf("advisor-34", leaves.PersonID); len(got) != 2 {
		t.Fatalf("both records are one person: %+v", got)
	}
	h.hear(events.ErasureRequested{PersonID: leaves.PersonID, Reason: "request", At: h.now})
	if got := h.contactsOf("advisor-34", stays.PersonID); len(got) != 1 || the(got[0].Note) != "Reste" {
		t.Errorf("hidden: %+v", got)
	}
	h.hear(events.ErasureUndone{PersonID: leaves.PersonID, At: h.now})
	if got := h.contactsOf("advisor-34", stays.PersonID); len(got) != 2 {
		t.Errorf("back: %+v", got)
	}
	h.hear(events.ErasureRequested{PersonID: leaves.PersonID, Reason: "request", At: h.now}, events.PersonErased{PersonID: leaves.PersonID, Reason: "request", At: h.now})
	h.hear(h.said(leaves.PersonID, "c3", "montpellier", "Arrive trop tard"))
	h.must(h.vault.Destroy(h.ctx, leaves.PersonID))
	if got := h.contactsOf("advisor-34", stays.PersonID); len(got) != 1 {
		t.Errorf("erased: %+v", got)
	}
	h.rebuiltAlike()
}

// wordsLeft hears two contacts with somebody who is erased, one before and one after, and counts what can still be read of them.
func wordsLeft(t *testing.T, apply func(entry) error) (left int) {
	t.Helper()
	pool := testkit.Pool(t)
	schema := boards(t, pool)[0]
	w := newWorld()
	w.tell(w.registered("person-1"), events.PersonErased{PersonID: "person-1", Reason: "request", At: w.now})
	late := w.said("person-1", "c1", "montpellier", "")
	late.Details = shut[events.Note]("person-1")
	w.tell(late)
	for _, o := range []order{w.inTurn("detection", "referral"), w.inTurn("referral", "detection")} {
		fill(t, pool, schema, w, o, apply)
		var n int
		if err := pool.QueryRow(t.Context(), engine.In(schema, "select count(*) from model.contact where person_id = 'person-1' and (box is not null or subject is not null)")).Scan(&n); err != nil {
			t.Fatal(err)
		}
		left += n
	}
	return left
}

func TestAContactThatOutlivesAnErasureIsFound(t *testing.T) {
	t.Parallel()
	if left := wordsLeft(t, entry.apply); left != 0 {
		t.Error(left, "words are left")
	}
	for name, planted := range map[string]func(entry) error{
		"an erasure that forgets the contacts": func(e entry) error {
			if f, ok := e.Fact.(events.PersonErased); ok {
				e.write(erasePerson, f.PersonID)
				return nil
			}
			return e.apply()
		},
		"a contact that is kept though it comes late": func(e entry) error {
			if f, ok := e.Fact.(events.ContactNoted); ok {
				e.write("insert into model.contact (id, person_id, desk, direction, channel, outcome, by, at, box) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
					f.ContactID, f.PersonID, f.Desk, f.Direction, f.Channel, f.Outcome, f.By, f.At, f.Details.Box())
				return nil
			}
			return e.apply()
		},
	} {
		if wordsLeft(t, planted) == 0 {
			t.Error("not found:", name)
		}
	}
}
