package projections

import (
	"bytes"
	"strings"

	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/services/projections/rest"
)

// letterPDF puts letters one after the other on A4. Its title names nobody.
func letterPDF(title string, letters ...rest.Letter) (*bytes.Reader, error) {
	p := paper.New(title)
	for _, l := range letters {
		together := strings.NewReplacer(l.DeskPhone, strings.ReplaceAll(l.DeskPhone, " ", "\u00a0")).Replace // on one line
		for i, said := range l.Paragraphs {
			l.Paragraphs[i] = together(said)
		}
		p.Add(paper.Letter{
			From: []string{l.DeskName, l.DeskPhone}, To: l.To, Subject: l.Subject, Paragraphs: l.Paragraphs, Times: meetingTimes(l),
			Foot: "Référence : " + l.Reference,
		})
	}
	file, err := p.Bytes()
	return bytes.NewReader(file), err
}

func lettersToPrint(letters rest.Letters) (rest.ListLettersResponseObject, error) {
	file, err := letterPDF("Lettres à imprimer", letters.Items...)
	if err != nil {
		return nil, err
	}
	return rest.ListLetters200ApplicationPdfResponse{Body: file, ContentLength: file.Size()}, nil
}

func letterToPrint(l rest.Letter) (rest.GetLetterResponseObject, error) {
	file, err := letterPDF("Lettre", l)
	if err != nil {
		return nil, err
	}
	return rest.GetLetter200ApplicationPdfResponse{Body: file, ContentLength: file.Size()}, nil
}

func referralLetterToPrint(l rest.Letter) (rest.GetReferralLetterResponseObject, error) {
	file, err := letterPDF("Lettre", l)
	if err != nil {
		return nil, err
	}
	return rest.GetReferralLetter200ApplicationPdfResponse{Body: file, ContentLength: file.Size()}, nil
}
