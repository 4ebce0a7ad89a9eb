package platform_test

import (
	"net/http"
	"strings"
	"testing"

	"example.org/passerelle/services/portal/browsertest"
)

// observedAt is a situation of the study of 2020 in the Nièvre, with something to check.
func observedAt(number int) map[string]any {
	flag := inNievre(senior(number))
	delete(flag, "channel")
	flag["programme"], flag["finding_date"], flag["first_contact"] = "observation-bfc-2020", "2020-02-03", "social_worker"
	flag["answers"].(map[string]any)["help_place"] = []string{"no", "hard_to_reach"}
	return flag
}

// TestTheReferentReviews: the list, the review, what is sent back and comes again, many at once, and what the author does.
func TestTheReferentReviews(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	author := h.as("advisor-58")
	var ids []string
	for n := 1; n <= 6; n++ {
		ids = append(ids, author.post(http.StatusCreated, "/flags", observedAt(n)).text("id"))
	}
	tab, narrow := h.at(t, "referent-58"), h.at(t, "referent-58", browsertest.Viewport(320, 700))
	t.Run("are usable by everybody", func(t *testing.T) {
		looksRight(t, tab, narrow, "/relectures")
		looksRight(t, tab, narrow, "/relectures/"+ids[0])
		sees(t, tab, "main", "ne connaît pas de lieu d’aide")
		mine, small := h.at(t, "advisor-58"), h.at(t, "advisor-58", browsertest.Viewport(320, 700))
		looksRight(t, mine, small, "/signalements/"+ids[0]+"/corriger")
		looksRight(t, mine, small, "/signalements/"+ids[0]+"/retirer")
	})
	t.Run("after a decision the next one opens", func(t *testing.T) {
		tab.Go("/relectures/" + ids[0])
		tab.Follow(`form[action$="/valider"] button`)
		if tab.Path() != "/relectures/"+ids[1] {
			t.Error(tab.Path())
		}
		sees(t, tab, "#annonce", "Voici le suivant")
	})
	t.Run("what is asked is answered", func(t *testing.T) { asksAndAnswers(t, h, ids[1]) })
	t.Run("several institutions", func(t *testing.T) {
		tab.Go("/relectures/" + ids[2])
		tab.Click(`summary[accesskey="c"]`)
		tab.Select("#champ-institution", "Plusieurs institutions")
		tab.Follow(`form[action$="/reclasser"] button`)
		sees(t, tab, "main", "Plusieurs institutions")
	})
	t.Run("set aside", func(t *testing.T) {
		tab.Go("/relectures/" + ids[2])
		tab.Click(`summary[accesskey="e"]`)
		tab.Click(`input[name=ecart][value=outside_scope]`)
		tab.Follow(`form[action$="/ecarter"] button`)
		sees(t, tab, "#annonce", "est écarté")
	})
	t.Run("many at once", func(t *testing.T) { validatesMany(t, h, ids[3:5]) })
	t.Run("taken back", func(t *testing.T) {
		mine := h.at(t, "advisor-58")
		mine.Go("/signalements/" + ids[5] + "/retirer")
		mine.Follow(`form[action$="/retirer"] button`)
		sees(t, mine, "#annonce", "retiré")
	})
}

func asksAndAnswers(t *testing.T, h *house, id string) {
	referent := h.at(t, "referent-58", browsertest.Faulty)
	referent.Go("/relectures/" + id)
	referent.Click(`summary[accesskey="r"]`)
	referent.Follow(`form[action$="/renvoyer"] button`)
	if referent.Status() != http.StatusUnprocessableEntity || !strings.HasPrefix(referent.Title(), "Erreur : ") {
		t.Fatal(referent.Status(), referent.Title())
	}
	referent.Axe()
	referent.Fill("#champ-renvoi", "Quel motif exactement ?")
	referent.Follow(`form[action$="/renvoyer"] button`)
	sees(t, referent, "#annonce", "est renvoyé à son auteur")

	author := h.at(t, "advisor-58")
	author.Go("/signalements/" + id)
	author.Axe()
	sees(t, author, "main", "Quel motif exactement ?")
	author.Follow(`.govuk-button-group a[href$="/corriger"]`)
	sees(t, author, "main", "Le référent demande de revoir")
	author.Fill("#champ-reponse", "C’est la langue")
	author.Click(`input[name=motif][value=language]`)
	author.Follow(`form[action$="/corriger"] button`)
	sees(t, author, "main", "Maîtrise de la langue")

	referent.Go("/relectures/" + id)
	sees(t, referent, "main", "C’est la langue")
}

func validatesMany(t *testing.T, h *house, ids []string) {
	tab := h.at(t, "referent-58", browsertest.Faulty)
	tab.Go("/relectures")
	tab.Follow(`form[method=post][action="/relectures"] button`)
	if tab.Status() != http.StatusUnprocessableEntity {
		t.Error(tab.Status())
	}
	tab.Axe()
	for _, id := range ids {
		tab.Click(`input[value="` + id + `"]`)
	}
	h.as("referent-58").post(http.StatusOK, "/flags/"+ids[0]+"/dismiss", map[string]any{"reason": "duplicate"}) // meanwhile, in another window
	tab.Follow(`form[method=post][action="/relectures"] button`)
	sees(t, tab, "#annonce", "1 signalement est validé")
	sees(t, tab, "#non-valides", "1 signalement n’est pas validé")
	tab.Axe()
}
