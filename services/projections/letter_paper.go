package projections

import (
	"cmp"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/services/projections/rest"
)

func asPDF[F ~string](format *F) bool { return format != nil && *format == "pdf" }

// lettersToPrint are sheets with one letter after the other.
func (s *Service) lettersToPrint(letters []rest.Letter) ([]byte, error) {
	sheets := paper.New("Courrier")
	if len(letters) == 0 {
		sheets.Sheet()
		sheets.Say("Aucun courrier n’est à imprimer.")
	}
	for _, l := range letters {
		sheets.Letter(paper.Letter{
			From: []string{l.DeskName, l.DeskPhone}, To: l.To, Subject: l.Subject, Paragraphs: l.Paragraphs, Times: meetingTimes(l), Foot: letterFoot(l),
		}, cmp.Or(s.Window, paper.UsualWindow))
	}
	return sheets.Bytes()
}

// letterFoot is what stands under every letter.
func letterFoot(l rest.Letter) []string {
	return []string{"Quand nous vous appellerons, nous dirons\u00a0: " + l.Word + ".", "Votre référence\u00a0: " + l.Reference}
}
