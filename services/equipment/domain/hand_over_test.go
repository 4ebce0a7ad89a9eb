package domain

import (
	"testing"

	"example.org/passerelle/api/events"
)

func lent(item, who string) events.TabletHandedOver {
	return events.TabletHandedOver{Pool: "provider-a", LoanID: "loan-" + who, ItemID: item, ReferralID: who, PersonID: "person-" + who, From: "2021-11-15", To: dec13, By: "provider-a", At: noon}
}

func returned(item, who string) events.TabletReturned {
	return events.TabletReturned{Pool: "provider-a", LoanID: "loan-" + who, ItemID: item, ReferralID: who, PersonID: "person-" + who, By: "provider-a", At: noon}
}

func released(item, who string) events.TabletReleased {
	e := events.TabletReleased{Pool: "provider-a", LoanID: "loan-" + who, ItemID: item, ReferralID: who, PersonID: "person-" + who, At: noon}
	if item == "" && who == "" {
		e.LoanID = ""
	}
	return e
}

func handing(who, tag string) HandOver {
	return HandOver{Act: act, LoanID: "loan-" + who, AssetTag: tag}
}

func returning(who string) Return {
	return Return{Act: act, LoanID: "loan-" + who}
}

func releasing(who string) Release {
	return Release{Act: act, ReferralID: who, PersonID: "person-" + who}
}

func TestATabletIsHandedOverAndComesBack(t *testing.T) {
	t.Parallel()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13)).
		When(handing("anna", "")).Then(lent("1", "anna")).
		When(handing("anna", "")).Then().
		When(returning("anna")).Then(returned("1", "anna")).
		When(returning("anna")).Then().
		When(handing("anna", "")).Refused(ErrReturned)
	given(t, tablet("1"), kept("1", "anna", dec6, dec13)).When(returning("anna")).Refused(ErrNotHandedOver)
	given(t, lacking("anna", dec6, dec13)).When(handing("anna", "")).Refused(ErrLacking)
	given(t, lacking("anna", dec6, dec13)).When(returning("anna")).Refused(ErrNotHandedOver)
	given(t, tablet("1")).When(handing("anna", "")).Refused(ErrNoLoan)
	given(t, tablet("1")).When(returning("anna")).Refused(ErrNoLoan)
}

func TestAReturnedTabletGoesToWhoWaits(t *testing.T) {
	t.Parallel()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), lacking("bruno", dec7, dec10), lent("1", "anna")).
		When(returning("anna")).Then(returned("1", "anna"), kept("1", "bruno", dec7, dec10)).
		When(handing("bruno", "")).Refused(ErrToReset)
}

func TestAnotherTabletThanTheKeptOneIsHandedOver(t *testing.T) {
	t.Parallel()
	both := given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), kept("2", "bruno", dec14, dec14), lacking("chloe", dec6, dec14))
	both.When(handing("anna", "tab-2 ")).Then(lent("2", "anna"), kept("1", "chloe", dec6, dec14)).
		When(returning("anna")).Then(returned("2", "anna"))
	both.When(handing("anna", "TAB-9")).Faults("asset_tag unknown_item")
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec13), kept("2", "bruno", dec13, dec14)).
		When(handing("anna", "TAB-2")).Refused(ErrItemNotFree)
	given(t, tablet("1"), tablet("2"), kept("1", "anna", dec6, dec7), kept("2", "bruno", dec13, dec14), lent("2", "bruno")).
		When(handing("anna", "TAB-2")).Refused(ErrItemNotFree)
}

func TestASeatThatIsGivenBackReleasesItsTablet(t *testing.T) {
	t.Parallel()
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), lacking("bruno", dec7, dec10)).
		When(releasing("anna")).Then(released("1", "anna"), kept("1", "bruno", dec7, dec10)).
		When(releasing("anna")).Then().
		When(keeping("anna", dec6, dec13)).Then().
		When(handing("anna", "")).Refused(ErrReleased)
	waits := given(t, lacking("bruno", dec7, dec10)).When(releasing("bruno")).Then(released("", "bruno"))
	if waits.State.Queue() != 0 {
		t.Error(waits.State.Queue())
	}
	given(t, tablet("1"), kept("1", "anna", dec6, dec13), lent("1", "anna")).When(releasing("anna")).Then()
}

// TestAReleaseThatComesBeforeItsSeat keeps that from getting a tablet.
func TestAReleaseThatComesBeforeItsSeat(t *testing.T) {
	t.Parallel()
	first := released("", "anna")
	first.LoanID = ""
	given(t, tablet("1")).When(releasing("anna")).Then(first).When(keeping("anna", dec6, dec13)).Then()
}
