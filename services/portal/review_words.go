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

// thread is what referent and author wrote to each other, oldest first.
func (w words) thread(f client.Flag) []said {
	return nil
}

// lastAsked are the fields that the referent asked about last.
func lastAsked(f client.Flag) []string { return nil }

// tickID is the id of a box of the list. The first has the input's own, so that an error leads to it.
func tickID(group, line int, id string) string {
	if group == 0 && line == 0 {
		return anchor("signalement")
	}
	return anchor("signalement") + "-" + id
}
