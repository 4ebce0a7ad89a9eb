package portal

import (
	"example.org/passerelle/api/client"
	"example.org/passerelle/services/reference"
)

// itemEvent is a line of the history of an item, in words. Nobody who borrowed it is named.
type itemEvent struct{ When, What, By, Loan string }

// itemHappened are what can happen to an item.
var itemHappened = map[string]string{
	"registered": "Enregistré", "kept": "Réservé pour un atelier", "released": "N’est plus réservé", "handed_over": "Remis", "returned": "Rendu",
	"swapped_out": "Rendu, échangé contre un autre", "swapped_in": "Remis à la place d’un autre", "late": "Pas rendu à temps", "extended": "Prêt prolongé",
	"lost": "Déclaré perdu", "written_off": "Sorti du parc par décision", "reset": "Prêt à être remis", "repair": "Envoyé en réparation", "retired": "Réformé",
	"granted": "Donné à une personne", "counted": "Vu à l’inventaire", "missing": "Introuvable à l’inventaire", "found": "Retrouvé", "transferred": "Confié à un autre parc",
	"received": "Venu d’un autre parc",
}

var lossReasons = []choice{
	{Value: "lost", Label: "Perdue"}, {Value: "stolen", Label: "Volée"}, {Value: "unreachable", Label: "La personne est injoignable"},
	{Value: "refused", Label: "La personne refuse de la rendre"}, {Value: "deceased", Label: "Décès"}, {Value: "other", Label: "Autre"},
}

var lateSteps = map[string]string{"call": "à appeler", "letter": "à prévenir par lettre", "decision": "à décider"}

func (w words) itemEvent(l client.ItemLine) itemEvent {
	e := itemEvent{When: moment(l.At), What: itemHappened[l.What], Loan: the(l.LoanID)}
	if about := w.aboutItem(l.What, the(l.About)); about != "" {
		e.What += "\u00a0: " + about
	}
	if l.By != nil {
		e.By = w.of("account", *l.By)
	}
	return e
}

// aboutItem is what a line says more: a reason, a condition, a pool or a day.
func (w words) aboutItem(what, about string) string {
	switch what {
	case "registered", "handed_over", "returned", "swapped_out":
		if words := reference.TabletState(about); words != "" {
			return "état " + words
		}
	case "late":
		return lateSteps[about]
	case "extended":
		return "jusqu’au " + dayText(about)
	case "lost":
		return lower(labelOf(lossReasons, about))
	case "repair":
		return lower(labelOf(repairReasons, about))
	case "retired":
		return lower(labelOf(retireReasons, about))
	case "transferred", "received":
		return w.poolName(about)
	}
	return ""
}
