package projections

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// GetLoanSlip is what is signed when a tablet is handed over, and the slip that comes back with it.
func (s *Service) GetLoanSlip(ctx context.Context, request rest.GetLoanSlipRequestObject) (rest.GetLoanSlipResponseObject, error) {
	loan, err := s.loan(ctx, request.ID)
	if err != nil {
		return nil, err
	}
	sheets, err := loanSlip(loan)
	return rest.GetLoanSlip200ApplicationPdfResponse{Body: bytes.NewReader(sheets), ContentLength: int64(len(sheets))}, err
}

func loanSlip(l rest.Loan) ([]byte, error) {
	sheets := paper.New("Reçu de prêt et bon de retour")
	sheets.Sheet()
	sheets.Heading("Reçu de prêt")
	who := "La personne"
	if l.Borrower != nil {
		who = strings.TrimSpace(l.Borrower.GivenName + " " + l.Borrower.FamilyName)
	}
	sheets.Say(who + " reçoit en prêt le matériel suivant, et le rend en l’état à la date indiquée. Avant de le rendre, la personne peut demander qu’on l’aide à retirer ses comptes et ses photos ; ils sont de toute façon effacés ensuite.")
	lines := [][]string{{"Tablette", the(l.AssetTag)}, {"Avec", orDash(reference.Accessories(l.Accessories))}, {"État", orDash(reference.TabletState(the(l.Condition)))},
		{"Du", dayOnPaper(l.From)}, {"À rendre le", dayOnPaper(l.To)}}
	sheets.Table([]string{"Ce qui est prêté", ""}, []float64{1, 2}, lines, 0)
	sheets.Table([]string{"Date et signature de la personne", "Date et signature de la structure"}, []float64{1, 1}, [][]string{{"", ""}}, 28)
	sheets.CutHere()
	sheets.Heading("Bon de retour")
	sheets.Say("À garder avec la tablette, et à remettre avec elle.")
	sheets.Barcode(the(l.AssetTag))
	sheets.Table([]string{"Au retour", ""}, []float64{1, 2}, [][]string{
		{"À rendre le", dayOnPaper(l.To)}, {"Revient avec", orDash(reference.Accessories(l.Accessories))}, {"État au retour", ""}, {"Manque", ""}}, 9)
	sheets.Table([]string{"Date et signature de la personne", "Date et signature de la structure"}, []float64{1, 1}, [][]string{{"", ""}}, 24)
	return sheets.Bytes()
}

func orDash(text string) string {
	if text == "" {
		return "–"
	}
	return text
}

// dayOnPaper is a day in full; what is no day stays as it is.
func dayOnPaper(day string) string {
	at, err := time.ParseInLocation(time.DateOnly, day, reference.Paris)
	if err != nil {
		return day
	}
	return fmt.Sprintf("%s %d", dayInFrench(at), at.Year())
}
