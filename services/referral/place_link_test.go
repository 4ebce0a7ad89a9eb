package referral

import (
	"strings"
	"testing"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine/enginetest"
	"example.org/passerelle/services/referral/rest"
)

// writable is a place that says that it may be written to.
func writable(t *testing.T, w *enginetest.World, id string, mails ...string) {
	t.Helper()
	key, err := w.Engine.Vault.Mint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Tell(events.PlaceRegistered{
		PlaceID: id, Fund: "carsat-lr", At: noon, Words: events.Clear(key, events.PlaceWords{Emails: mails}),
		Sheet: events.PlaceSheet{Name: "Espace Exemple", Insee: "34172", Department: "34", Access: []string{"Se présenter", "Contacter par mail"}},
	})
}

func placeLink(w *enginetest.World, referral string, headers ...string) rest.PlaceLink {
	return enginetest.Read[rest.PlaceLink](w, w.Ask("advisor-34", "POST", referrals+"/"+referral+"/place-link", `{}`, headers...), 201)
}

func ofPlace(l rest.PlaceLink, operation string) string {
	return "/api/v1/place-links/" + strings.TrimPrefix(l.Path, "/a/") + operation
}

func standing(w *enginetest.World, l rest.PlaceLink) rest.PlaceLinkState {
	return enginetest.Read[rest.PlaceLinkState](w, w.Ask("", "GET", ofPlace(l, ""), ""), 200)
}

func opens(w *enginetest.World, l rest.PlaceLink) rest.PlaceLinkForm {
	return enginetest.Read[rest.PlaceLinkForm](w, w.Ask("", "POST", ofPlace(l, "/code"), `{"code": "`+l.Code+`"}`), 200)
}

func answer(form, result string) string {
	return `{"form": "` + form + `", "result": "` + result + `"}`
}

// TestP3_APlaceSaysByItsLinkWhatCameOfAnAddress: once, with the code that was told apart; then the desk need not ring.
func TestP3_APlaceSaysByItsLinkWhatCameOfAnAddress(t *testing.T) {
	t.Parallel()
	w := setup(t)
	writable(t, w, "l1", "accueil@lieu.example")
	given := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1"}`), 201)
	w.Refused(w.Ask("provider-a", "POST", referrals+"/"+given.ID+"/place-link", `{}`), 403, "forbidden")
	w.Refused(w.Ask("advisor-34b", "POST", referrals+"/"+given.ID+"/place-link", `{}`), 404, "unknown_referral")
	l := placeLink(w, given.ID, "Idempotency-Key", "once")
	if again := placeLink(w, given.ID, "Idempotency-Key", "once"); again.Path != l.Path || again.Code != l.Code {
		t.Error("the same request gives another link:", again, l)
	}
	if l.PlaceName != "Espace Exemple" || strings.Join(l.Emails, "") != "accueil@lieu.example" || strings.Contains(l.Path, given.ID) {
		t.Errorf("%+v", l)
	}
	for range 2 {
		if s := standing(w, l); s.State != "open" || s.PlaceName != "Espace Exemple" || s.DeskName == "" || s.Result != nil {
			t.Errorf("%+v", s)
		}
	}
	w.Refused(w.Ask("", "POST", ofPlace(l, "/code"), `{"code": "222-222"}`), 422, "wrong_code")
	form := opens(w, l)
	if form.Reference != flagged.Reference {
		t.Error(form.Reference)
	}
	w.Refused(w.Ask("", "POST", ofPlace(l, "/answer"), answer(form.Form+"x", "helped")), 422, "wrong_form")
	newer := opens(w, l)
	w.Refused(w.Ask("", "POST", ofPlace(l, "/answer"), answer(form.Form, "helped")), 409, "form_used")
	got := enginetest.Read[rest.PlaceLinkState](w, w.Ask("", "POST", ofPlace(l, "/answer"), answer(newer.Form, "helped")), 200)
	if got.State != "answered" || *got.Result != "helped" {
		t.Errorf("%+v", got)
	}
	w.Refused(w.Ask("", "POST", ofPlace(l, "/answer"), answer(newer.Form, "did_not_go")), 409, "referral_ended")
	told := enginetest.Facts[events.AddressFollowedUp](w)
	if len(told) != 1 || told[0].Result != "helped" || told[0].By != "place-link:"+l.ID {
		t.Errorf("%+v", told)
	}
	if s := standing(w, l); s.State != "answered" {
		t.Errorf("%+v", s)
	}
	w.Clock.Set(noon.AddDate(0, 0, 20))
	w.Settle()
	if called := calls(w); len(called) != 0 {
		t.Error("the desk rings although the place has said it:", called)
	}
}

// TestP3_ALinkOfAPlaceIsLockedReplacedExpiresAndEnds: and each says so in its own words.
func TestP3_ALinkOfAPlaceIsLockedReplacedExpiresAndEnds(t *testing.T) {
	t.Parallel()
	w := setup(t)
	writable(t, w, "l1", "accueil@lieu.example")
	given := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1"}`), 201)
	first := placeLink(w, given.ID)
	for range 4 {
		w.Refused(w.Ask("", "POST", ofPlace(first, "/code"), `{"code": "222-222"}`), 422, "wrong_code")
	}
	w.Refused(w.Ask("", "POST", ofPlace(first, "/code"), `{"code": "222-222"}`), 409, "link_locked")
	w.Refused(w.Ask("", "POST", ofPlace(first, "/code"), `{"code": "`+first.Code+`"}`), 409, "link_locked")
	second := placeLink(w, given.ID)
	w.Refused(w.Ask("", "POST", ofPlace(first, "/code"), `{"code": "`+first.Code+`"}`), 409, "link_replaced")
	form := opens(w, second)
	w.Clock.Set(noon.AddDate(0, 0, 1))
	w.Refused(w.Ask("", "POST", ofPlace(second, "/answer"), answer(form.Form, "helped")), 422, "wrong_form")
	w.Clock.Set(noon.AddDate(0, 0, 31))
	w.Refused(w.Ask("", "POST", ofPlace(second, "/code"), `{"code": "`+second.Code+`"}`), 409, "link_expired")
	third := placeLink(w, given.ID)
	if a, b, c := standing(w, first).State, standing(w, second).State, standing(w, third).State; a != "replaced" || b != "replaced" || c != "open" {
		t.Error(a, b, c)
	}
	enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals+"/"+given.ID+"/follow-up", `{"result": "unreachable"}`), 200)
	if s := standing(w, third).State; s != "ended" {
		t.Error(s)
	}
	w.Refused(w.Ask("advisor-34", "POST", referrals+"/"+given.ID+"/place-link", `{}`), 409, "referral_ended")
	w.Refused(w.Ask("", "GET", "/api/v1/place-links/guessed", ""), 404, "unknown_link")
}

// TestP3_OnlyAPlaceThatMayBeWrittenToHasALink: an address alone is not enough, nor is a word without an address.
func TestP3_OnlyAPlaceThatMayBeWrittenToHasALink(t *testing.T) {
	t.Parallel()
	w := setup(t)
	writable(t, w, "l1")
	mute := address(w, "l2")
	w.Refused(w.Ask("advisor-34", "POST", referrals+"/"+mute.ID+"/place-link", `{}`), 409, "not_by_mail")
	silent := enginetest.Read[rest.ReferralState](w, w.Ask("advisor-34", "POST", referrals, `{"flag_id": "f1", "place_id": "l1"}`), 201)
	w.Refused(w.Ask("advisor-34", "POST", referrals+"/"+silent.ID+"/place-link", `{}`), 409, "not_by_mail")
	key, err := w.Engine.Vault.Mint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	w.Tell(events.PlaceAmended{PlaceID: "l1", By: "partnership-lr", At: noon, Words: events.Clear(key, events.PlaceWords{Emails: []string{"accueil@lieu.example"}}),
		Sheet: events.PlaceSheet{Name: "Espace Exemple", Insee: "34172", Department: "34", Access: []string{"Envoyer un mail avec une fiche de prescription"}}})
	w.Settle()
	if l := placeLink(w, silent.ID); l.Code == "" {
		t.Errorf("%+v", l)
	}
	seat := refer(w, "f1", "s1", func(referral string) events.Fact {
		return events.RequestDeclined{SessionID: "s1", ReferralID: referral, Reason: "full", At: noon}
	})
	w.Refused(w.Ask("advisor-34", "POST", referrals+"/"+seat.ID+"/place-link", `{}`), 409, "not_an_address")
}
