package portal

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

const (
	moneyPath  = "/financement"
	moneyTitle = "Financement"
	callsTitle = "Appels à projets"
)

// moneyPages are the pages about money that this user may open.
func (u user) moneyPages() []link {
	list := []link{{callsTitle, moneyPath}, {projectsTitle, projectsPath}}
	if u.is("provider") {
		return append(list, link{"Votre structure", structuresPath + "/" + u.Provider})
	}
	return append(list, link{structuresTitle, structuresPath}, link{committeesTitle, committeesPath}, link{decisionsTitle, decisionsPath}, link{envelopesTitle, envelopesPath},
		link{paymentsTitle, paymentsPath}, link{recoveriesTitle, recoveriesPath})
}

func moneyRoutes() []Route {
	return slices.Concat(callRoutesOfMoney, projectRoutes, structureRoutes, committeeRoutes, decisionRoutes, envelopeRoutes, paymentRoutes)
}

var errForbidden = &client.Problem{Status: http.StatusForbidden}

// moneyWords are the words for those whom rights let in.
func (v *visit) moneyWords(may bool) (words, error) {
	if !may {
		return words{}, errForbidden
	}
	return v.words()
}

// euros is an amount in French; nothing where there is none.
func euros(cents *int) string {
	if cents == nil {
		return "–"
	}
	return reference.Euros(*cents)
}

// perPerson is what one person costs.
func perPerson(cents *int) string {
	if cents == nil {
		return "–"
	}
	return reference.Euros(*cents) + " par personne"
}

func percentText(p *int) string {
	if p == nil {
		return "–"
	}
	return number(*p) + "\u00a0%"
}

// reachedText is how many people were reached of how many.
func reachedText(reached, target int, share *int) string {
	if target == 0 {
		return number(reached)
	}
	return number(reached) + " sur " + number(target) + ", soit " + percentText(share)
}

// mostCents is what the REST surface takes at most.
const mostCents = 100_000_000_000

// amountTyped: whole euros, grouped by three or not at all, and one or two decimals after a comma or a point.
var amountTyped = regexp.MustCompile(`^([0-9]{1,3}(?: [0-9]{3})+|[0-9]+)(?:[,.]([0-9]{1,2}))?$`)

var amountSpaces = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u2009", " ", "€", "")

// centsOf reads an amount as people write it: 254 389,96 € is 25438996.
func centsOf(typed string) (cents int, ok bool) {
	parts := amountTyped.FindStringSubmatch(strings.TrimSpace(amountSpaces.Replace(typed)))
	if parts == nil {
		return 0, false
	}
	whole, err := strconv.ParseInt(strings.ReplaceAll(parts[1], " ", ""), 10, 48)
	if err != nil {
		return 0, false
	}
	decimals, _ := strconv.Atoi((parts[2] + "00")[:2])
	return int(whole)*100 + decimals, true
}

// amountWritten is an amount as an input holds it, without its sign of the euro.
func amountWritten(cents int) string { return strings.TrimSuffix(reference.Euros(cents), "\u00a0€") }

const amountExample = "\u00a0: écrivez un montant en euros, par exemple 254\u00a0389,96"

// cents reads an amount of euros; what is none is refused beside it.
func (f *form) cents(name, label string) *int {
	typed := f.value(name)
	if typed == "" {
		return nil
	}
	n, ok := centsOf(typed)
	switch {
	case !ok:
		f.refuse(name, label+amountExample)
		return nil
	case n > mostCents:
		f.refuse(name, label+"\u00a0: ce montant est trop grand")
		return nil
	}
	return &n
}

// dueCents is an amount that has to be given, and is not nothing.
func (f *form) dueCents(name, label string) int {
	n := f.cents(name, label)
	if n != nil && *n > 0 {
		return *n
	}
	if f.fault(name) == "" {
		f.refuse(name, label+amountExample)
	}
	return 0
}

// people is a number of people or things, not below nothing.
func (f *form) people(name, label string) *int {
	n := f.whole(name, label)
	if n != nil && (*n < 0 || *n > 1_000_000) {
		f.refuse(name, label+"\u00a0: écrivez un nombre, par exemple 15")
		return nil
	}
	return n
}

// duePeople is such a number that has to be given.
func (f *form) duePeople(name, label string) int {
	n := f.people(name, label)
	if n != nil {
		return *n
	}
	if f.fault(name) == "" {
		f.refuse(name, label+"\u00a0: à renseigner")
	}
	return 0
}

// moneyRefused says what the REST surface refuses, with the words of those who look after money.
func (f *form) moneyRefused(p *client.Problem, entries []entry) {
	if text, ok := moneyRefusals[p.Code]; ok && len(p.Errors) == 0 {
		f.refuse("", text)
		return
	}
	f.refused(p, entries)
}

var moneyRefusals = map[string]string{
	"call_closed":       "Cet appel ne prend pas de projet aujourd’hui. Demandez à la caisse.",
	"not_funded":        "Aucune décision ne paie ce projet\u00a0: il n’y a pas encore de compte rendu à rendre.",
	"already_decided":   "Une décision paie déjà ce projet\u00a0: un vote n’y change plus rien.",
	"already_minuted":   "La référence du procès-verbal est déjà notée.",
	"envelope_exceeded": "Il ne reste pas autant dans l’enveloppe. Regardez ce qui reste sur la page des enveloppes.",
	"report_missing":    "La structure n’a pas encore rendu compte de ce projet. Un versement suit le compte rendu.",
	"line_exceeded":     "C’est plus que ce qui a été décidé pour cette ligne.",
	"more_than_paid":    "C’est plus que ce qui a été versé.",
	"target_reached":    "Le compte rendu final ne dit pas que l’objectif est manqué.",
	"cap_reached":       "Cette structure a déjà reçu tout ce que l’appel donne pour des tablettes.",
	"decision_exceeded": "Il ne reste pas autant pour du matériel dans cette décision.",
}

// moneyTable is a table whose first column names the line.
type moneyTable struct {
	ID, Caption string
	Heads       []string
	Rows        [][]moneyCell
}

// moneyCell is a word, a link, a state, or a number that stands to the right.
type moneyCell struct {
	Text, Path, State string
	Number            bool
}

func wordCell(text string) moneyCell         { return moneyCell{Text: text} }
func pathCell(text, path string) moneyCell   { return moneyCell{Text: text, Path: path} }
func centsCell(cents int) moneyCell          { return moneyCell{Text: reference.Euros(cents), Number: true} }
func numberCell(n int) moneyCell             { return moneyCell{Text: number(n), Number: true} }
func stateCell(state, text string) moneyCell { return moneyCell{Text: text, State: state} }

func (t moneyTable) numeric(column int) bool {
	return len(t.Rows) > 0 && column < len(t.Rows[0]) && t.Rows[0][column].Number
}

// most is as many as the REST surface gives on one page.
func most() *int { return new(500) }
