package portal

import (
	"slices"

	"example.org/passerelle/api/client"
)

// aloud is what is read to the person before the consents are asked.
type aloud struct{ Title, Text string }

// fundProgrammes are the programmes of the user's fund as they are today.
func (v *visit) fundProgrammes() ([]client.FundProgramme, error) {
	answer, err := v.api.ListProgrammesWithResponse(v.ctx)
	if err != nil {
		return nil, err
	}
	return answer.JSON200.Items, nil
}

// texts are those of the programmes that are offered; with several, each says whose it is.
func (p flagForm) texts() (list []aloud) {
	for _, c := range p.programmes {
		rules := p.rule(c.Value)
		if rules.Text == "" {
			continue
		}
		title := "À lire à la personne"
		if len(p.programmes) > 1 {
			title += " (" + rules.Name + ")"
		}
		list = append(list, aloud{title, rules.Text})
	}
	return list
}

// textVersion is that of the text that was read.
func (p flagForm) textVersion() *string { return optional(p.rule(p.value("programme")).TextVersion) }

func (p flagForm) rule(programme string) client.FundProgramme {
	if i := slices.IndexFunc(p.rules, func(r client.FundProgramme) bool { return r.ID == programme }); i >= 0 {
		return p.rules[i]
	}
	return client.FundProgramme{}
}
