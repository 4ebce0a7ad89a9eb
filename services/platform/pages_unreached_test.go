package platform_test

import (
	"fmt"
	"testing"
	"time"

	"example.org/passerelle/api/events"
	"example.org/passerelle/services/portal/browsertest"
)

// TestTheThirdCallOnAnotherHalfDayAsksForALetter: nobody answered on two half-days of yesterday, nor today; the page says that a letter is to
// be printed, and it stands on the day's list. Two half-days are not enough.
func TestTheThirdCallOnAnotherHalfDayAsksForALetter(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor := h.as("advisor-34")
	unreached, once := inNeed(advisor, 740), inNeed(advisor, 741)
	person := func(flag string) string { return advisor.get("/flags/" + flag).text("person_id") }
	noAnswer := func(person string, hour int) events.ContactNoted {
		yesterday := time.Now().AddDate(0, 0, -1)
		return events.ContactNoted{
			ContactID: fmt.Sprint(person, "-", hour), PersonID: person, Desk: "montpellier", Direction: "out", Channel: "phone", Outcome: "not_reached", By: "advisor-34",
			At: time.Date(yesterday.Year(), yesterday.Month(), yesterday.Day(), hour, 30, 0, 0, time.UTC),
		}
	}
	late, soon := person(unreached), person(once)
	h.stop()
	h.tells("referral", noAnswer(late, 8), noAnswer(late, 15), noAnswer(soon, 8))
	h.start()
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	for who, said := range map[string]string{
		soon: "Le contact est noté.",
		late: "C’est noté. Personne n’a répondu à trois moments différents : une lettre est à imprimer, elle est sur votre liste.",
	} {
		tab.Go("/personnes/" + who + "/contact")
		sees(t, tab, "main", "Après trois appels sans réponse, à des demi-journées différentes, une lettre à imprimer vient sur la liste du jour.")
		tab.Click(`input[name=sens][value=out]`)
		tab.Click(`input[name=canal][value=phone]`)
		tab.Click(`input[name=resultat][value=not_reached]`)
		tab.Follow("main form button")
		sees(t, tab, "#annonce", said)
		sees(t, tab, "main", "Téléphone, pas de réponse")
	}
	awaits(t, tab, "letter_to_print")
	if n := tab.Count(`tbody details:has(input[value="letter_to_print"])`); n != 1 {
		t.Error(n, "letters are to be printed")
	}
	tab.Axe()
	looksRight(t, tab, narrow, "/aujourdhui")
}
