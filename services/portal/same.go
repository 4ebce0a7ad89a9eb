package portal

import (
	"regexp"

	"example.org/passerelle/api/client"
)

// foundPerson is somebody who was found: in full at the caller's own desk, else whom to ring and where it stands.
type foundPerson struct {
	PersonID, FlagID string // empty elsewhere
	Name, Born       string
	Reference        string
	Desk, Phone      string
	Help, Next       string
	HelpCode         string
}

// own tells whether the caller may see who it is.
func (c foundPerson) own() bool { return c.PersonID != "" }

// identifier is what the REST surface names things by.
var identifier = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// sameAs looks for those who may be the person that was typed.
func (v *visit) sameAs(p flagForm) ([]foundPerson, error) {
	q := client.PersonSearch{Name: name(p.value("prenom"), p.value("nom"))}
	if born, ok := dateOf(p.value("naissance-jour"), p.value("naissance-mois"), p.value("naissance-annee"), true); ok {
		q.BirthDate = &born
	}
	return v.search(q, p.words)
}

// name is what was typed of a name; nil for nothing.
func name(given, family string) *string {
	if text := join(given, family); text != "" {
		return &text
	}
	return nil
}

// sameChoices are the people who may be meant, and somebody else.
func (p flagForm) sameChoices() []choice {
	var list []choice
	for _, c := range p.alike {
		if c.own() {
			list = append(list, choice{Value: c.PersonID, Label: c.Name, Hint: c.hint()})
		}
	}
	return append(list, choice{Value: "autre", Label: "Non, c’est quelqu’un d’autre", Reveals: flagOther(p)})
}

// hint tells people of one name apart.
func (c foundPerson) hint() string {
	if c.Born == "" {
		return "Suivi par " + c.Desk
	}
	return "Date de naissance\u00a0: " + c.Born + ". Suivi par " + c.Desk
}

// alikeHint says who else knows somebody like that.
func alikeHint(cards []foundPerson) string {
	for _, c := range cards {
		if !c.own() {
			return "Une personne semblable est suivie par une autre équipe\u00a0: " + c.Desk + ", " + c.Phone + ". Appelez-la avant de continuer."
		}
	}
	return ""
}

func yesOrNo() []choice { return []choice{{Value: "oui", Label: "Oui"}, {Value: "non", Label: "Non"}} }

// identity are the facts that say who somebody is.
func identity(p *client.Person) []fact {
	if p.Details == nil {
		return []fact{{"Personne", "Les données de cette personne ont été effacées."}}
	}
	return []fact{{"Personne", full(p.Details.GivenName, p.Details.FamilyName)}, {"Date de naissance", dayText(the(p.Details.BirthDate))}}
}
