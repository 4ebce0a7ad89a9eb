package portal

import (
	"example.org/passerelle/api/client"
)

// pseudonymous says what an observation is until its campaign closes; only then are they anonymous.
const pseudonymous = "L’observation qui entre dans l’observatoire est conservée sous pseudonyme jusqu’à la clôture de la campagne."

// institutions are those a referent may put a flag under: several at once only here.
func (w words) institutions() []choice {
	list := w.choices("institution")
	for _, c := range list {
		if c.Value == multiple {
			return withNone("Ne sait pas", list)
		}
	}
	return withNone("Ne sait pas", append(list, choice{Value: multiple, Label: "Plusieurs institutions"}))
}

const multiple = "multiple"

// threadTurns are the turns of the thread by code.
var threadTurns = map[string]string{"returned": "Question du référent", "amended": "Réponse de l’auteur", "reclassified": "Reclassé", "dismissed": "Écarté"}

// thread is what referent and author wrote to each other, oldest first.
func (w words) thread(f client.Flag) []said {
	list := make([]said, len(f.Thread))
	for i, l := range f.Thread {
		list[i] = said{When: moment(l.At), Who: w.account(l.By), What: sentence(threadTurns, l.What), Text: the(l.Text)}
		for _, member := range l.Fields {
			list[i].Fields = append(list[i].Fields, fieldLabel(member))
		}
		switch {
		case l.To != nil:
			list[i].Text = "De " + w.institutionText(l.From) + " à " + w.institutionText(l.To)
		case l.Reason != nil:
			list[i].Text = joined(choiceLabel(dismissReasons, *l.Reason), the(l.Text))
		}
	}
	return list
}

func (w words) institutionText(code *string) string {
	if code == nil {
		return "institution non renseignée"
	}
	return w.institutionOr("institution", *code)
}

// lastAsked are the fields that the referent asked about last, while the author has not answered.
func lastAsked(f client.Flag) []string {
	if f.Status != "returned" {
		return nil
	}
	for i := len(f.Thread) - 1; i >= 0; i-- {
		if f.Thread[i].What == "returned" {
			return f.Thread[i].Fields
		}
	}
	return nil
}

// tickID is the id of a box of the list. The first has the input's own, so that an error leads to it.
func tickID(group, line int, id string) string {
	if group == 0 && line == 0 {
		return anchor("signalement")
	}
	return anchor("signalement") + "-" + id
}
