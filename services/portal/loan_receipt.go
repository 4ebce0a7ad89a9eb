package portal

import "strings"

const receiptTitle = "Reçu de prêt"

// accessoryWords name what goes with a tablet.
var accessoryWords = map[string]string{
	"charger": "chargeur", "cable": "câble", "cover": "housse", "stylus": "stylet", "keyboard": "clavier", "mouse": "souris", "headset": "casque",
	"sim_card": "carte SIM", "manual": "mode d’emploi",
}

var conditionWords = map[string]string{"good": "bon", "worn": "usagé", "damaged": "abîmé", "broken": "hors d’usage"}

// receipt is what is signed when a tablet is handed over.
type receipt struct {
	Name  string
	Facts []fact
}

func loanReceipt(v *visit) error {
	answer, err := v.api.GetLoanWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	l := *answer.JSON200
	line := loanLineOf(l)
	page := receipt{Name: line.Name, Facts: present([]fact{
		{"Tablette", the(l.AssetTag)}, {"Avec", accessories(l.Accessories)}, {"État", conditionWords[the(l.Condition)]}, {"Du", dayText(l.From)},
		{"À rendre le", dayText(l.To)},
	})}
	return v.show(200, receiptTitle, receiptView(page))
}

func accessories(codes []string) string {
	words := make([]string, len(codes))
	for i, code := range codes {
		words[i] = accessoryWords[code]
	}
	return strings.Join(words, ", ")
}
