package portal

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"example.org/passerelle/api/client"
	"example.org/passerelle/services/paperform"
)

// importResult is what became of the lines of a file.
type importResult struct {
	client.Import

	refused []refusedCell
}

// refusedCell is one reason, without the value: the line shows it in the file.
type refusedCell struct{ Line, Column, Name, Why string }

func resultOf(r client.Import) *importResult {
	result := &importResult{Import: r}
	for _, one := range r.Rejections {
		result.refused = append(result.refused, refusedCell{number(one.Line), columnLabels[one.Field], one.Field, whyRefused(one.Field, one.Code)})
	}
	return result
}

func (r importResult) title() string {
	if r.DryRun {
		return lookTitle
	}
	return takenTitle
}

func (r importResult) running() bool { return r.State == "running" }

// sentence says what came of it.
func (r importResult) sentence() string {
	lines := r.Accepted + r.Already + r.Rejected
	switch {
	case r.running() && r.DryRun:
		return "La vérification est en cours."
	case r.running():
		return "L’import est en cours. Vous pouvez quitter cette page\u00a0: il continue."
	case r.State == "cut_off":
		return "Le serveur s’est arrêté en cours de route. Envoyez de nouveau le même fichier\u00a0: ce qui a été importé ne l’est pas deux fois."
	case lines == 0:
		return "Le fichier ne contient aucune fiche\u00a0: seulement le nom des colonnes."
	case r.DryRun && r.Accepted == 0:
		return "Il n’y a rien à importer. Rien n’a été enregistré."
	case r.DryRun:
		return count(r.Accepted, "fiche peut être importée.", "fiches peuvent être importées.") + " Rien n’est encore enregistré."
	case r.Accepted == 0:
		return "Aucune fiche nouvelle n’a été importée."
	}
	return count(r.Accepted, "fiche est importée.", "fiches sont importées.")
}

// tally are the counts, in words that fit a look and an end.
func (r importResult) tally() []fact {
	taken := "Importées"
	if r.DryRun {
		taken = "À importer"
	}
	return []fact{{"Fiches lues", number(r.Accepted + r.Already + r.Rejected)}, {taken, number(r.Accepted)},
		{"Déjà importées, laissées telles quelles", number(r.Already)}, {"Refusées", number(r.Rejected)}}
}

// pastImport is a line of what was imported lately.
type pastImport struct{ Path, When, Text string }

// pastOf leaves out what was only looked at.
func pastOf(runs []client.ImportLine) (list []pastImport) {
	for _, r := range runs {
		result := importResult{Import: client.Import{State: r.State, Accepted: r.Accepted, Already: r.Already, Rejected: r.Rejected}}
		if !r.DryRun {
			list = append(list, pastImport{"/imports/" + r.ID, moment(r.BeganAt), result.briefly()})
		}
	}
	return list
}

// briefly is one line about it.
func (r importResult) briefly() string {
	switch r.State {
	case "running":
		return "en cours"
	case "cut_off":
		return "interrompu\u00a0: à envoyer de nouveau"
	}
	return count(r.Accepted, "importée", "importées") + ", " + number(r.Already) + " déjà là, " + count(r.Rejected, "refusée", "refusées")
}

// columnHelp explains a column.
type columnHelp struct {
	Name, Label, Values string
	Must                bool
}

func columnsHelp() []columnHelp {
	described := paperform.Describe()
	list := make([]columnHelp, len(described))
	for i, c := range described {
		list[i] = columnHelp{c.Name, columnLabels[c.Name], columnValues(c), c.Must}
	}
	return list
}

func columnValues(c paperform.Description) string {
	if text := columnNotes[c.Name]; text != "" {
		return text
	}
	words := strings.Join(c.Words, "\u00a0; ")
	switch c.Kind {
	case "yes_no":
		return "oui\u00a0; non"
	case "one":
		return words
	case "several":
		return strings.TrimSpace(words + " – plusieurs séparées par |, «\u00a0aucun\u00a0» si aucune case n’est cochée")
	case "number":
		return "nombre"
	case "day":
		return "03/02/2020 ou 2020-02-03"
	}
	return "texte"
}

// fileRefused says why a file as a whole cannot be taken.
func (p *importForm) fileRefused(wrong *client.Problem) {
	if len(wrong.Errors) == 0 {
		p.refuse("fichier", cmp.Or(fileWords[wrong.Code], general(wrong.Code)))
		return
	}
	columns := map[string][]string{}
	for _, one := range wrong.Errors {
		switch one.Code {
		case "unknown_column", "missing_column", "doubled_column":
			columns[one.Code] = append(columns[one.Code], "«\u00a0"+one.Field+"\u00a0»")
		default:
			p.refuse("fichier", cmp.Or(fileWords[one.Code], general(one.Code)))
		}
	}
	if len(columns["missing_column"]) == mustHave() { // a line of the table stands first, or something else altogether
		p.refuse("fichier", "Fichier\u00a0: sa première ligne ne donne pas le nom des colonnes. Partez du fichier vide ci-dessous")
		return
	}
	for _, code := range []string{"unknown_column", "missing_column", "doubled_column"} {
		if names := columns[code]; len(names) > 0 {
			p.refuse("fichier", "Fichier\u00a0: "+fileWords[code]+" "+strings.Join(names, ", "))
		}
	}
}

func mustHave() (n int) {
	for _, c := range paperform.Describe() {
		if c.Must {
			n++
		}
	}
	return n
}

// whyRefused says a reason beside its column.
func whyRefused(column, code string) string {
	if words := wordsOf(column); code == "not_in_list" && words != "" {
		return "Écrivez une de ces réponses\u00a0: " + words + "."
	}
	for _, list := range []map[string]string{columnWords[column], lineWords} {
		if text, ok := list[code]; ok {
			return text
		}
	}
	if text, ok := beside[code]; ok {
		return sentenceOf(text)
	}
	return cmp.Or(above[code], "Cette valeur ne convient pas.")
}

// wordsOf are the answers that a column takes.
func wordsOf(column string) string {
	for _, c := range paperform.Describe() {
		if c.Name == column {
			return strings.Join(c.Words, "\u00a0; ")
		}
	}
	return ""
}

// sentenceOf begins with a capital, and ends.
func sentenceOf(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:] + "."
}
