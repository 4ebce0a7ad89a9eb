package portal

import "example.org/passerelle/services/reference"

const receiptTitle = "Reçu de prêt"

// receipt is what is signed when a tablet is handed over.
type receipt struct {
	ID    string
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
	page := receipt{ID: l.ID, Name: line.Name, Facts: present([]fact{
		{"Tablette", the(l.AssetTag)}, {"Avec", reference.Accessories(l.Accessories)}, {"État", reference.TabletState(the(l.Condition))}, {"Du", dayText(l.From)},
		{"À rendre le", dayText(l.To)},
	})}
	return v.show(200, receiptTitle, receiptView(page))
}

// loanSlip is the same with a slip for the way back, on sheets.
func loanSlip(v *visit) error {
	answer, err := v.api.GetLoanSlipWithResponse(v.ctx, v.path("id"))
	if err != nil {
		return err
	}
	return v.givePDF("recu.pdf", answer.Body)
}
