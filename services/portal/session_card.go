package portal

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"time"

	"example.org/passerelle/api/client"
)

// sessionCard is a session as pages show it.
type sessionCard struct {
	ID, Title, State, StateText string
	When                        string   // the first meeting
	Meetings                    []string // all of them, in words
	Where, Provider             string
	Mode, Skills, Level         string
	Cost, Access, Loans         string
	Travel, Languages, Audience string
	Seats                       string // 3 places libres sur 8
	Full                        bool
	Closes                      string
	Distance                    string
}

func (w words) sessionCard(s client.Session) sessionCard {
	c := sessionCard{
		ID: s.ID, Title: s.Title, State: s.Status, StateText: w.of("session_status", s.Status), Where: place(s), Provider: w.provider(&s.ProviderID),
		Mode: w.of("session_mode", s.Mode), Skills: listed(w.all("skills", s.Skills)), Level: levels[the(s.Level)], Cost: cost(s.CostCents),
		Access: access(s), Loans: loans(s), Travel: transports[s.Transport], Languages: languages(s.Languages), Audience: audience(s.Audience),
		Seats: seatsLeft(s), Full: s.Free != nil && *s.Free == 0, Closes: moment(s.RegistrationClosesAt),
	}
	for _, m := range s.Meetings {
		c.Meetings = append(c.Meetings, moment(m.StartsAt)+" (jusqu’à "+hour(m.EndsAt)+")")
	}
	if s.DistanceKm != nil {
		c.Distance = distance(*s.DistanceKm)
	}
	if len(s.Meetings) > 0 {
		c.When = when(s.Meetings)
	}
	return c
}

// when is the first meeting, and how many follow.
func when(meetings []client.Meeting) string {
	text := moment(meetings[0].StartsAt)
	if n := len(meetings) - 1; n > 0 {
		text += ", puis " + count(n, "séance", "séances")
	}
	return text
}

func place(s client.Session) string {
	if text := joined(the(s.Place), communeName(the(s.Insee))); text != "" {
		return text
	}
	if s.Mode == "in_person" || s.Mode == "hybrid" {
		return "Lieu à préciser"
	}
	return "À distance"
}

// cost: Gratuit; 12,50 €.
func cost(cents int) string {
	if cents == 0 {
		return "Gratuit"
	}
	text := number(cents / 100)
	if rest := cents % 100; rest > 0 {
		text += "," + two(rest)
	}
	return text + "\u00a0€"
}

// distance is as the crow flies, from commune to commune.
func distance(km float64) string {
	if km < 1 {
		return "Dans la commune"
	}
	return "À " + number(int(math.Round(km))) + "\u00a0km"
}

func access(s client.Session) string {
	if s.Accessible {
		return "Lieu accessible en fauteuil roulant"
	}
	return "Accès en fauteuil roulant non prévu"
}

func loans(s client.Session) string {
	if s.LendsEquipment {
		return "Prête du matériel"
	}
	return "Ne prête pas de matériel"
}

func audience(a *client.Audience) string {
	if a == nil || a.AgeMinimum == nil {
		return "Tout public"
	}
	return "À partir de " + strconv.Itoa(*a.AgeMinimum) + "\u00a0ans"
}

var levels = map[string]string{"": "Tous niveaux", "beginner": "Débutant", "intermediate": "Intermédiaire", "advanced": "Avancé"}

var transports = map[string]string{"": "Aucun transport prévu", "none": "Aucun transport prévu", "pick_up": "On vient chercher les personnes", "public": "Transports en commun à proximité"}

// languages that are told apart by name; others keep their code.
var languageNames = map[string]string{
	"fr": "français", "en": "anglais", "es": "espagnol", "pt": "portugais", "it": "italien", "de": "allemand", "ar": "arabe", "tr": "turc",
	"pl": "polonais", "ru": "russe", "uk": "ukrainien", "ber": "berbère", "oc": "occitan", "ca": "catalan", "vi": "vietnamien", "zh": "chinois",
	"fsl": "langue des signes française",
}

func language(code string) string {
	if name, ok := languageNames[code]; ok {
		return name
	}
	return code
}

func languages(codes []string) string {
	names := make([]string, len(codes))
	for i, c := range codes {
		names[i] = language(c)
	}
	return listed(names)
}

// takesRequests: registration has not closed, so a request can be sent.
func takesRequests(s client.Session, now time.Time) bool {
	return (s.Status == "open" || s.Status == "confirmed") && now.Before(s.RegistrationClosesAt)
}

// nearest puts near before far before unknown, and of the same what begins sooner.
func nearest(list []client.Session) {
	slices.SortStableFunc(list, func(a, b client.Session) int {
		return cmp.Or(cmp.Compare(far(a), far(b)), begins(a).Compare(begins(b)))
	})
}

func far(s client.Session) float64 {
	if s.DistanceKm == nil {
		return math.Inf(1)
	}
	return *s.DistanceKm
}

func begins(s client.Session) time.Time {
	if len(s.Meetings) == 0 {
		return time.Time{}
	}
	return s.Meetings[0].StartsAt
}
