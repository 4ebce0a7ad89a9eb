package paper_test

import (
	"bytes"
	"compress/zlib"
	"io"
	"strings"
	"testing"
	"unicode/utf16"

	"example.org/passerelle/pkg/paper"
)

func letter(t *testing.T) []byte {
	t.Helper()
	p := paper.New("Lettre")
	p.Add(paper.Letter{
		From: []string{"Agence d’exemple", "04 65 71 34 01"}, To: []string{"Camille Œuvrard-Exemple", "34000 Montpellier"},
		Subject: "Votre place est réservée", Paragraphs: []string{"L’atelier coûte 5,00 €."}, Times: []string{"mardi 8 décembre 2026, de 9 h 30 à 11 h 30"}, Foot: "Référence : K7QF-2M9D",
	})
	return ended(t, p)
}

func ended(t *testing.T, p *paper.Paper) []byte {
	t.Helper()
	got, err := p.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// streams gives what the pages draw, inflated.
func streams(pdf []byte) string {
	var all strings.Builder
	for _, part := range bytes.Split(pdf, []byte("stream\n"))[1:] {
		if r, err := zlib.NewReader(bytes.NewReader(part)); err == nil {
			drawn, _ := io.ReadAll(r) // what stands after the stream is none of it
			all.Write(drawn)
		}
	}
	return all.String()
}

// written is a word as the pages write it: two bytes a sign, parentheses and backslashes escaped.
func written(word string) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(word)) {
		out = append(out, byte(u>>8), byte(u))
	}
	return strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`, "\r", `\r`).Replace(string(out))
}

func TestTheSameLetterIsTheSameBytes(t *testing.T) {
	t.Parallel()
	if one, two := letter(t), letter(t); !bytes.Equal(one, two) {
		t.Error("two letters of the same words differ")
	}
}

func TestALetterSaysItsLanguageAndWords(t *testing.T) {
	t.Parallel()
	pdf := letter(t)
	if !bytes.Contains(pdf, []byte("/Lang (fr-FR)")) || !bytes.Contains(pdf, []byte("/Title")) {
		t.Error("no language or title")
	}
	drawn := streams(pdf)
	for _, word := range []string{"Œuvrard", "réservée", "€", "décembre", "K7QF-2M9D"} {
		if !strings.Contains(drawn, written(word)) {
			t.Error("not on the page:", word)
		}
	}
}

func TestLabelsFillSheetsOf24(t *testing.T) {
	t.Parallel()
	p := paper.New("Étiquettes")
	labels := make([]paper.Label, 25)
	for i := range labels {
		labels[i] = paper.Label{Code: "TAB-0042", Name: "Tablette d’exemple"}
	}
	if err := p.Labels(labels); err != nil {
		t.Fatal(err)
	}
	pdf := ended(t, p)
	if !bytes.Contains(pdf, []byte("/Count 2")) {
		t.Error("25 labels are not two sheets")
	}
	if got := strings.Count(streams(pdf), written("TAB-0042")); got != 25 {
		t.Error("labels with their code in writing:", got)
	}
}

// TestACodeThatHasNoBarsIsASquare: an accent, or more signs than bars of a readable width have room for.
func TestACodeThatHasNoBarsIsASquare(t *testing.T) {
	t.Parallel()
	rows := func(code string) int {
		p := paper.New("Étiquettes")
		if err := p.Labels([]paper.Label{{Code: code}}); err != nil {
			t.Fatal(code, err)
		}
		tops := map[string]bool{}
		for line := range strings.SplitSeq(streams(ended(t, p)), "\n") {
			if parts := strings.Fields(line); len(parts) == 6 && parts[4] == "re" {
				tops[parts[1]] = true
			}
		}
		return len(tops)
	}
	if got := rows("TAB-0042"); got != 1 {
		t.Error("bars are one row, here:", got)
	}
	for _, code := range []string{"ÉTÉ-1", strings.Repeat("TABLETTE-", 5)} {
		if got := rows(code); got < 21 {
			t.Error(code, "is no square of 21 rows or more:", got)
		}
	}
	if err := paper.New("Étiquettes").Labels([]paper.Label{{Code: strings.Repeat("long", 2000)}}); err == nil {
		t.Error("a code of 8,000 signs")
	}
}
