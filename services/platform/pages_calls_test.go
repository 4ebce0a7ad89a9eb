package platform_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"example.org/passerelle/services/portal/browsertest"
)

// TestTheDeskCallsAboutSeats: what is to be said stands on the day's list and on the referral, and what came of it is said in one sentence.
func TestTheDeskCallsAboutSeats(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	session := provider.post(http.StatusCreated, "/sessions", named("Atelier attendu", 1)).text("id")
	var waiting []string
	for number := range 4 {
		referral := asks(advisor, inNeed(advisor, 700+number), session)
		provider.learn(advisor)
		provider.post(http.StatusOK, "/sessions/"+session+"/requests/"+referral+"/accept", "{}")
		waiting = append(waiting, referral)
	}
	waiting = waiting[1:]
	t.Run("the rank is explained", func(t *testing.T) {
		tab.Go("/orientations/" + waiting[1])
		tab.Follow(`a[href$="/pourquoi"]`)
		sees(t, tab, "main", "numéro 2 sur la liste d’attente")
		sees(t, tab, "main", "Sur la liste depuis le")
		looksRight(t, tab, narrow, tab.Path())
	})
	provider.learn(advisor)
	provider.post(http.StatusOK, "/sessions/"+session+"/capacity", map[string]any{"capacity": 2, "reason": "demand"})
	t.Run("nobody answers, and the line stays", func(t *testing.T) {
		awaits(t, tab, "seat_offer")
		tab.Click(ofSeat + " summary")
		sees(t, tab, ofSeat, "Une place s’est libérée")
		tab.Axe()
		looksRight(t, tab, narrow, "/aujourdhui")
		tab.Click(ofSeat + " summary")
		tab.Follow(ofSeat + ` button[value="not_reached"]`)
		sees(t, tab, "#annonce", "personne n’a répondu")
		awaits(t, tab, "seat_offer")
		tab.Click(ofSeat + " summary")
		sees(t, tab, ofSeat, "Pas de réponse jusqu’ici : 1 appel")
	})
	t.Run("passes her turn, and the next one takes the seat", func(t *testing.T) {
		tab.Go("/orientations/" + waiting[0])
		looksRight(t, tab, narrow, "/orientations/"+waiting[0])
		tab.Follow(`button[value="pass"]`)
		sees(t, tab, "#annonce", "passe son tour")
		awaits(t, tab, "seat_offer")
		tab.Click(ofSeat + " summary")
		tab.Follow(ofSeat + ` button[value="take"]`)
		sees(t, tab, "#annonce", "la personne est inscrite")
		if status := advisor.get("/referrals/" + waiting[1]).text("status"); status != "enrolled" {
			t.Error("the second one is", status)
		}
	})
	t.Run("an offer that is over is said to be over", func(t *testing.T) {
		b, person := h.browser(t, "advisor-34"), advisor.get("/flags/"+advisor.get("/referrals/"+waiting[0]).text("flag_id")).text("person_id")
		b.post(t, "/appels", map[string][]string{"genre": {"seat_offer"}, "reponse": {"take"}, "a_propos": {session + "." + waiting[0] + ".1"}, "personne": {person}})
		if page := b.get(t, "/aujourdhui"); !strings.Contains(page, "n’est plus proposée") {
			t.Error(page)
		}
	})
	t.Run("a contact is noted", func(t *testing.T) { notesAContact(t, h) })
	t.Run("the seat that is held since a session was cancelled", func(t *testing.T) { takesAnother(t, h, waiting[1], session) })
	t.Run("the last seats", func(t *testing.T) { ringsForLastSeats(t, h) })
}

// ofSeat is the line about a seat that fell free; there are others, about letters.
const ofSeat = `tbody details:has(input[value="seat_offer"])`

// awaits opens the day's list until a line of that kind stands there.
func awaits(t *testing.T, tab *browsertest.Tab, kind string) {
	t.Helper()
	for range 100 {
		if tab.Go("/aujourdhui"); tab.Count(`input[name=genre][value="`+kind+`"]`) > 0 {
			return
		}
	}
	t.Fatal("no line of", kind, "in", tab.Text("main"))
}

func notesAContact(t *testing.T, h *house) {
	advisor := h.as("advisor-34")
	flag := inNeed(advisor, 720)
	tab, narrow := h.at(t, "advisor-34", browsertest.Faulty), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	looksRight(t, tab, narrow, "/signalements/"+flag+"/contact")
	tab.Follow("main form button")
	if tab.Status() != http.StatusUnprocessableEntity {
		t.Error("noted without an outcome:", tab.Status())
	}
	tab.Axe()
	tab.Click(`input[name=sens][value=out]`)
	tab.Click(`input[name=canal][value=phone]`)
	tab.Click(`input[name=resultat][value=call_back]`)
	tab.Follow("main form button")
	sees(t, tab, "#erreurs", "indiquez quand rappeler")
	next := time.Now().AddDate(0, 0, 3)
	tab.Fill("#champ-prochain", next.Format("2"))
	tab.Fill("#champ-prochain-mois", next.Format("1"))
	tab.Fill("#champ-prochain-annee", next.Format("2006"))
	tab.Fill("#champ-heure", "14 h 30")
	tab.Fill("#champ-note_contact", "Sa voisine fictive répond mieux le matin")
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Le contact est noté")
	sees(t, tab, "main", "à rappeler, rappeler le")
	sees(t, tab, "main", "à 14 h 30 : « Sa voisine fictive répond mieux le matin » (Agence de Montpellier)")
	tab.Axe()
	person := "/personnes/" + advisor.get("/flags/"+flag).text("person_id")
	tab.Go(person)
	sees(t, tab, "main", "Téléphone, à rappeler, rappeler le")
	sees(t, tab, "main", "« Sa voisine fictive répond mieux le matin »")
	tab.Follow(`main a[href$="/contact"]`)
	looksRight(t, tab, narrow, person+"/contact")
	tab.Go(person + "/contact")
	tab.Follow("main form button")
	if tab.Status() != http.StatusUnprocessableEntity {
		t.Error("noted without an outcome:", tab.Status())
	}
	tab.Click(`input[name=sens][value=in]`)
	tab.Click(`input[name=canal][value=counter]`)
	tab.Click(`input[name=resultat][value=reached]`)
	tab.Follow("main form button")
	sees(t, tab, "#annonce", "Le contact est noté")
	if tab.Path() != person {
		t.Error("it leads to", tab.Path())
	}
	sees(t, tab, "main", "À l’accueil, échange avec la personne, à l’initiative de la personne")
	looksRight(t, tab, narrow, person)
}

func takesAnother(t *testing.T, h *house, referral, session string) {
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	provider.post(http.StatusCreated, "/sessions", named("Atelier de secours", 5))
	provider.post(http.StatusOK, "/sessions/"+session+"/cancel", map[string]any{"reason": "animator"})
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	for range 100 {
		if tab.Go("/orientations/" + referral); tab.Count(`input[name=offre]`) > 0 {
			break
		}
	}
	sees(t, tab, "main", "Une place est gardée pour la personne dans l’atelier « Atelier de secours »")
	looksRight(t, tab, narrow, "/orientations/"+referral)
	tab.Follow(`button[value="take"]`)
	sees(t, tab, "#annonce", "La place gardée est demandée pour la personne")
	flag := advisor.get("/referrals/" + referral).text("flag_id")
	tab.Go("/signalements/" + flag)
	sees(t, tab, "main", "Prochaine étape : répondre à la demande")
}

func ringsForLastSeats(t *testing.T, h *house) {
	advisor, provider := h.as("advisor-34"), h.as("provider-a")
	inNeed(advisor, 730)
	soon := named("Atelier bientôt fermé", 3)
	soon["registration_closes_at"] = time.Now().Add(48 * time.Hour).UTC().Truncate(time.Second)
	provider.post(http.StatusCreated, "/sessions", soon)
	tab, narrow := h.at(t, "advisor-34"), h.at(t, "advisor-34", browsertest.Viewport(320, 700))
	for range 100 {
		if tab.Go("/dernieres-places"); tab.Count("tbody") > 0 {
			break
		}
	}
	sees(t, tab, "main", "Atelier bientôt fermé")
	sees(t, tab, "tbody", "EXEMPLE-IMAGINAIRE-730")
	looksRight(t, tab, narrow, "/dernieres-places")
	tab.Follow("tbody td a")
	if !strings.HasSuffix(tab.Path(), "/propositions") {
		t.Error(tab.Path())
	}
}
